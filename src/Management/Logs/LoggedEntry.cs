using Microsoft.Extensions.Logging;

namespace AkkaScale.Management.Logs;

/// <param name="Nr">Counts the entries of this process from 1.</param>
/// <param name="Source">The class that it is from.</param>
/// <param name="Exception">Null: there was none.</param>
internal sealed record LoggedEntry(long Nr, DateTimeOffset At, LogLevel Level, string Source, string Message, string? Exception);
