using Akka.Actor;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Routing;

namespace AkkaScale.Sharding.Loads;

/// <summary>
/// On each member that hosts shards: tells each region's coordinator every few seconds what its shards here carry, and takes what others tell
/// where the coordinator is here.
/// </summary>
/// <remarks>
/// A coordinator of an older version publishes no weights, and is told nothing: it would not understand. Which shards are here is what the map
/// says, and a shard that the map does not name is not reported: its load is not known then.
/// </remarks>
internal sealed class LoadActor : UntypedActor, IWithTimers
{
    /// <summary>Below <c>/user</c>.</summary>
    public const string Name = "akkascale-load";

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly string _self = Akka.Cluster.Cluster.Get(Context.System).SelfAddress.ToString();
    private readonly ShardMapView _maps;
    private readonly ShardMeters _meters;
    private readonly LoadBooks _books;
    private readonly IReadOnlyList<string> _regions;
    private readonly TimeProvider _time;
    private readonly Dictionary<(string Region, int Shard), long> _told = [];
    private TimeSpan _at;

    public LoadActor(ShardMapView maps, ShardMeters meters, LoadBooks books, IReadOnlyList<string> regions, TimeProvider time)
    {
        (_maps, _meters, _books, _regions, _time) = (maps, meters, books, regions, time);
        _at = time.Monotonic();
    }

    public ITimerScheduler Timers { get; set; } = null!; // Akka sets it before anything else happens

    public static Props Props(ShardMapView maps, ShardMeters meters, LoadBooks books, IReadOnlyList<string> regions, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new LoadActor(maps, meters, books, regions, time));

    protected override void PreStart() => Timers.StartPeriodicTimer(nameof(Report), Report.Instance, Interval);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ShardLoadsReported report:
                _books.Find(report.Region)?.Add(_time.Monotonic(), report);
                break;
            case Report:
                TellAll();
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void TellAll()
    {
        var now = _time.Monotonic();
        var seconds = (now - _at).TotalSeconds;
        _at = now;
        foreach (var region in _regions)
        {
            if (_maps.Find(region) is { } map)
            {
                Tell(region, map, seconds);
            }
        }
    }

    private void Tell(string region, RegionMap map, double seconds)
    {
        var counts = map.Homes.Where(home => home.Value == _self).ToDictionary(home => home.Key, home => Count(region, home.Key));
        if (map.Weights is null)
        {
            return;
        }

        var coordinator = Context.ActorSelection($"{map.Coordinator}/user/{Name}");
        foreach (var part in counts.Chunk(ShardLoadsReported.MostShards))
        {
            coordinator.Tell(new ShardLoadsReported(region, seconds, part.ToDictionary()), ActorRefs.NoSender);
        }
    }

    private long[] Count(string region, int shard)
    {
        var meter = _meters.Of(region, shard);
        var messages = meter.Messages;
        var since = messages - _told.GetValueOrDefault((region, shard), messages);
        _told[(region, shard)] = messages;
        return [since, meter.Entities];
    }

    private sealed class Report
    {
        public static Report Instance { get; } = new();
    }
}
