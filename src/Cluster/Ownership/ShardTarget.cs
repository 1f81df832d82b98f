using AkkaScale.Cluster.Membership;

namespace AkkaScale.Cluster.Ownership;

/// <summary>Where the coordinator wants a shard to live, and why; the numbers behind it go to the decision log.</summary>
/// <param name="Reason">One line for an operator, e.g. "node-3 joined: 86 shards each".</param>
/// <param name="DecidedBy">The coordinator.</param>
/// <param name="Term">The term under which it was decided.</param>
public sealed record ShardTarget(int Shard, Incarnation Target, string Reason, Incarnation DecidedBy, long Term);
