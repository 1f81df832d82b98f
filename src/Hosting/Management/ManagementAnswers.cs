namespace AkkaScale.Hosting.Management;

// The shapes of the management API, as docs/management-api.md lists them.

/// <param name="Reasons">Left out where there are none.</param>
internal sealed record HealthAnswer(
    string Status,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyList<string>? Reasons);

internal sealed record MembersAnswer(
    string SelfNode, string? Leader, string? Oldest, IReadOnlyList<MemberAnswer> Members, IReadOnlyList<UnreachableAnswer> Unreachable);

internal sealed record MemberAnswer(
    string Node, string NodeUid, string Status, IReadOnlyList<string> Roles, string Name, string ManagementAddress, string Version, int Shards,
    long RenewCounter, DateTimeOffset JoinedAt, string Reason, string? Order);

internal sealed record UnreachableAnswer(string Node, IReadOnlyList<string> ObservedBy);

internal sealed record StatusAnswer(
    string Cluster, string Self, string Store, int ShardCount, int SchemaVersion, string DatabaseIdentity, long Generation,
    CoordinatorAnswer? Coordinator, IReadOnlyDictionary<string, int> Members, ShardCountsAnswer Shards, bool Ready);

internal sealed record CoordinatorAnswer(string Name, string Node, long Term);

internal sealed record ShardCountsAnswer(int Owned, int Unowned, int Moving);

internal sealed record ShardsAnswer(IReadOnlyList<string> EntityTypeKeys, int ShardCount, IReadOnlyList<ShardAnswer> Shards);

/// <param name="Entities">Null: the owner did not answer in time.</param>
internal sealed record ShardAnswer(
    int Shard, string? Owner, string? OwnerUid, long Epoch, string AcquiredBy, string? Target, string? Reason, int? Entities);

internal sealed record RegionsAnswer(IReadOnlyList<RegionAnswer> Regions);

/// <param name="NumEntities">Of the kind that was asked for, in memory; null: the owner did not answer in time.</param>
internal sealed record RegionAnswer(string ShardId, int? NumEntities);

/// <param name="Message">In words, as Akka's cluster management answers.</param>
internal sealed record JoinAnswer(string Message, string Node, string Name);

internal sealed record WhereAnswer(
    string Kind, string Id, int Shard, string? Owner, string? OwnerUid, long Epoch, long Version, bool? Resident);

internal sealed record EventsAnswer(IReadOnlyList<EventAnswer> Events, long? Next);

internal sealed record EventAnswer(
    long Version, string Type, int Shard, long Position, long Epoch, string CommandId, DateTimeOffset At, System.Text.Json.JsonElement Payload);

internal sealed record VerifyAnswer(int Shard, long Events, long Entities, IReadOnlyList<ViolationAnswer> Violations);

/// <param name="Invariant">I1, I2 or I3, as the design numbers them.</param>
internal sealed record ViolationAnswer(string Invariant, long Position, string Entity, string Detail);

/// <param name="Order">cordon, drain or null.</param>
/// <param name="Shards">Owned now by the members of that name.</param>
/// <param name="PinsWaiting">Shards pinned to the node that cannot be there under this order.</param>
internal sealed record NodeOrderAnswer(
    string Node, string? Order, string? Reason, string? By, DateTimeOffset? At, int Shards, IReadOnlyList<int> PinsWaiting);

internal sealed record PinAnswer(int Shard, string? Node, string? Reason, string? By, DateTimeOffset? At);

/// <param name="Epoch">The order holds for the shard at this epoch.</param>
/// <param name="State">ordered; there: it has arrived and is left alone for a time.</param>
internal sealed record StandingMoveAnswer(int Shard, string Node, long Epoch, string Reason, string By, DateTimeOffset At, string State);

internal sealed record OrdersAnswer(IReadOnlyList<NodeOrderAnswer> Nodes, IReadOnlyList<PinAnswer> Pins, IReadOnlyList<StandingMoveAnswer> Moves);

/// <param name="State">ordered, or there: nothing had to be ordered.</param>
internal sealed record MoveAnswer(int Shard, string? From, string To, long Epoch, string State);

