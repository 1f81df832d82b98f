using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Orders;

namespace AkkaScale.Management.Facts;

/// <summary>Where a shard is, why, and what keeps it there.</summary>
/// <param name="Since">When it was given the home where it is now; null: no decision says so.</param>
/// <param name="Reason">Why it is there; null: no decision says so.</param>
/// <param name="Order">Null: nobody wants anything of it.</param>
/// <param name="Keeps">What keeps it from moving, in words.</param>
/// <param name="Decisions">About it, the latest first.</param>
internal sealed record ShardStory(
    ShardFacts Shard, DateTime? Since, string? Reason, ShardOrder? Order, IReadOnlyList<string> Keeps, IReadOnlyList<ShardDecision> Decisions);

/// <param name="Latest">The highest number that there is, whether or not it is on the page.</param>
internal sealed record DecisionPage(IReadOnlyList<ShardDecision> Decisions, long Latest);
