using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

// The answers of the management API (docs/management-api.md), which are also what --json prints: one file, one contract.

/// <param name="Leader">The coordinator's node; null: there is none now.</param>
public sealed record ClusterMembers(
    string SelfNode, string? Leader, string? Oldest, IReadOnlyList<MemberShape> Members, IReadOnlyList<UnreachableShape> Unreachable);

/// <param name="NodeUid">The incarnation, 32 hex digits.</param>
public sealed record MemberShape(
    string Node, string NodeUid, string Status, IReadOnlyList<string> Roles, string Name, string? ManagementAddress,
    string? Version, int Shards, long RenewCounter, string? JoinedAt, string? Reason, string? Order = null);

public sealed record UnreachableShape(string Node, IReadOnlyList<string> ObservedBy);

/// <param name="Status">What was written into the member's row: Down or Leaving.</param>
/// <param name="TakeoverWithinSeconds">Null for a leave, which hands the shards over.</param>
public sealed record MemberOrder(
    string Operation, string Name, string Node, string NodeUid, string Status, string Message, double? TakeoverWithinSeconds);

public sealed record ClusterStatus(
    string Cluster, string Self, string Store, int ShardCount, int SchemaVersion, string DatabaseIdentity, long Generation,
    CoordinatorShape? Coordinator, IReadOnlyDictionary<string, int> Members, ShardCounts Shards, bool Ready);

public sealed record CoordinatorShape(string Name, string? Node, long Term);

public sealed record ShardCounts(int Owned, int Unowned, int Moving);

public sealed record ShardMap(IReadOnlyList<string> EntityTypeKeys, int ShardCount, IReadOnlyList<ShardShape> Shards);

/// <param name="Entities">Resident ones; null: the owner did not answer in time.</param>
public sealed record ShardShape(
    int Shard, string? Owner, string? OwnerUid, long Epoch, string? AcquiredBy, string? Target, string? Reason, long? Entities);

/// <param name="Version">From the journal; null: no events.</param>
/// <param name="Resident">Null: the owner did not answer in time.</param>
public sealed record EntityPlace(
    string Kind, string Id, int Shard, string? Owner, string? OwnerUid, long Epoch, long? Version, bool? Resident);

/// <param name="Next">The version to go on after; null: there are no more.</param>
public sealed record EntityEvents(IReadOnlyList<EventShape> Events, long? Next);

public sealed record EventShape(
    long Version, string Type, int Shard, long Position, long Epoch, string? CommandId, string At, JsonElement Payload);

public sealed record ShardVerification(int Shard, long Events, long Entities, IReadOnlyList<ViolationShape> Violations);

/// <param name="Invariant">`I1`, `I2` or `I3`.</param>
public sealed record ViolationShape(string Invariant, long? Position, string? Entity, string Detail);

/// <summary>What `pbm journal verify` sums up.</summary>
/// <param name="Complete">False: interrupted before every shard was read.</param>
/// <param name="ByInvariant">Violations of I1, I2, I3.</param>
/// <param name="Violations">The first hundred, in order of shard.</param>
public sealed record JournalVerification(
    bool Complete, int ShardCount, int ShardsRead, long Events, long Entities, long ViolationCount,
    IReadOnlyDictionary<string, long> ByInvariant, IReadOnlyList<ShardViolation> Violations, double DurationSeconds);

public sealed record ShardViolation(int Shard, string Invariant, long? Position, string? Entity, string Detail);

/// <param name="Order">`cordon`, `drain` or null.</param>
/// <param name="PinsWaiting">Shards pinned to the node that cannot be there under this order.</param>
public sealed record NodeOrderShape(
    string Node, string? Order, string? Reason, string? By, string? At, int Shards, IReadOnlyList<int> PinsWaiting);

/// <param name="Node">Null: not pinned.</param>
public sealed record PinShape(int Shard, string? Node, string? Reason, string? By, string? At);

/// <param name="Balanced">True: nothing would move.</param>
/// <param name="AtOnce">Moves that fit the bounds now; the others follow.</param>
/// <param name="Moves">At most a thousand of them.</param>
public sealed record ShardPlan(
    string Coordinator, string Allocation, bool LoadsKnown, bool Balanced, int MoveCount, int AtOnce,
    IReadOnlyList<PlanMemberShape> Members, IReadOnlyList<PlanMoveShape> Moves)
{
    /// <summary>Null: one that cannot be applied.</summary>
    public string? PlanId { get; init; }

    public string? At { get; init; }

    /// <summary>`automatic`: the coordinator carries it out by itself; `manual`: it waits to be applied.</summary>
    public string? Rebalance { get; init; }
}

/// <param name="RateBefore">Messages per second.</param>
public sealed record PlanMemberShape(string Name, string? Order, int ShardsBefore, double RateBefore, int ShardsAfter, double RateAfter);

/// <param name="Epoch">At which the shard is to be moved; null: it cannot be ordered.</param>
/// <param name="Entities">In memory; null: not known.</param>
/// <param name="Bytes">In journal and snapshots; null: not known.</param>
/// <param name="ExpectedPauseSeconds">By pauses measured lately; null: there are none.</param>
public sealed record PlanMoveShape(
    int Shard, string? From, string To, string Reason, bool AtOnce, long? Epoch = null, long? Entities = null, long? Bytes = null,
    double? ExpectedPauseSeconds = null);

/// <param name="Decisions">Latest first.</param>
/// <param name="Owners">Latest first.</param>
public sealed record ShardStory(
    int Shard, string? Owner, string? OwnerUid, long Epoch, string? Target, string? Reason, PinShape? Pin,
    IReadOnlyList<DecisionShape> Decisions, IReadOnlyList<OwnershipShape> Owners);

public sealed record DecisionShape(long Nr, string Target, string Reason, string DecidedBy, long Term, string At, JsonElement? Numbers);

public sealed record OwnershipShape(long Epoch, string Owner, string AcquiredBy, string At);

internal sealed record OrderBody(string Reason, string By);

internal sealed record PinBody(string Node, string Reason, string By);

internal sealed record ProblemShape(string? Title = null, string? Detail = null, string? Code = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ClusterMembers))]
[JsonSerializable(typeof(MemberOrder))]
[JsonSerializable(typeof(ClusterStatus))]
[JsonSerializable(typeof(ShardMap))]
[JsonSerializable(typeof(EntityPlace))]
[JsonSerializable(typeof(EntityEvents))]
[JsonSerializable(typeof(ShardVerification))]
[JsonSerializable(typeof(JournalVerification))]
[JsonSerializable(typeof(NodeOrderShape))]
[JsonSerializable(typeof(PinShape))]
[JsonSerializable(typeof(ShardPlan))]
[JsonSerializable(typeof(ShardStory))]
[JsonSerializable(typeof(OrderBody))]
[JsonSerializable(typeof(PinBody))]
[JsonSerializable(typeof(ProblemShape))]
internal sealed partial class ManagementJson : JsonSerializerContext;
