using Akka.Event;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AkkaScale.Cluster.Logs;

/// <summary>Lets source-generated log messages go where the actor system's go.</summary>
internal sealed class AkkaLogger(ILoggingAdapter adapter) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel switch
    {
        LogLevel.Error or LogLevel.Critical => adapter.IsErrorEnabled,
        LogLevel.Warning => adapter.IsWarningEnabled,
        LogLevel.Information => adapter.IsInfoEnabled,
        _ => adapter.IsDebugEnabled,
    };

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        // The message goes as an argument: it may hold braces.
        var message = formatter(state, exception);
        switch (logLevel)
        {
            case LogLevel.Error or LogLevel.Critical:
                adapter.Error(exception, "{0}", message);
                break;
            case LogLevel.Warning:
                adapter.Warning(exception, "{0}", message);
                break;
            case LogLevel.Information:
                adapter.Info(exception, "{0}", message);
                break;
            default:
                adapter.Debug(exception, "{0}", message);
                break;
        }
    }
}
