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
/// <param name="role">Members with it host shards; null: all do.</param>
internal sealed class ShardMapActor(ShardMapView view, string? role, TimeProvider time) : UntypedActor
{
    /// <summary>Below <c>/user</c>, on every member.</summary>
    public const string Name = "akkascale-map";

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);
    private readonly Dictionary<string, MapSource> _sources = new(StringComparer.Ordinal);

    public static Props Props(ShardMapView view, string? role, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ShardMapActor(view, role, time));

    protected override void PreStart() => _cluster.Subscribe(
        Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsSnapshot,
        typeof(ClusterEvent.MemberRemoved), typeof(ClusterEvent.UnreachableMember));

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
            view.TakeOver(map.Region, map.Homes(), map.Coordinator, time.Monotonic());
        }
    }

    /// <summary>One member does it, the one where the coordinators are or will be.</summary>
    private void TouchShardsOf(string address)
    {
        var oldest = MembersByAge().FirstOrDefault(member =>
            (role is null || member.HasRole(role)) && member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting);
        if (oldest?.UniqueAddress.Equals(_cluster.SelfUniqueAddress) != true)
        {
            return;
        }

        var sharding = ClusterSharding.Get(Context.System);
        foreach (var region in _sources.Keys.Where(sharding.ShardTypeNames.Contains))
        {
            foreach (var shard in view.Find(region)!.Homes.Where(each => each.Value == address).Select(each => each.Key).Order())
            {
                sharding.ShardRegion(region).Tell(new TouchShard(shard), ActorRefs.NoSender);
            }
        }
    }

    private List<Member> MembersByAge()
    {
        var members = _cluster.State.Members.ToList();
        members.Sort((left, right) => left.Equals(right) ? 0 : left.IsOlderThan(right) ? -1 : 1);
        return members;
    }
}
