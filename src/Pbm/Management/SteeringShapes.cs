using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

// Answers about moves, entities and the journal's size (docs/management-api.md), and what `rebalance` sums up.

/// <param name="Epoch">At which the order holds for the shard.</param>
/// <param name="State">`ordered`, or `there`: nothing had to be ordered.</param>
public sealed record MoveShape(string Region, int Shard, string? From, string To, long Epoch, string State);

/// <param name="PinnedTo">Null: it may be at home anywhere.</param>
/// <param name="State">`pinned`; `there`: it was pinned to that node already; `free`.</param>
public sealed record PinShape(string Region, int Shard, string? Owner, string? PinnedTo, long Epoch, string State);

/// <param name="State">`cordoned`, `draining`, or `open`: it takes shards.</param>
/// <param name="Shards">That it owns.</param>
public sealed record NodeOrderShape(string Node, string State, int Shards, string Message);

/// <summary>Answer of `POST /shards/rebalance`.</summary>
/// <param name="Moves">That it has ordered; none: the shards are balanced.</param>
public sealed record OrderedMoves(IReadOnlyList<MoveShape> Moves);

/// <summary>What `pbm shards rebalance --json` prints.</summary>
/// <param name="Outcome">`done`; `balanced`: there was nothing to do; `stalled`: nothing arrived for too long; `interrupted`.</param>
/// <param name="Arrived">Of the moves, how many shards run where they were ordered to.</param>
public sealed record RebalanceReport(string Outcome, IReadOnlyList<MoveShape> Moves, int Arrived, double DurationSeconds);

/// <param name="Resident">Null: the owner did not answer in time.</param>
/// <param name="Source">`owner`: its memory; `journal`: folded from the events.</param>
/// <param name="State">Null: no events.</param>
public sealed record EntityStateShape(
    string Kind, string Id, string Region, int Shard, string? Owner, long Version, bool? Resident, string Source, JsonElement? State);

/// <param name="Passivated">False: it was not in memory.</param>
public sealed record PassivatedShape(string Kind, string Id, string Region, int Shard, string? Owner, bool Passivated);

public sealed record JournalStats(int ShardCount, IReadOnlyList<ShardStatsShape> Shards, JournalTotal Total);

/// <param name="Bytes">Of events and the answers kept with them.</param>
public sealed record ShardStatsShape(string Region, int Shard, long Events, long Entities, long Bytes, long Snapshots, long SnapshotBytes);

/// <param name="Shards">How many were read.</param>
public sealed record JournalTotal(int Shards, long Events, long Entities, long Bytes, long Snapshots, long SnapshotBytes);

internal sealed record MoveBody(string Node, string Reason, string By, long? ExpectedEpoch);

internal sealed record RebalanceBody(int? MaxMoves, string Reason, string By);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(MoveShape))]
[JsonSerializable(typeof(PinShape))]
[JsonSerializable(typeof(NodeOrderShape))]
[JsonSerializable(typeof(OrderedMoves))]
[JsonSerializable(typeof(RebalanceReport))]
[JsonSerializable(typeof(EntityStateShape))]
[JsonSerializable(typeof(PassivatedShape))]
[JsonSerializable(typeof(JournalStats))]
[JsonSerializable(typeof(MoveBody))]
[JsonSerializable(typeof(RebalanceBody))]
internal sealed partial class SteeringJson : JsonSerializerContext;
