using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>Gives each line of a host's and its actor system's log away.</summary>
internal sealed class NodeLog(Action<string> write) : ILoggerProvider
{
    private readonly ConcurrentDictionary<string, Logger> _loggers = new();

    public ILogger CreateLogger(string categoryName) => _loggers.GetOrAdd(categoryName, name => new Logger(name, write));

    public void Dispose() => _loggers.Clear();

    private sealed class Logger(string category, Action<string> write) : ILogger
    {
        // What the web host says of each request is of no use here.
        private readonly LogLevel _least = category.StartsWith("Microsoft.", StringComparison.Ordinal) ? LogLevel.Warning : LogLevel.Information;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= _least;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var text = $"{DateTime.UtcNow:HH:mm:ss.fff} {Abbreviation(logLevel)} {formatter(state, exception)} [{category}]";
                write(exception is null ? text : $"{text}\n{exception}");
            }
        }

        private static string Abbreviation(LogLevel level) => level switch
        {
            LogLevel.Warning => "WARN",
            LogLevel.Error or LogLevel.Critical => "FAIL",
            _ => "info",
        };
    }
}
