using System.Text.Json.Serialization;
using AkkaScale.Hosting.Management;

namespace AkkaScale.Hosting.Events;

/// <summary>What `/cluster/domain-events` tells; docs/management-api.md lists the types.</summary>
/// <param name="Type">Name of the event; never changes its meaning.</param>
/// <param name="At">Wall clock of the node that tells it.</param>
internal abstract record ClusterEvent(
    [property: JsonPropertyOrder(-2)] string Type,
    [property: JsonPropertyOrder(-1)] DateTimeOffset At);

/// <summary>The first of every stream.</summary>
internal sealed record CurrentClusterState(
    DateTimeOffset At, IReadOnlyList<MemberAnswer> Members, IReadOnlyList<UnreachableAnswer> Unreachable, string? Leader)
    : ClusterEvent(nameof(CurrentClusterState), At);

/// <summary>A step in a member's life, or whether others reach it: the type says which.</summary>
internal sealed record MemberChanged(string Type, DateTimeOffset At, MemberAnswer Member) : ClusterEvent(Type, At);

/// <param name="Leader">The coordinator's node; null: there is none now.</param>
internal sealed record LeaderChanged(DateTimeOffset At, string? Leader, string? Name) : ClusterEvent(nameof(LeaderChanged), At);

/// <param name="From">Name of the owner before; null: nobody.</param>
internal sealed record ShardOwnerChanged(
    DateTimeOffset At, int Shard, string? From, string? To, string? FromUid, string? ToUid, long Epoch, string AcquiredBy)
    : ClusterEvent(nameof(ShardOwnerChanged), At);

internal sealed record ShardTargetChanged(DateTimeOffset At, int Shard, string? Owner, string? Target, string? Reason)
    : ClusterEvent(nameof(ShardTargetChanged), At);

/// <param name="Order">drain, cordon, or null: taken back.</param>
internal sealed record NodeOrdered(DateTimeOffset At, string Node, string? Order, string? Reason, string? By) : ClusterEvent(nameof(NodeOrdered), At);

/// <param name="Node">Null: pinned no more.</param>
internal sealed record ShardPinned(DateTimeOffset At, int Shard, string? Node, string? Reason, string? By) : ClusterEvent(nameof(ShardPinned), At);

internal sealed record AuditWritten(DateTimeOffset At, AuditEntryAnswer Entry) : ClusterEvent(nameof(AuditWritten), At);

/// <summary>The last of a stream whose reader was too slow.</summary>
internal sealed record Overflow(DateTimeOffset At) : ClusterEvent(nameof(Overflow), At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CurrentClusterState))]
[JsonSerializable(typeof(MemberChanged))]
[JsonSerializable(typeof(LeaderChanged))]
[JsonSerializable(typeof(ShardOwnerChanged))]
[JsonSerializable(typeof(ShardTargetChanged))]
[JsonSerializable(typeof(NodeOrdered))]
[JsonSerializable(typeof(ShardPinned))]
[JsonSerializable(typeof(AuditWritten))]
[JsonSerializable(typeof(Overflow))]
internal sealed partial class ClusterEventJson : JsonSerializerContext;
