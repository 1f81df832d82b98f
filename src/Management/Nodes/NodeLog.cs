using Akka.Actor;
using AkkaScale.Management.Logs;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Management.Nodes;

/// <summary>This node's log, as others may read it and set its level.</summary>
internal sealed partial class NodeLog
{
    /// <summary>Of one message between nodes.</summary>
    private const int LargestAnswer = 64 * 1024;

    private readonly LogRing _ring;
    private readonly LogLevels _levels;
    private readonly ILogger _logger;
    private ActorSystem? _system;

    public NodeLog(LogRing ring, LogLevels levels, ILogger<NodeLog> logger)
    {
        (_ring, _levels, _logger) = (ring, levels, logger);
        _levels.Changed += Follow;
    }

    public LogAnswer Answer(AskLog ask)
    {
        var (entries, latest, missed) = _ring.Read(ask.After, ask.Level, ask.Limit);
        var size = 0;
        bool Fits(LoggedEntry entry) => (size += ((entry.Message.Length + (entry.Exception?.Length ?? 0)) * 3) + 200) <= LargestAnswer;
        return new LogAnswer(ask.After is null ? [.. entries.Reverse().TakeWhile(Fits).Reverse()] : [.. entries.TakeWhile(Fits)], latest, missed);
    }

    public LogLevelState Answer(OrderLogLevel order, ActorSystem system)
    {
        _system = system;
        if (order.Level is { } level)
        {
            var held = _levels.Hold(order.Source, level, TimeSpan.FromSeconds(order.Seconds));
            LogHeld(_logger, held.Source, held.Level, held.Until, order.By, order.Reason);
        }
        else if (order.IsReset && _levels.Now is not null)
        {
            _levels.Reset();
        }

        return _levels.Now is { } now ? new LogLevelState(now.Source, now.Level, now.Until) : new LogLevelState(null, null, null);
    }

    /// <summary>What the actor system does not publish no filter lets through.</summary>
    private void Follow(LevelOverride? held)
    {
        _system?.EventStream.SetLogLevel(
            held is { Level: < LogLevel.Information } ? Akka.Event.LogLevel.DebugLevel : Akka.Event.LogLevel.InfoLevel);
        if (held is null)
        {
            LogBack(_logger);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The log level of {Source} is {Level} until {Until:u}, ordered by {By}: {Reason}")]
    private static partial void LogHeld(ILogger logger, string source, LogLevel level, DateTimeOffset until, string by, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The configured log levels hold again")]
    private static partial void LogBack(ILogger logger);
}
