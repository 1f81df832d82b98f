using System.Globalization;
using AkkaScale.Management.Facts;

namespace AkkaScale.Management.Answers;

// The shapes of the management API, as docs/management-api.md lists them: shards.

internal sealed record ShardsAnswer(
    IReadOnlyList<string> EntityTypeKeys, int ShardCount,
    IReadOnlyList<ShardRegionAnswer> Regions,
    IReadOnlyList<ShardAnswer> Shards)
{
    public static ShardsAnswer Of(ShardMapFacts map) => new(
        [.. map.Regions.Select(region => region.Name)], map.Regions.Sum(region => region.ShardCount),
        [.. map.Regions.Select(region => new ShardRegionAnswer(region.Name, region.ShardCount))],
        [.. map.Shards.Select(ShardAnswer.Of)]);
}

internal sealed record ShardRegionAnswer(string Name, int ShardCount);

/// <param name="Entities">Null: the owner did not answer in time.</param>
/// <param name="PinnedTo">Node where it is to be at home; null: anywhere.</param>
/// <param name="Order">Null: nobody wants anything of it.</param>
internal sealed record ShardAnswer(
    string Region, int Shard, string? Owner, string? OwnerUid, long Epoch, string? Target,
    string? Reason, int? Entities, string? PinnedTo, ShardOrderAnswer? Order)
{
    public static ShardAnswer Of(ShardFacts shard) => new(
        shard.Key.Region, shard.Key.Number, shard.Owner, shard.OwnerId, shard.Epoch, shard.Target, shard.Reason,
        shard.Entities, shard.PinnedTo, shard.Order is { } order ? ShardOrderAnswer.Of(order) : null);
}

internal sealed record RegionsAnswer(IReadOnlyList<RegionAnswer> Regions)
{
    public static RegionsAnswer Of(IReadOnlyList<ShardResidents> shards) =>
        new([.. shards.Select(shard => new RegionAnswer(shard.Key.Number.ToString(CultureInfo.InvariantCulture), shard.Entities))]);
}

/// <param name="NumEntities">Of the kind that was asked for, in memory; null: the owner did not answer in time.</param>
internal sealed record RegionAnswer(string ShardId, int? NumEntities);

/// <param name="State">ordered, or there: nothing had to be ordered.</param>
internal sealed record MoveAnswer(
    string Region, int Shard, string? From, string To, long Epoch,
    string State)
{
    public static MoveAnswer Of(MoveOutcome moved) => new(
        moved.Shard.Region, moved.Shard.Number, moved.From, moved.To, moved.Epoch, moved.IsThere ? "there" : "ordered");
}

/// <param name="PinnedTo">Null: it may be at home anywhere.</param>
/// <param name="State">pinned; there: it was pinned to that node already; free: it is no longer pinned, or was not.</param>
internal sealed record PinAnswer(string Region, int Shard, string? Owner, string? PinnedTo, long Epoch, string State)
{
    public static PinAnswer Of(PinOutcome pin) => new(
        pin.Shard.Region, pin.Shard.Number, pin.Owner, pin.PinnedTo, pin.Epoch,
        pin.PinnedTo is null ? "free" : pin.IsChanged ? "pinned" : "there");
}

internal sealed record MoveRequest(
    string? Node = null, string? Reason = null, string? By = null, long? ExpectedEpoch = null) : IOrderRequest;

/// <param name="MaxMoves">At most so many; null: as many as it takes.</param>
internal sealed record RebalanceRequest(int? MaxMoves = null, string? Reason = null, string? By = null) : IOrderRequest;

/// <param name="Moves">That were ordered; none: every member has its share, give or take one.</param>
internal sealed record RebalanceAnswer(IReadOnlyList<MoveAnswer> Moves)
{
    public static RebalanceAnswer Of(IReadOnlyList<MoveOutcome> moves) => new([.. moves.Select(MoveAnswer.Of)]);
}
