using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Routing;

/// <summary>
/// Takes over the maps that coordinators publish, wakes those who wait for a home when a member is lost, and has a removed member's shards
/// started elsewhere: without traffic nobody would ask for them.
/// </summary>
/// <remarks>
/// Akka.NET's coordinator has no rounds of balance while a shard that it sent to a region has not been started, and does not forget that when
/// the region goes: then nobody but this one asks for what has no home, and what is asked for is started, which ends the wait.
/// </remarks>
/// <param name="role">Members with it host shards; null: all do.</param>
/// <param name="shardCount">Of every region.</param>
internal sealed class ShardMapActor(ShardMapView view, string? role, int shardCount, TimeProvider time) : UntypedActor, IWithTimers
{
    /// <summary>Below <c>/user</c>, on every member.</summary>
    public const string Name = "akkascale-map";

    /// <summary>More than twice the time after which a coordinator whose rounds go on tells its map again.</summary>
    private static readonly TimeSpan Old = TimeSpan.FromSeconds(5);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Dictionary<string, MapSource> _sources = new(StringComparer.Ordinal);

    public ITimerScheduler Timers { get; set; } = null!; // Akka sets it before anything else happens

    public static Props Props(ShardMapView view, string? role, int shardCount, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ShardMapActor(view, role, shardCount, time));

    protected override void PreStart()
    {
        _cluster.Subscribe(
            Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot,
            typeof(ClusterEvent.MemberRemoved), typeof(ClusterEvent.UnreachableMember));
        Timers.StartPeriodicTimer(nameof(LookForOldMaps), LookForOldMaps.Instance, Old);
    }

    protected override void PostStop() => _cluster.Unsubscribe(Self);

    protected override void OnReceive(object message)
    {
        switch (message)
        {
            case ShardMapPublished map:
                TakeOver(map);
                break;
            case ClusterEvent.MemberRemoved removed:
                view.Wake();
                TouchShardsOf(removed.Member.Address.ToString());
                break;
            case LookForOldMaps:
                TouchWhatOldMapsLack();
                break;
            case ClusterEvent.UnreachableMember:
                view.Wake();
                break;
            case ClusterEvent.CurrentClusterState:
                break;
            default:
                Unhandled(message);
                break;
        }
    }

    private void TakeOver(ShardMapPublished map)
    {
        var source = new MapSource(map.Coordinator, map.CoordinatorUid, map.Round);
        var present = _sources.TryGetValue(map.Region, out var found) ? found : (MapSource?)null;
        if (source.Supersedes(present, [.. MembersByAge().Select(each => (each.Address.ToString(), each.UniqueAddress.Uid))]))
        {
            _sources[map.Region] = source;
            view.TakeOver(map, time.Monotonic());
        }
    }

    private void TouchShardsOf(string address)
    {
        if (IsTheOneToTouch())
        {
            foreach (var region in RegionsHere())
            {
                Touch(region, view.Find(region)!.Homes.Where(each => each.Value == address).Select(each => each.Key).Order());
            }
        }
    }

    private void TouchWhatOldMapsLack()
    {
        if (IsTheOneToTouch() && _cluster.State.Unreachable.IsEmpty)
        {
            var members = _cluster.State.Members.Select(member => member.Address.ToString()).ToHashSet(StringComparer.Ordinal);
            foreach (var region in RegionsHere())
            {
                var map = view.Find(region)!;
                if (time.Monotonic() - map.At >= Old)
                {
                    Touch(region, Enumerable.Range(0, shardCount)
                        .Where(shard => map.Homes.GetValueOrDefault(shard) is not { } home || !members.Contains(home)));
                }
            }
        }
    }

    /// <summary>One member does it, the one where the coordinators are or will be.</summary>
    private bool IsTheOneToTouch() => MembersByAge()
        .FirstOrDefault(member =>
            (role is null || member.HasRole(role)) && member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting)
        ?.UniqueAddress.Equals(_cluster.SelfUniqueAddress) == true;

    private IEnumerable<string> RegionsHere() => _sources.Keys.Where(ClusterSharding.Get(Context.System).ShardTypeNames.Contains);

    private static void Touch(string region, IEnumerable<int> shards)
    {
        var asked = ClusterSharding.Get(Context.System).ShardRegion(region);
        foreach (var shard in shards)
        {
            asked.Tell(new TouchShard(shard), ActorRefs.NoSender);
        }
    }

    private List<Member> MembersByAge()
    {
        var members = _cluster.State.Members.ToList();
        members.Sort((left, right) => left.Equals(right) ? 0 : left.IsOlderThan(right) ? -1 : 1);
        return members;
    }

    private sealed class LookForOldMaps
    {
        public static LookForOldMaps Instance { get; } = new();
    }
}
