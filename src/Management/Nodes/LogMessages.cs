using AkkaScale.Management.Logs;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Management.Nodes;

/// <summary>Asks a node for entries of its log.</summary>
/// <param name="After">Number of the last one that is known already; null: the last ones are wanted.</param>
internal sealed record AskLog(long? After, LogLevel Level, int Limit) : IManagementMessage;

/// <param name="Missed">Entries after the one asked after that are no longer kept.</param>
internal sealed record LogAnswer(IReadOnlyList<LoggedEntry> Entries, long Latest, long Missed) : IManagementMessage;

/// <param name="Level">Null, without <paramref name="IsReset"/>: only which level holds.</param>
internal sealed record OrderLogLevel(string Source, LogLevel? Level, double Seconds, bool IsReset, string Reason, string By) : IManagementMessage;

/// <summary>All null: the configured levels hold.</summary>
internal sealed record LogLevelState(string? Source, LogLevel? Level, DateTimeOffset? Until) : IManagementMessage;
