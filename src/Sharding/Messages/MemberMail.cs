using Akka.Actor;
using Akka.Cluster;

namespace AkkaScale.Sharding.Messages;

/// <summary>
/// Messages to an actor of the same name on other members. Who cannot be reached is left out: an attempt to connect holds up everything for that
/// address while it lasts, and a process that is started there meanwhile is not heard of.
/// </summary>
internal static class MemberMail
{
    /// <summary>Members that stay and can be reached, this one included.</summary>
    public static HashSet<UniqueAddress> Reachable(Akka.Cluster.Cluster cluster)
    {
        var state = cluster.State;
        return
        [
            .. state.Members
                .Where(member => member.Status is not (MemberStatus.Down or MemberStatus.Exiting or MemberStatus.Removed)
                    && !state.Unreachable.Contains(member))
                .Select(member => member.UniqueAddress),
        ];
    }

    /// <param name="name">Of the actor, below <c>/user</c>.</param>
    public static void Tell(ActorSystem system, IEnumerable<UniqueAddress> members, string name, IShardingMessage message)
    {
        foreach (var member in members)
        {
            system.ActorSelection(new RootActorPath(member.Address) / "user" / name).Tell(message, ActorRefs.NoSender);
        }
    }
}
