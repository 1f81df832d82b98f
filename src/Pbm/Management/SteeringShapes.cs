using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

// Answers about moves, entities and the journal's size (docs/management-api.md), and what `apply` sums up.

/// <param name="State">`ordered`, or `there`: nothing had to be ordered.</param>
public sealed record MoveShape(int Shard, string? From, string To, long Epoch, string State);

public sealed record StandingOrders(IReadOnlyList<StandingMove> Moves);

/// <param name="State">`ordered`, or `there`: it has arrived and is left alone for a time.</param>
public sealed record StandingMove(int Shard, string Node, long Epoch, string? Reason, string? By, string At, string State);

/// <param name="Outcome">`done`; `partial`: as many as were asked for; `interrupted`; `outgrown`: nothing was moved; `refused`; `stalled`.</param>
/// <param name="AlreadyThere">Were where the plan wants them before this run.</param>
/// <param name="Moved">By this run.</param>
/// <param name="Left">Of the plan.</param>
public sealed record ApplyReport(
    string? PlanId, string Outcome, int Moves, int AlreadyThere, int Moved, int Left, IReadOnlyList<ApplyProblem> Problems, double DurationSeconds);

public sealed record ApplyProblem(int Shard, string Problem);

/// <param name="Resident">Null: the owner did not answer in time.</param>
/// <param name="Source">`owner`: its memory; `journal`: folded from snapshot and events.</param>
/// <param name="State">Null: no events.</param>
public sealed record EntityStateShape(
    string Kind, string Id, int Shard, string? Owner, long Version, bool? Resident, string Source, JsonElement? State);

/// <param name="Passivated">False: it was not in memory.</param>
public sealed record PassivatedShape(string Kind, string Id, int Shard, string? Owner, bool Passivated);

public sealed record JournalStats(int ShardCount, IReadOnlyList<ShardStatsShape> Shards, JournalTotal Total);

/// <param name="Head">Highest position.</param>
/// <param name="Bytes">Of events and the answers kept with them.</param>
public sealed record ShardStatsShape(int Shard, long Events, long Entities, long Head, long Bytes, long Snapshots, long SnapshotBytes);

/// <param name="Shards">How many were read.</param>
public sealed record JournalTotal(int Shards, long Events, long Entities, long Bytes, long Snapshots, long SnapshotBytes);

/// <summary>A line of `pbm shards watch`.</summary>
/// <param name="Type">`ShardOwnerChanged` or `ShardTargetChanged`.</param>
/// <param name="Reason">How it was acquired, or why the target was chosen.</param>
public sealed record ShardChange(string Type, string At, int Shard, string? From, string? To, long Epoch, string? Reason);

/// <summary>An event of `/cluster/domain-events` about a shard; which members it has depends on its type.</summary>
internal sealed record ShardEventShape(
    string At, int Shard, string? From = null, string? To = null, long Epoch = 0, string? AcquiredBy = null, string? Owner = null, string? Target = null,
    string? Reason = null);

internal sealed record MoveBody(string Node, string Reason, string By, long? ExpectedEpoch);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(MoveShape))]
[JsonSerializable(typeof(StandingOrders))]
[JsonSerializable(typeof(ApplyReport))]
[JsonSerializable(typeof(EntityStateShape))]
[JsonSerializable(typeof(PassivatedShape))]
[JsonSerializable(typeof(JournalStats))]
[JsonSerializable(typeof(MoveBody))]
internal sealed partial class SteeringJson : JsonSerializerContext;

/// <summary>For whatever goes on until it is stopped: a document a line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ShardChange))]
[JsonSerializable(typeof(EventShape))]
[JsonSerializable(typeof(ShardEventShape))]
internal sealed partial class LineJson : JsonSerializerContext;
