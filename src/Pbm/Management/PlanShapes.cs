using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

// Answers about what coordinators decided and would decide (docs/management-api.md), and what `apply` sums up.

/// <param name="Kind">`move`, `home`, `arrived` or `gaveUp`.</param>
/// <param name="Numbers">What was behind it, by name; times in seconds.</param>
public sealed record DecisionShape(
    long Nr, DateTimeOffset At, string Region, int Shard, string Kind, string? From, string To, string Reason,
    IReadOnlyDictionary<string, double> Numbers, string Coordinator)
{
    [JsonIgnore]
    public ShardName Name => new(Region, Shard);
}

/// <param name="Latest">The highest number that there is.</param>
public sealed record DecisionPageShape(IReadOnlyList<DecisionShape> Decisions, long Latest);

/// <param name="Kind">`move` or `pin`.</param>
public sealed record ShardOrderShape(string Kind, string Node, string By, string Reason, DateTimeOffset At);

/// <param name="Since">Null: not known, as for Reason.</param>
/// <param name="Keeps">What keeps it from moving, in words.</param>
public sealed record WhyShape(
    string Region, int Shard, string? Owner, string? OwnerUid, long Epoch, string? Target, DateTimeOffset? Since, string? Reason,
    ShardOrderShape? Order, IReadOnlyList<string> Keeps, IReadOnlyList<DecisionShape> Decisions);

/// <param name="Waits">Why none of it, or not all, would be done now.</param>
public sealed record PlanShape(IReadOnlyList<PlannedMoveShape> Moves, IReadOnlyList<PlannedNodeShape> Nodes, IReadOnlyList<string> Waits);

/// <param name="Epoch">At which the shard was when this was planned.</param>
public sealed record PlannedMoveShape(string Region, int Shard, string From, string To, long Epoch, string Reason)
{
    [JsonIgnore]
    public ShardName Name => new(Region, Shard);
}

/// <param name="WeightBefore">Null: not known, as for WeightAfter.</param>
public sealed record PlannedNodeShape(string Name, int Before, int After, long? WeightBefore = null, long? WeightAfter = null);

/// <summary>What `pbm shards apply --json` prints.</summary>
/// <param name="Outcome">`ordered`, `done`, `stalled`: nothing arrived for too long; `interrupted`.</param>
/// <param name="Refused">Moves that were not ordered, each with why.</param>
/// <param name="Arrived">Null: not waited for.</param>
public sealed record ApplyReport(
    string Outcome, IReadOnlyList<MoveShape> Moves, IReadOnlyList<RefusedMove> Refused, int? Arrived, double DurationSeconds);

public sealed record RefusedMove(string Region, int Shard, string Why);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(DecisionPageShape))]
[JsonSerializable(typeof(WhyShape))]
[JsonSerializable(typeof(PlanShape))]
[JsonSerializable(typeof(ApplyReport))]
internal sealed partial class PlanJson : JsonSerializerContext;
