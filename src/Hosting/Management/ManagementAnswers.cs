namespace AkkaScale.Hosting.Management;

// The shapes of the management API, as docs/management-api.md lists them.

internal sealed record MembersAnswer(
    string SelfNode, string? Leader, string? Oldest, IReadOnlyList<MemberAnswer> Members, IReadOnlyList<UnreachableAnswer> Unreachable);

internal sealed record MemberAnswer(
    string Node, string NodeUid, string Status, IReadOnlyList<string> Roles, string Name, string ManagementAddress, string Version, int Shards,
    long RenewCounter, DateTimeOffset JoinedAt, string Reason);

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

internal sealed record WhereAnswer(
    string Kind, string Id, int Shard, string? Owner, string? OwnerUid, long Epoch, long Version, bool? Resident);

internal sealed record EventsAnswer(IReadOnlyList<EventAnswer> Events, long? Next);

internal sealed record EventAnswer(
    long Version, string Type, int Shard, long Position, long Epoch, string CommandId, DateTimeOffset At, System.Text.Json.JsonElement Payload);

internal sealed record VerifyAnswer(int Shard, long Events, long Entities, IReadOnlyList<ViolationAnswer> Violations);

/// <param name="Invariant">I1, I2 or I3, as the design numbers them.</param>
internal sealed record ViolationAnswer(string Invariant, long Position, string Entity, string Detail);
