using AkkaScale.Cluster.Orders;

namespace AkkaScale.Management.Facts;

/// <summary>Which shard: a region and a number in it, from 0.</summary>
/// <param name="Region">Its kind's name.</param>
internal readonly record struct ShardKey(string Region, int Number);

internal sealed record ShardMapFacts(IReadOnlyList<RegionFacts> Regions, IReadOnlyList<ShardFacts> Shards);

/// <param name="Name">Its kind's name.</param>
internal sealed record RegionFacts(string Name, int ShardCount);

/// <param name="Owner">Name of the node; null: nobody, or a member whose name is not known.</param>
/// <param name="OwnerId">Id of the member; null: nobody.</param>
/// <param name="Epoch">Of the ownership; grows with each.</param>
/// <param name="Target">Name of the node that is to have it; null: it is to stay.</param>
/// <param name="Reason">Why the target was chosen.</param>
/// <param name="Entities">In memory; null: the owner did not answer in time.</param>
internal sealed record ShardFacts(
    ShardKey Key, string? Owner, string? OwnerId, long Epoch, string? Target, string? Reason, int? Entities)
{
    /// <summary>Name of the node where it is to be at home; null: anywhere.</summary>
    public string? PinnedTo { get; init; }

    /// <summary>What an operator wants of it; null: nothing.</summary>
    public ShardOrder? Order { get; init; }
}

/// <param name="Entities">Of the kind that was asked for, in memory; null: the owner did not answer in time.</param>
internal sealed record ShardResidents(ShardKey Key, int? Entities);
