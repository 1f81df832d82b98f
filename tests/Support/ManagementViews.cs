namespace AkkaScale.Tests.Support;

/// <summary>The parts of the management answers that tests look at.</summary>
public sealed record MembersView(IReadOnlyList<MemberView> Members);

public sealed record MemberView(string Node, string NodeUid, string Status, string Name, int Shards);

public sealed record MemberOrderView(string Operation, string Name, string NodeUid, string Status, string Message, double? TakeoverWithinSeconds);

public sealed record ClusterStatusView(string Cluster, CoordinatorView? Coordinator, int ShardCount, ShardCountsView Shards, bool Ready);

public sealed record CoordinatorView(string Name, string Node, long Term);

public sealed record ShardCountsView(int Owned, int Unowned, int Moving);

public sealed record ShardsView(IReadOnlyList<ShardView> Shards);

public sealed record ShardView(int Shard, string? Owner, string? OwnerUid, long Epoch, string? AcquiredBy, string? Target);

/// <summary>What the coordinator would move now.</summary>
public sealed record PlanView(string Allocation, bool Balanced, int MoveCount);

public sealed record WhereView(int Shard, string? Owner, long Epoch, long? Version);

public sealed record ShardVerificationView(int Shard, long Events, long Entities, IReadOnlyList<ViolationView> Violations);

public sealed record ViolationView(string Invariant, long? Position, string? Entity, string Detail);

/// <param name="Next">After which version to go on, or null at the end.</param>
public sealed record EventsView(IReadOnlyList<EventView> Events, long? Next);

public sealed record EventView(long Version, string Type, Guid CommandId, System.Text.Json.JsonElement Payload, int Shard, long Epoch);
