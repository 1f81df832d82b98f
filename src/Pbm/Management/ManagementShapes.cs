using System.Text.Json;
using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

// The answers of the management API (docs/management-api.md), which are also what --json prints: one file, one contract.

/// <param name="Leader">Address of Akka's leader; null: there is none now.</param>
/// <param name="Oldest">Address of the oldest member.</param>
public sealed record ClusterMembers(
    string SelfNode, string? Leader, string? Oldest, IReadOnlyList<MemberShape> Members, IReadOnlyList<UnreachableShape> Unreachable);

/// <param name="NodeUid">The incarnation, 32 hex digits.</param>
public sealed record MemberShape(
    string Node, string NodeUid, string Status, IReadOnlyList<string> Roles, string Name, string? ManagementAddress,
    string? Version, int Shards, long RenewCounter, string? JoinedAt, string? Reason)
{
    /// <summary>Null: it takes shards.</summary>
    public MemberOrderShape? Order { get; init; }
}

/// <param name="Kind">cordon, or drain.</param>
public sealed record MemberOrderShape(string Kind, string By, string Reason, string At);

/// <param name="Incarnations">Latest first.</param>
public sealed record MemberHistory(IReadOnlyList<IncarnationShape> Incarnations);

/// <param name="NodeUid">The incarnation, 32 hex digits.</param>
/// <param name="State">live, down, left or dead.</param>
/// <param name="EndedAt">Null: it has not ended.</param>
public sealed record IncarnationShape(
    string Name, string Node, string NodeUid, string State, string? Reason, string StartedAt, string? EndedAt, long Generation, string Version);

public sealed record UnreachableShape(string Node, IReadOnlyList<string> ObservedBy);

/// <param name="Status">What the member was set to: Down or Leaving.</param>
/// <param name="TakeoverWithinSeconds">Null for a leave, which hands the shards over.</param>
public sealed record MemberOrder(
    string Operation, string Name, string Node, string NodeUid, string Status, string Message, double? TakeoverWithinSeconds);

/// <param name="Generation">How often the cluster has been founded.</param>
/// <param name="AllocationMode">`automatic` or `manual`; null: no coordinator has said.</param>
public sealed record ClusterStatus(
    string Cluster, string Self, string Store, int ShardCount, long Generation, CoordinatorShape? Coordinator,
    IReadOnlyDictionary<string, int> Members, ShardCounts Shards, IReadOnlyList<ShardRegion> Regions, bool Ready, string? AllocationMode = null);

public sealed record ShardRegion(string Name, int ShardCount);

/// <summary>The node of the shard coordinators.</summary>
public sealed record CoordinatorShape(string Name, string? Node);

public sealed record ShardCounts(int Owned, int Unowned, int? Moving);

public sealed record ShardMap(
    IReadOnlyList<string> EntityTypeKeys, int ShardCount, IReadOnlyList<ShardRegion> Regions, IReadOnlyList<ShardShape> Shards);

/// <param name="Target">Where it is to go; null: it stays.</param>
/// <param name="Reason">Why there.</param>
/// <param name="Entities">Resident ones; null: the owner did not answer in time.</param>
public sealed record ShardShape(string Region, int Shard, string? Owner, string? OwnerUid, long Epoch, string? Target, string? Reason, long? Entities)
{
    /// <summary>Null: it may be at home anywhere.</summary>
    public string? PinnedTo { get; init; }

    [JsonIgnore]
    public ShardName Name => new(Region, Shard);
}

/// <param name="Version">From the journal; null: no events.</param>
/// <param name="Resident">Null: the owner did not answer in time.</param>
public sealed record EntityPlace(
    string Kind, string Id, string Region, int Shard, string? Owner, string? OwnerUid, long Epoch, long? Version, bool? Resident);

/// <param name="Next">The version to go on after; null: there are no more.</param>
public sealed record EntityEvents(IReadOnlyList<EventShape> Events, long? Next);

/// <param name="Epoch">Null: it was written without a fence.</param>
public sealed record EventShape(
    long Version, string Type, string Region, int Shard, long? Epoch, string? CommandId, string At, JsonElement Payload);

public sealed record ShardVerification(string Region, int Shard, long Events, long Entities, IReadOnlyList<ViolationShape> Violations);

/// <param name="Invariant">`I1`, `I2` or `I3`.</param>
public sealed record ViolationShape(string Invariant, string? Entity, string Detail);

/// <summary>What `pbm journal verify` sums up.</summary>
/// <param name="Complete">False: interrupted before every shard was read.</param>
/// <param name="ByInvariant">Violations of I1, I2, I3.</param>
/// <param name="Violations">The first hundred, in order of shard.</param>
public sealed record JournalVerification(
    bool Complete, int ShardCount, int ShardsRead, long Events, long Entities, long ViolationCount,
    IReadOnlyDictionary<string, long> ByInvariant, IReadOnlyList<ShardViolation> Violations, double DurationSeconds);

public sealed record ShardViolation(string Region, int Shard, string Invariant, string? Entity, string Detail);

internal sealed record OrderBody(string Reason, string By);

internal sealed record ProblemShape(string? Title = null, string? Detail = null, string? Code = null);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(ClusterMembers))]
[JsonSerializable(typeof(MemberHistory))]
[JsonSerializable(typeof(MemberOrder))]
[JsonSerializable(typeof(ClusterStatus))]
[JsonSerializable(typeof(ShardMap))]
[JsonSerializable(typeof(EntityPlace))]
[JsonSerializable(typeof(EntityEvents))]
[JsonSerializable(typeof(ShardVerification))]
[JsonSerializable(typeof(JournalVerification))]
[JsonSerializable(typeof(OrderBody))]
[JsonSerializable(typeof(ProblemShape))]
internal sealed partial class ManagementJson : JsonSerializerContext;

/// <summary>For whatever goes on until it is stopped: a document a line.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(EventShape))]
[JsonSerializable(typeof(DecisionShape))]
[JsonSerializable(typeof(LogEntryShape))]
internal sealed partial class LineJson : JsonSerializerContext;
