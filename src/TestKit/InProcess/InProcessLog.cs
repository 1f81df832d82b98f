using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace AkkaScale.TestKit.InProcess;

/// <summary>The last lines that the nodes of one process logged, for the message of a failure.</summary>
internal sealed class InProcessLog(string node, ConcurrentQueue<string> lines, TimeProvider time) : ILoggerProvider
{
    private const int Kept = 400;

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private void Write(LogLevel level, string category, string message)
    {
        lines.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():HH:mm:ss.fff} {node} {level} {category}: {message}"));
        while (lines.Count > Kept && lines.TryDequeue(out _))
        {
        }
    }

    private sealed class Logger(InProcessLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log.Write(logLevel, category, exception is null ? formatter(state, exception) : $"{formatter(state, exception)} {exception}");
    }
}
