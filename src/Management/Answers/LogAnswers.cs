namespace AkkaScale.Management.Answers;

// The shapes of the management API, as docs/management-api.md lists them: the logs of nodes.

/// <param name="NodeUid">The incarnation: the numbers of another one are others.</param>
/// <param name="Latest">Number of the latest entry that there is.</param>
/// <param name="Missed">Entries after the one asked after that are no longer kept.</param>
internal sealed record NodeLogAnswer(string Node, string NodeUid, IReadOnlyList<LogEntryAnswer> Entries, long Latest, long Missed);

/// <param name="Level">trace, debug, information, warning, error or critical.</param>
/// <param name="Source">The class that it is from.</param>
internal sealed record LogEntryAnswer(long Nr, DateTimeOffset At, string Level, string Source, string Message, string? Exception);

/// <summary>Which other level than the configured one holds; all null: none.</summary>
internal sealed record LogLevelAnswer(string Node, string? Source, string? Level, DateTimeOffset? Until);

/// <summary>Body of an order for another level.</summary>
/// <param name="Level">Null: the configured levels again.</param>
/// <param name="Source">Beginning of the classes' names; null: AkkaScale.</param>
/// <param name="Seconds">After which the configured levels hold again; null: 600.</param>
internal sealed record LogLevelRequest(
    string? Level = null, string? Source = null, double? Seconds = null, string? Reason = null, string? By = null) : IOrderRequest;
