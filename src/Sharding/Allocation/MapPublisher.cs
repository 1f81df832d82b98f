using Akka.Actor;
using Akka.Cluster;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Routing;

namespace AkkaScale.Sharding.Allocation;

/// <summary>Tells every member the homes that a coordinator has: when they or the members have changed, and now and then anyway.</summary>
internal sealed class MapPublisher(ActorSystem system, string region)
{
    /// <summary>Whoever missed one learns it by then.</summary>
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(system);
    private Dictionary<int, string> _homes = [];
    private HashSet<UniqueAddress> _told = [];
    private TimeSpan _at = TimeSpan.MinValue;
    private long _round;

    /// <param name="weights">Null: no loads are known here, nor taken. They wait for the next turn.</param>
    public void Publish(TimeSpan now, Dictionary<int, string> homes, int[]? weights, bool isManual)
    {
        var members = MemberMail.Reachable(_cluster);
        if (now - Interval < _at && members.SetEquals(_told) && IsSame(homes))
        {
            return;
        }

        (_homes, _told, _at) = (homes, members, now);
        var self = _cluster.SelfUniqueAddress;
        var map = ShardMapPublished.Of(region, self.Address.ToString(), self.Uid, ++_round, homes) with { Weights = weights, IsManual = isManual };
        MemberMail.Tell(system, members, ShardMapActor.Name, map);
    }

    private bool IsSame(Dictionary<int, string> homes) =>
        homes.Count == _homes.Count && homes.All(each => _homes.GetValueOrDefault(each.Key) == each.Value);
}
