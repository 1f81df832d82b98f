using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

/// <param name="Command">Its words without "pbm".</param>
public sealed record CommandShape(string Command, string Does, string? Example);

/// <param name="Leader">Akka's leader; null: there is none now.</param>
public sealed record LeaderShape(NodeShape? Leader);

public sealed record NodeShape(string Name, string Node);

/// <summary>Orders to several members.</summary>
public sealed record MemberOrders(IReadOnlyList<MemberOrder> Orders);

/// <summary>Entities in memory of one kind, by shard.</summary>
public sealed record RegionStats(IReadOnlyList<RegionShard> Regions);

public sealed record RegionShard(string ShardId, long? NumEntities);

/// <param name="Name">The entity kind.</param>
/// <param name="Entities">In memory; null: an owner did not answer.</param>
public sealed record RegionShape(string Name, int Shards, long? Entities);

public sealed record RegionList(IReadOnlyList<RegionShape> Regions);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
[JsonSerializable(typeof(List<CommandShape>))]
[JsonSerializable(typeof(LeaderShape))]
[JsonSerializable(typeof(MemberOrders))]
[JsonSerializable(typeof(RegionStats))]
[JsonSerializable(typeof(RegionList))]
internal sealed partial class ShellJson : JsonSerializerContext;
