using Microsoft.Extensions.Logging;

namespace AkkaScale.Management.Logs;

/// <summary>
/// The latest entries of this process's log, for whoever asks for them over the management port. It gets what the log gets, after the same filters and in the
/// same words; long texts are cut. Thread-safe.
/// </summary>
internal sealed class LogRing(TimeProvider time) : ILoggerProvider
{
    public const int Bound = 2_000;

    private const int LongestMessage = 2_000;
    private const int LongestException = 4_000;

    private readonly Lock _lock = new();
    private readonly Queue<LoggedEntry> _entries = [];
    private long _latest;

    public ILogger CreateLogger(string categoryName) => new Writer(this, categoryName);

    /// <param name="after">Number of the last entry that is known already; null: the last ones are wanted.</param>
    /// <returns>In order, at most so many; what was pushed out before it could be read is counted.</returns>
    public (IReadOnlyList<LoggedEntry> Entries, long Latest, long Missed) Read(long? after, LogLevel least, int limit)
    {
        lock (_lock)
        {
            var oldest = _latest - _entries.Count + 1;
            var wanted = _entries.Where(entry => entry.Level >= least && entry.Nr > (after ?? 0));
            LoggedEntry[] entries = [.. after is null ? wanted.TakeLast(limit) : wanted.Take(limit)];
            return (entries, _latest, after is { } known ? Math.Max(0, oldest - 1 - known) : 0);
        }
    }

    public void Dispose()
    {
        // Nothing is held but memory.
    }

    private void Add(LogLevel level, string source, string message, Exception? exception)
    {
        var (text, cause) = (Cut(message, LongestMessage), exception is null ? null : Cut(exception.ToString(), LongestException));
        lock (_lock)
        {
            if (_entries.Count == Bound)
            {
                _entries.Dequeue();
            }

            _entries.Enqueue(new LoggedEntry(++_latest, time.GetUtcNow(), level, source, text, cause));
        }
    }

    private static string Cut(string text, int longest) => text.Length <= longest ? text : $"{text[..longest]}…";

    private sealed class Writer(LogRing ring, string source) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                ring.Add(logLevel, source, formatter(state, exception), exception);
            }
        }
    }
}
