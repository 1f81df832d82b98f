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
/// <param name="find">The regions of this process, by name.</param>
internal sealed class ShardMapActor(ShardMapView view, Func<string, SteeredRegion?> find, TimeProvider time) : UntypedActor, IWithTimers
{
    /// <summary>Below <c>/user</c>, on every member.</summary>
    public const string Name = "akkascale-map";

    /// <summary>More than twice the time after which a coordinator whose rounds go on tells its map again.</summary>
    private static readonly TimeSpan Old = TimeSpan.FromSeconds(5);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Dictionary<string, MapSource> _sources = new(StringComparer.Ordinal);

    public ITimerScheduler Timers { get; set; } = null!; // Akka sets it before anything else happens

    public static Props Props(ShardMapView view, Func<string, SteeredRegion?> find, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ShardMapActor(view, find, time));

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
        foreach (var region in RegionsToTouch())
        {
            Touch(region.Name, view.Find(region.Name)!.Homes.Where(each => each.Value == address).Select(each => each.Key).Order());
        }
    }

    private void TouchWhatOldMapsLack()
    {
        if (_cluster.State.Unreachable.IsEmpty)
        {
            var members = _cluster.State.Members.Select(member => member.Address.ToString()).ToHashSet(StringComparer.Ordinal);
            foreach (var region in RegionsToTouch())
            {
                var map = view.Find(region.Name)!;
                if (time.Monotonic() - map.At >= Old)
                {
                    Touch(region.Name, Enumerable.Range(0, region.ShardCount)
                        .Where(shard => map.Homes.GetValueOrDefault(shard) is not { } home || !members.Contains(home)));
                }
            }
        }
    }

    /// <summary>Those that a map is known of, and that are here. One member does it, the one where the region's coordinator is or will be.</summary>
    private IEnumerable<SteeredRegion> RegionsToTouch()
    {
        var members = MembersByAge();
        return _sources.Keys.Where(ClusterSharding.Get(Context.System).ShardTypeNames.Contains)
            .Select(find).OfType<SteeredRegion>().Where(region => IsTheOneToTouch(region, members)).ToList();
    }

    private bool IsTheOneToTouch(SteeredRegion region, List<Member> members) => members
        .FirstOrDefault(member =>
            (region.Role is null || member.HasRole(region.Role)) && member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting)
        ?.UniqueAddress.Equals(_cluster.SelfUniqueAddress) == true;

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
