namespace AkkaScale.Tests.Support;

/// <summary>The parts of the management answers that tests look at.</summary>
public sealed record MembersView(IReadOnlyList<MemberView> Members);

public sealed record MemberView(string Node, string NodeUid, string Status, string Name, int Shards, NodeOrderView? Order = null);

/// <param name="Kind">cordon, or drain.</param>
public sealed record NodeOrderView(string Kind, string By, string Reason);

public sealed record MemberOrderView(string Operation, string Name, string NodeUid, string Status, string Message, double? TakeoverWithinSeconds);

public sealed record ClusterStatusView(string Cluster, CoordinatorView? Coordinator, int ShardCount, ShardCountsView Shards, bool Ready);

public sealed record CoordinatorView(string Name, string Node);

/// <param name="Moving">Null: no coordinator has told yet.</param>
public sealed record ShardCountsView(int Owned, int Unowned, int? Moving);

public sealed record ShardsView(IReadOnlyList<ShardView> Shards);

/// <param name="Target">Null: it is to stay where it is.</param>
/// <param name="PinnedTo">Null: it may be at home anywhere.</param>
public sealed record ShardView(string Region, int Shard, string? Owner, string? OwnerUid, long Epoch, string? Target, string? PinnedTo = null)
{
    /// <summary>As tools write it: task/17.</summary>
    public string Key => $"{Region}/{Shard}";
}

public sealed record WhereView(string Region, int Shard, string? Owner, long Epoch, long? Version)
{
    public string Key => $"{Region}/{Shard}";
}

public sealed record ShardVerificationView(string Region, int Shard, long Events, long Entities, IReadOnlyList<ViolationView> Violations);

public sealed record ViolationView(string Invariant, string? Entity, string Detail);

/// <param name="Next">After which version to go on, or null at the end.</param>
public sealed record EventsView(IReadOnlyList<EventView> Events, long? Next);

/// <param name="CommandId">Null: not kept with this event.</param>
public sealed record EventView(
    long Version, string Type, string? CommandId, System.Text.Json.JsonElement Payload, string Region, int Shard, long? Epoch);

public sealed record DecisionsView(IReadOnlyList<DecisionView> Decisions, long Latest);

public sealed record DecisionView(long Nr, string Kind, IReadOnlyDictionary<string, double> Numbers);
