using System.Text.Json.Serialization;

namespace AkkaScale.Pbm.Management;

/// <param name="NodeUid">The incarnation: the numbers of another one are others.</param>
/// <param name="Missed">Entries that were pushed out before they could be read.</param>
public sealed record NodeLogShape(string Node, string NodeUid, IReadOnlyList<LogEntryShape> Entries, long Latest, long Missed);

/// <param name="Level">trace, debug, information, warning, error or critical.</param>
public sealed record LogEntryShape(long Nr, DateTimeOffset At, string Level, string Source, string Message, string? Exception);

/// <summary>All but the node null: the configured levels hold.</summary>
public sealed record LogLevelShape(string Node, string? Source, string? Level, DateTimeOffset? Until);

internal sealed record LogLevelBody(string? Level, string? Source, double? Seconds, string Reason, string By);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(NodeLogShape))]
[JsonSerializable(typeof(LogLevelShape))]
[JsonSerializable(typeof(LogLevelBody))]
internal sealed partial class LogJson : JsonSerializerContext;
