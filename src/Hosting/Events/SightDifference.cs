using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Management;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.Hosting.Events;

/// <summary>
/// What happened between two looks at the cluster. Looks are a poll apart, so a member may have gone several steps meanwhile: they are told one by one, in the order
/// in which members take them. Pure.
/// </summary>
internal static class SightDifference
{
    public static IReadOnlyList<ClusterEvent> Between(ClusterSight before, ClusterSight after, DateTimeOffset at) =>
    [
        .. Members(before, after, at),
        .. Reachability(before, after, at),
        .. Leader(before, after, at),
        .. Orders(before, after, at),
        .. Pins(before, after, at),
        .. Targets(before, after, at),
        .. Owners(before, after, at),
    ];

    private static IEnumerable<ClusterEvent> Members(ClusterSight before, ClusterSight after, DateTimeOffset at)
    {
        foreach (var member in after.Reading.Members)
        {
            foreach (var (type, status) in Steps(before.Find(member.Incarnation)?.Status, member.Status))
            {
                yield return new MemberChanged(type, at, after.Show(member) with { Status = status });
            }
        }

        // Rows of the dead are cleared away in the end; one that was not seen dead before is told now.
        foreach (var member in before.Reading.Members.Where(member => !member.IsGone && after.Find(member.Incarnation) is null))
        {
            foreach (var (type, status) in Steps(member.Status, MemberStatus.Removed))
            {
                yield return new MemberChanged(type, at, before.Show(member) with { Status = status, Shards = 0 });
            }
        }
    }

    /// <summary>The names are Akka's; its Exiting is the moment in which a leaving member has given all away.</summary>
    private static IEnumerable<(string Type, string Status)> Steps(MemberStatus? from, MemberStatus to)
    {
        var isNew = from is null;
        if (from == to || (isNew && to is MemberStatus.Dead or MemberStatus.Removed) || from is MemberStatus.Dead or MemberStatus.Removed)
        {
            yield break;
        }

        if (isNew)
        {
            yield return ("MemberJoined", "Joining");
        }

        var leaves = to is MemberStatus.Leaving || (to is MemberStatus.Removed && from is not MemberStatus.Down);
        if (to is MemberStatus.Up)
        {
            yield return ("MemberUp", "Up");
        }

        if (leaves && from is not MemberStatus.Leaving)
        {
            yield return ("MemberLeft", "Leaving");
        }

        if (leaves && to is MemberStatus.Removed)
        {
            yield return ("MemberExited", "Exiting");
        }

        if (to is MemberStatus.Down || (to is MemberStatus.Dead && from is not MemberStatus.Down))
        {
            yield return ("MemberDowned", "Down");
        }

        if (to is MemberStatus.Dead or MemberStatus.Removed)
        {
            yield return ("MemberRemoved", "Removed");
        }
    }

    private static IEnumerable<ClusterEvent> Reachability(ClusterSight before, ClusterSight after, DateTimeOffset at)
    {
        foreach (var member in after.Reading.Members.Where(member => member.IsLive))
        {
            var (was, now) = (before.Unreachable.ContainsKey(member.Incarnation), after.Unreachable.ContainsKey(member.Incarnation));
            if (was != now)
            {
                yield return new MemberChanged(now ? "UnreachableMember" : "ReachableMember", at, after.Show(member));
            }
        }
    }

    private static IEnumerable<ClusterEvent> Leader(ClusterSight before, ClusterSight after, DateTimeOffset at)
    {
        if (before.Reading.Coordinator.Holder != after.Reading.Coordinator.Holder)
        {
            yield return new LeaderChanged(at, after.Leader is { } leader ? MemberList.NodeOf(after.ClusterName, leader) : null, after.Leader?.NodeName);
        }
    }

    private static IEnumerable<ClusterEvent> Orders(ClusterSight before, ClusterSight after, DateTimeOffset at)
    {
        var (was, now) = (before.Reading.Orders.ToDictionary(order => order.NodeName), after.Reading.Orders.ToDictionary(order => order.NodeName));
        foreach (var order in now.Values.Where(order => was.GetValueOrDefault(order.NodeName) != order))
        {
            yield return new NodeOrdered(at, order.NodeName, OrderChecks.Text(order.Kind), order.Reason, order.ByWhom);
        }

        foreach (var node in was.Keys.Where(node => !now.ContainsKey(node)))
        {
            yield return new NodeOrdered(at, node, null, null, null);
        }
    }

    private static IEnumerable<ClusterEvent> Pins(ClusterSight before, ClusterSight after, DateTimeOffset at)
    {
        var (was, now) = (before.Reading.Pins.ToDictionary(pin => pin.Shard), after.Reading.Pins.ToDictionary(pin => pin.Shard));
        foreach (var pin in now.Values.Where(pin => was.GetValueOrDefault(pin.Shard) != pin))
        {
            yield return new ShardPinned(at, pin.Shard, pin.NodeName, pin.Reason, pin.ByWhom);
        }

        foreach (var shard in was.Keys.Where(shard => !now.ContainsKey(shard)))
        {
            yield return new ShardPinned(at, shard, null, null, null);
        }
    }

    private static IEnumerable<ClusterEvent> Targets(ClusterSight before, ClusterSight after, DateTimeOffset at)
    {
        var was = before.Reading.Targets.ToDictionary(target => target.Shard, target => target.Target);
        var now = after.Reading.Targets.ToDictionary(target => target.Shard);
        foreach (var shard in was.Keys.Union(now.Keys).Order())
        {
            var target = now.GetValueOrDefault(shard);
            if ((was.TryGetValue(shard, out var old) ? old : null) != target?.Target)
            {
                yield return new ShardTargetChanged(at, shard, Name(before, after, after.Reading.Owners[shard].Owner), Name(before, after, target?.Target), target?.Reason);
            }
        }
    }

    private static IEnumerable<ClusterEvent> Owners(ClusterSight before, ClusterSight after, DateTimeOffset at)
    {
        foreach (var (was, now) in before.Reading.Owners.Zip(after.Reading.Owners).Where(pair => (pair.First.Owner, pair.First.Epoch) != (pair.Second.Owner, pair.Second.Epoch)))
        {
            yield return new ShardOwnerChanged(
                at, now.Shard, Name(before, after, was.Owner), Name(before, after, now.Owner), was.Owner?.ToString(), now.Owner?.ToString(), now.Epoch, now.AcquiredBy);
        }
    }

    private static string? Name(ClusterSight before, ClusterSight after, Incarnation? incarnation) =>
        (after.Find(incarnation) ?? before.Find(incarnation))?.NodeName ?? incarnation?.ToString();
}
