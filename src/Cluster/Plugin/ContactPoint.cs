using System.Collections.Immutable;
using Akka.Actor;
using Akka.Cluster;
using Akka.Management.Cluster.Bootstrap.ContactPoint;
using Newtonsoft.Json;

namespace AkkaScale.Cluster.Plugin;

/// <summary>What Akka.Management's contact point answers: the seed nodes that this process knows, in the protocol of Cluster Bootstrap.</summary>
/// <remarks>
/// Only within the own deadline, and as a member of the present generation: whoever has been left behind must not draw others to itself.
/// </remarks>
public static class ContactPoint
{
    public const string Path = "/bootstrap/seed-nodes";

    public static string Answer(ActorSystem system)
    {
        var membership = ClusterMembership.For(system);
        var cluster = Akka.Cluster.Cluster.Get(system);
        var members = membership.MayBeJoined ? Seeds(cluster) : [];
        return JsonConvert.SerializeObject(new HttpBootstrapJsonProtocol.SeedNodes(cluster.SelfAddress, members));
    }

    private static ImmutableList<HttpBootstrapJsonProtocol.ClusterMember> Seeds(Akka.Cluster.Cluster cluster)
    {
        var state = cluster.State;
        return !IsSeed(cluster.SelfMember)
            ? []
            : [.. state.Members
                .Where(member => IsSeed(member) && !state.Unreachable.Contains(member))
                .Select(member => new HttpBootstrapJsonProtocol.ClusterMember(
                    member.Address, member.UniqueAddress.Uid, member.Status, member.Roles))];
    }

    private static bool IsSeed(Member member) =>
        member.Status is MemberStatus.Up or MemberStatus.WeaklyUp or MemberStatus.Joining;
}
