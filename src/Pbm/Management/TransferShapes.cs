using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

internal sealed record BackupBody(string? Name, string Reason, string By);

/// <summary>Answer of `GET /backup`; what `pbm backup --json` prints over PostgreSQL.</summary>
/// <param name="Directory">Where backups go; null: nowhere is set, or PostgreSQL.</param>
/// <param name="Line">What to type; null: the embedded store.</param>
public sealed record BackupStatus(
    string Store, string? Directory, string? Line, IReadOnlyList<FindingShape> Findings, bool Running, long DoneBytes, long TotalBytes);

/// <summary>Answer of `POST /backup`; what `pbm backup --json` prints over the embedded store.</summary>
public sealed record BackupReport(
    string Directory, string Cluster, int ShardCount, long Generation, string At, long Events, IReadOnlyList<long> Heads, string? LastEventAt, long Bytes,
    double Seconds);

/// <summary>What `pbm restore --check --json` prints.</summary>
/// <param name="Raised">False: something is wrong, and nothing was changed.</param>
/// <param name="Heads">The last position of each shard, by number.</param>
public sealed record RestoreReport(
    string Cluster, string Store, int ShardCount, long Generation, bool Raised, long Events, long Entities, IReadOnlyList<long> Heads, string? LastEventAt,
    long ViolationCount, IReadOnlyList<ShardViolation> Violations);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BackupBody))]
[JsonSerializable(typeof(BackupStatus))]
[JsonSerializable(typeof(BackupReport))]
[JsonSerializable(typeof(RestoreReport))]
internal sealed partial class TransferJson : JsonSerializerContext;
