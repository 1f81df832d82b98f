using System.Collections.Immutable;

namespace AkkaScale.Sharding.Messages;

/// <summary>Where a region's coordinator has its shards. It goes to every member, whole, so that none depends on an earlier one.</summary>
/// <param name="Coordinator">Address of the coordinator's node.</param>
/// <param name="CoordinatorUid">With the address it names one start of that node.</param>
/// <param name="Round">Grows with every map that this coordinator's node publishes of this region.</param>
/// <param name="Shards">Numbers by address of their home: ten thousand fit into a frame of remoting.</param>
internal sealed record ShardMapPublished(
    string Region, string Coordinator, int CoordinatorUid, long Round, IReadOnlyDictionary<string, int[]> Shards) : IShardingMessage
{
    public static ShardMapPublished Of(
        string region, string coordinator, int uid, long round, IReadOnlyDictionary<int, string> homes) => new(
        region, coordinator, uid, round,
        homes.GroupBy(each => each.Value, each => each.Key).ToDictionary(each => each.Key, each => each.Order().ToArray()));

    public ImmutableDictionary<int, string> Homes() => Shards
        .SelectMany(each => each.Value.Select(shard => KeyValuePair.Create(shard, each.Key)))
        .ToImmutableDictionary();
}
