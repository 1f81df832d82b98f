using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

/// <summary>Answer of `/store/backup`, and what `pbm backup --json` prints for PostgreSQL.</summary>
/// <param name="Lines">What to type; empty for the embedded store.</param>
public sealed record BackupAdviceShape(string Store, long? Bytes, IReadOnlyList<string> Lines, IReadOnlyList<BackupSettingShape> Settings);

/// <param name="Word">ok, notice or wrong.</param>
public sealed record BackupSettingShape(string Name, string Value, string Word, string Says);

/// <summary>What `pbm backup --json` prints for the embedded store.</summary>
public sealed record BackupReport(string Store, string File, long Bytes, string MembersFile, long MembersBytes, double DurationSeconds);

/// <param name="Part">journal or members; null: neither.</param>
public sealed record BackupCheckShape(
    string? Part, bool Usable, long Bytes, IReadOnlyList<string> Problems, long? Events, long? Entities, long? Snapshots, long? Leases,
    IReadOnlyList<ViolationShape> Violations);

/// <summary>What `pbm restore --check --json` prints.</summary>
/// <param name="Members">Null: there is no such file beside it.</param>
public sealed record RestoreCheck(string File, bool Usable, BackupCheckShape Journal, BackupCheckShape? Members);

internal sealed record BackupBody(string Part, string Reason, string By);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(BackupAdviceShape))]
[JsonSerializable(typeof(BackupReport))]
[JsonSerializable(typeof(BackupCheckShape))]
[JsonSerializable(typeof(RestoreCheck))]
[JsonSerializable(typeof(BackupBody))]
internal sealed partial class BackupJson : JsonSerializerContext;
