using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AkkaScale.Sharding.Messages;

/// <summary>Where a region's coordinator has its shards. It goes to every member, whole, so that none depends on an earlier one.</summary>
/// <param name="Coordinator">Address of the coordinator's node.</param>
/// <param name="CoordinatorUid">With the address it names one start of that node.</param>
/// <param name="Round">Grows with every map that this coordinator's node publishes of this region.</param>
/// <param name="Shards">Numbers by address of their home: ten thousand fit into a frame of remoting, with their weights.</param>
internal sealed record ShardMapPublished(
    string Region, string Coordinator, int CoordinatorUid, long Round, IReadOnlyDictionary<string, int[]> Shards) : IShardingMessage
{
    /// <summary>What each shard weighs for the coordinator, by its number, 0: it does not know; null: it takes no reports of loads.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int[]? Weights { get; init; }

    /// <summary>Whether only orders move shards; null: it does not say.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? IsManual { get; init; }

    public static ShardMapPublished Of(
        string region, string coordinator, int uid, long round, IReadOnlyDictionary<int, string> homes) => new(
        region, coordinator, uid, round,
        homes.GroupBy(each => each.Value, each => each.Key).ToDictionary(each => each.Key, each => each.Order().ToArray()));

    public ImmutableDictionary<int, string> Homes() => Shards
        .SelectMany(each => each.Value.Select(shard => KeyValuePair.Create(shard, each.Key)))
        .ToImmutableDictionary();
}