internal sealed record MoveRequest(string? Node = null, string? Reason = null, string? By = null, long? ExpectedEpoch = null) : IOrderRequest;

/// <summary>Body of a join.</summary>
internal sealed record AddressRequest(string Address);

/// <summary>Body of an operation on a member: Down or Leave.</summary>
internal sealed record OperationRequest(string Operation);

/// <summary>Body of an order; every member may be left out.</summary>
internal sealed record OrderRequest(string? Reason = null, string? By = null) : IOrderRequest;

internal sealed record PinRequest(string? Node = null, string? Reason = null, string? By = null) : IOrderRequest;

/// <summary>What every order may say of itself.</summary>
internal interface IOrderRequest
{
    string? Reason { get; }

    string? By { get; }
}

/// <param name="Coordinator">Name of the node whose plan this is.</param>
/// <param name="PlanId">Of what would be moved: plans of the same moves at the same epochs have the same.</param>
/// <param name="Rebalance">automatic: the coordinator carries it out by itself; manual: it waits to be applied.</param>
internal sealed record PlanAnswer(
    string PlanId, DateTimeOffset At, string Coordinator, string Allocation, string Rebalance, bool LoadsKnown, bool Balanced, int MoveCount, int AtOnce,
    IReadOnlyList<Sharding.Allocation.PreviewMember> Members, IReadOnlyList<PlanMoveAnswer> Moves);

/// <param name="Epoch">At which the shard is to be moved.</param>
/// <param name="Entities">In memory; null: the owner did not answer within a second.</param>
/// <param name="Bytes">In journal and snapshots; null: the store took more than two seconds.</param>
/// <param name="ExpectedPauseSeconds">By the pauses that nodes measured lately; null: none yet.</param>
internal sealed record PlanMoveAnswer(
    int Shard, string? From, string To, string Reason, bool AtOnce, long Epoch, int? Entities, long? Bytes, double? ExpectedPauseSeconds);

/// <param name="Resident">Null: the owner did not answer within a second.</param>
/// <param name="Source">owner: its memory; journal: folded from snapshot and events.</param>
/// <param name="State">As snapshots have it; null: no events.</param>
internal sealed record EntityStateAnswer(
    string Kind, string Id, int Shard, string? Owner, long Version, bool? Resident, string Source, System.Text.Json.JsonElement? State);

/// <param name="Passivated">False: it was not in memory.</param>
internal sealed record PassivatedAnswer(string Kind, string Id, int Shard, string? Owner, bool Passivated);

internal sealed record JournalStatsAnswer(int ShardCount, IReadOnlyList<Sharding.Ports.ShardStats> Shards, JournalTotalAnswer Total);

/// <param name="Shards">How many were read.</param>
internal sealed record JournalTotalAnswer(int Shards, long Events, long Entities, long Bytes, long Snapshots, long SnapshotBytes);

internal sealed record WhyAnswer(
    int Shard, string? Owner, string? OwnerUid, long Epoch, string? Target, string? Reason, PinAnswer? Pin,
    IReadOnlyList<DecisionAnswer> Decisions, IReadOnlyList<OwnershipAnswer> Owners);

/// <param name="Target">The node's name, or its incarnation where nobody knows the name any more.</param>
/// <param name="Numbers">The figures behind the decision; null for decisions that needed none.</param>
internal sealed record DecisionAnswer(
    long Nr, string Target, string Reason, string DecidedBy, long Term, DateTimeOffset At, System.Text.Json.JsonElement? Numbers);

internal sealed record OwnershipAnswer(long Epoch, string Owner, string AcquiredBy, DateTimeOffset At);

internal sealed record AuditAnswer(IReadOnlyList<AuditEntryAnswer> Entries, long? Next);

/// <param name="By">Who it is said to be from, beside <paramref name="Who"/>, which the token proves.</param>
/// <param name="Outcome">allowed, denied, failed or unknown.</param>
internal sealed record AuditEntryAnswer(
    long Nr, DateTimeOffset At, string Node, string Who, string By, string Role, string Remote, string Method, string Path, string Action, string Target, string Why,
    int? Status, string Outcome);
