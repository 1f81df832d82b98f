namespace AkkaScale.Hosting.Facts;

/// <summary>Which shard: a region and a number in it, from 0.</summary>
/// <param name="Region">Null where one numbering of shards serves every kind.</param>
internal readonly record struct ShardKey(string? Region, int Number);

internal sealed record ShardMapFacts(IReadOnlyList<RegionFacts> Regions, IReadOnlyList<ShardFacts> Shards);

/// <param name="Name">Null where one numbering of shards serves every kind.</param>
/// <param name="Kinds">Whose entities live in it, in ordinal order.</param>
internal sealed record RegionFacts(string? Name, IReadOnlyList<string> Kinds, int ShardCount);

/// <param name="Owner">Name of the node; null: nobody, or a member whose name is not known.</param>
/// <param name="OwnerId">Id of the member; null: nobody.</param>
/// <param name="Epoch">Of the ownership; grows with each.</param>
/// <param name="AcquiredBy">How the owner came to it.</param>
/// <param name="Target">Name of the node that is to have it; null: it is to stay.</param>
/// <param name="Reason">Why the target was chosen.</param>
/// <param name="Entities">In memory; null: the owner did not answer in time.</param>
internal sealed record ShardFacts(
    ShardKey Key, string? Owner, string? OwnerId, long? Epoch, string? AcquiredBy, string? Target, string? Reason, int? Entities);

/// <param name="Entities">Of the kind that was asked for, in memory; null: the owner did not answer in time.</param>
internal sealed record ShardResidents(ShardKey Key, int? Entities);
