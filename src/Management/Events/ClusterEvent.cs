using System.Text.Json.Serialization;
using AkkaScale.Management.Answers;

namespace AkkaScale.Management.Events;

/// <summary>What `/cluster/domain-events` tells; docs/management-api.md lists the types. Names that Akka has are Akka's.</summary>
/// <param name="Type">Name of the event; never changes its meaning.</param>
/// <param name="At">Wall clock of the node that tells it.</param>
internal abstract record ClusterEvent(
    [property: JsonPropertyOrder(-2)] string Type,
    [property: JsonPropertyOrder(-1)] DateTimeOffset At);

/// <summary>The first of every stream.</summary>
/// <param name="Unreachable">Addresses.</param>
/// <param name="Leader">Akka's, by address; null: there is none now.</param>
internal sealed record CurrentClusterState(
    DateTimeOffset At, IReadOnlyList<EventMember> Members, IReadOnlyList<string> Unreachable, string? Leader)
    : ClusterEvent(nameof(CurrentClusterState), At);

/// <summary>A step in a member's life, or whether others reach it: the type says which.</summary>
internal sealed record MemberChanged(string Type, DateTimeOffset At, EventMember Member) : ClusterEvent(Type, At);

/// <param name="Leader">Akka's, by address; null: there is none now.</param>
internal sealed record LeaderChanged(DateTimeOffset At, string? Leader, string? Name) : ClusterEvent(nameof(LeaderChanged), At);

/// <summary>A region's coordinator has given a shard a home, as soon as this node has heard of it.</summary>
/// <param name="From">Name of the node that was its home before; null: none was known.</param>
internal sealed record ShardHomeChanged(DateTimeOffset At, string Region, int Shard, string? From, string To)
    : ClusterEvent(nameof(ShardHomeChanged), At);

internal sealed record AuditWritten(DateTimeOffset At, AuditEntryAnswer Entry) : ClusterEvent(nameof(AuditWritten), At);

/// <summary>The last of a stream whose reader was too slow.</summary>
internal sealed record Overflow(DateTimeOffset At) : ClusterEvent(nameof(Overflow), At);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CurrentClusterState))]
[JsonSerializable(typeof(MemberChanged))]
[JsonSerializable(typeof(LeaderChanged))]
[JsonSerializable(typeof(ShardHomeChanged))]
[JsonSerializable(typeof(AuditWritten))]
[JsonSerializable(typeof(Overflow))]
internal sealed partial class ClusterEventJson : JsonSerializerContext;
