using Akka.Actor;
using Akka.Event;
using Akka.Hosting.Logging;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AkkaScale.Node.Lifecycle;

/// <summary>
/// Writes what the actor system logs into the node's log, each entry under the class that it is from, so that levels can be set by it. Akka's
/// own logger has one category for everything, and its own time and thread in each line.
/// </summary>
internal sealed class NodeLogger : LoggerFactoryLogger
{
    private readonly ILoggerFactory _loggers = Context.System.Settings.Setup.Get<LoggerFactorySetup>().Value.LoggerFactory;

    /// <remarks>Only of an error the whole exception: a database that is away is warned of at every try.</remarks>
    protected override void Log(LogEvent log, ActorPath path) => _loggers.CreateLogger(CategoryOf(log.LogClass)).Log(
        LevelOf(log.LogLevel()), default, log, log is Error ? log.Cause : null,
        static (entry, _) => entry is { Cause: { } cause } and not Error ? $"{entry.Message} {cause.Message}" : $"{entry.Message}");

    /// <summary>What gives its name as a text has no class.</summary>
    private static string CategoryOf(Type source) => source == typeof(DummyClassForStringSources) ? "Akka" : source.FullName ?? source.Name;

    private static LogLevel LevelOf(Akka.Event.LogLevel level) => level switch
    {
        Akka.Event.LogLevel.DebugLevel => LogLevel.Debug,
        Akka.Event.LogLevel.InfoLevel => LogLevel.Information,
        Akka.Event.LogLevel.WarningLevel => LogLevel.Warning,
        _ => LogLevel.Error,
    };
}
