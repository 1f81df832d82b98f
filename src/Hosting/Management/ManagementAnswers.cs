namespace AkkaScale.Hosting.Management;

// The shapes of the management API, as docs/management-api.md lists them: probes, orders, plans and the audit log.

/// <param name="Reasons">Left out where there are none.</param>
internal sealed record HealthAnswer(
    string Status,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyList<string>? Reasons);

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
    IReadOnlyList<LegacySharding.Allocation.PreviewMember> Members, IReadOnlyList<PlanMoveAnswer> Moves);

/// <param name="Epoch">At which the shard is to be moved.</param>
/// <param name="Entities">In memory; null: the owner did not answer within a second.</param>
/// <param name="Bytes">In journal and snapshots; null: the store took more than two seconds.</param>
/// <param name="ExpectedPauseSeconds">By the pauses that nodes measured lately; null: none yet.</param>
internal sealed record PlanMoveAnswer(
    int Shard, string? From, string To, string Reason, bool AtOnce, long Epoch, int? Entities, long? Bytes, double? ExpectedPauseSeconds);

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
