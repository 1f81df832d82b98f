using System.Globalization;
using Akka.Actor;
using Akka.Event;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Cluster.Logs;
using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;
using Microsoft.Extensions.Logging;
using LogLevel = Microsoft.Extensions.Logging.LogLevel;

namespace AkkaScale.Sharding.Stuck;

/// <summary>
/// Looks for entities of this node that do not let go of a message, says so in the log, and tells every member, so that a coordinator does not
/// order their shards away and whoever is asked can name them.
/// </summary>
/// <param name="shardOf">The number of an entity's shard.</param>
internal sealed partial class StuckEntityActor(WorkBook works, StuckBook book, Func<EntityKey, int> shardOf, TimeProvider time)
    : UntypedActor, IWithTimers
{
    /// <summary>Below <c>/user</c>, on every member.</summary>
    public const string Name = "akkascale-stuck";

    /// <summary>More than any entity needs; of a process that was paused all that were at something need as long, and are well at the next look.</summary>
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(1);

    private const int MostTold = 100;

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly ILogger _logger = new AkkaLogger(Logging.GetLogger(Context.System, typeof(StuckEntityActor)));
    private Dictionary<(EntityKey Entity, TimeSpan Since), bool> _seen = [];
    private bool _hasTold;

    public static TimeSpan Interval { get; } = TimeSpan.FromSeconds(1);

    public ITimerScheduler Timers { get; set; } = null!; // Akka sets it before anything else happens

    public static Props Props(WorkBook works, StuckBook book, Func<EntityKey, int> shardOf, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new StuckEntityActor(works, book, shardOf, time));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Look), Look.Instance, Interval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case Look:
                LookAndTell();
                break;
            case StuckEntitiesTold told:
                book.TakeOver(told);
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    /// <summary>Stuck is who is at the same message at two looks.</summary>
    private void LookAndTell()
    {
        var now = time.Monotonic();
        var seen = works.LongerThan(Long).ToDictionary(each => each, _seen.ContainsKey);
        foreach (var (entity, since) in seen.Where(each => each.Value && !_seen[each.Key]).Select(each => each.Key))
        {
            LogStuck(_logger, entity.Kind, entity.Id, (now - since).TotalSeconds, $"{entity.Kind}/{shardOf(entity).ToString(CultureInfo.InvariantCulture)}");
        }

        foreach (var (entity, since) in _seen.Where(each => each.Value && !seen.ContainsKey(each.Key)).Select(each => each.Key))
        {
            LogLetGo(_logger, entity.Kind, entity.Id, (now - since).TotalSeconds);
        }

        _seen = seen;
        var stuck = seen.Where(each => each.Value).Select(each => each.Key).OrderBy(each => each.Since).Take(MostTold)
            .Select(each => new StuckEntityTold(each.Entity.Kind, shardOf(each.Entity), each.Entity.Id, (now - each.Since).TotalSeconds))
            .ToArray();
        if (stuck.Length > 0 || _hasTold)
        {
            MemberMail.Tell(Context.System, MemberMail.Reachable(_cluster), Name, new StuckEntitiesTold(_cluster.SelfAddress.ToString(), stuck));
        }

        _hasTold = stuck.Length > 0;
    }

    [LoggerMessage(EventId = 4201, Level = LogLevel.Error,
        Message = "{Kind}/{Id} has been at one message for {Seconds:0.0} s and cannot be stopped: its shard {Shard} cannot be moved until it lets go.")]
    private static partial void LogStuck(ILogger logger, string kind, string id, double seconds, string shard);

    [LoggerMessage(EventId = 4202, Level = LogLevel.Warning, Message = "{Kind}/{Id} has let go of its message after {Seconds:0.0} s.")]
    private static partial void LogLetGo(ILogger logger, string kind, string id, double seconds);

    private sealed class Look
    {
        public static Look Instance { get; } = new();
    }
}
