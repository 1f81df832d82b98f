using System.Globalization;
using AkkaScale.Hosting.Facts;

namespace AkkaScale.Hosting.Management;

// The shapes of the management API, as docs/management-api.md lists them: shards. A shard is a number here, as one numbering serves every kind.

internal sealed record ShardsAnswer(IReadOnlyList<string> EntityTypeKeys, int ShardCount, IReadOnlyList<ShardAnswer> Shards)
{
    public static ShardsAnswer Of(ShardMapFacts map) => new(
        [.. map.Regions.SelectMany(region => region.Kinds)], map.Regions.Sum(region => region.ShardCount), [.. map.Shards.Select(ShardAnswer.Of)]);
}

/// <param name="Entities">Null: the owner did not answer in time.</param>
internal sealed record ShardAnswer(
    int Shard, string? Owner, string? OwnerUid, long Epoch, string AcquiredBy, string? Target, string? Reason, int? Entities)
{
    public static ShardAnswer Of(ShardFacts shard) => new(
        shard.Key.Number, shard.Owner, shard.OwnerId, shard.Epoch.Known(), shard.AcquiredBy.Known(), shard.Target, shard.Reason, shard.Entities);
}

internal sealed record RegionsAnswer(IReadOnlyList<RegionAnswer> Regions)
{
    public static RegionsAnswer Of(IReadOnlyList<ShardResidents> shards) =>
        new([.. shards.Select(shard => new RegionAnswer(shard.Key.Number.ToString(CultureInfo.InvariantCulture), shard.Entities))]);
}

/// <param name="NumEntities">Of the kind that was asked for, in memory; null: the owner did not answer in time.</param>
internal sealed record RegionAnswer(string ShardId, int? NumEntities);

/// <param name="State">ordered, or there: nothing had to be ordered.</param>
internal sealed record MoveAnswer(int Shard, string? From, string To, long Epoch, string State)
{
    public static MoveAnswer Of(MoveOutcome moved) => new(
        moved.Shard.Number, moved.From, moved.To, moved.Epoch.Known(), moved.IsThere ? "there" : "ordered");
}

internal sealed record MoveRequest(string? Node = null, string? Reason = null, string? By = null, long? ExpectedEpoch = null) : IOrderRequest;
