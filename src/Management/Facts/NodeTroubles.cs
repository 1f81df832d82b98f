using Akka.Actor;
using Akka.Cluster;
using AkkaScale.Cluster;
using AkkaScale.Sharding.Routing;

namespace AkkaScale.Management.Facts;

/// <summary>Why a process cannot ask its cluster's regions at the moment.</summary>
public static class NodeTroubles
{
    public static bool IsMember(ActorSystem? running) =>
        running is not null && StatusIn(running) is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Exiting;

    /// <summary>Empty when it can.</summary>
    public static IReadOnlyList<string> Of(ActorSystem? running, bool isLeaving) =>
        isLeaving ? ["the node is leaving"]
        : running is not { } system ? ["the node is not a member"]
        : StatusIn(system) is not MemberStatus.Up and var status ? [$"the node is not a member: {status.ToString().ToLowerInvariant()}"]
        : !ClusterMembership.For(system).IsServing ? ["the database has not answered in time: this node may not serve now"]
        : SteeredRegions.For(system).All.All(region => HasHosts(system, region)) ? []
        : ["no member hosts entities"];

    private static MemberStatus StatusIn(ActorSystem system) => Akka.Cluster.Cluster.Get(system).SelfMember.Status;

    private static bool HasHosts(ActorSystem system, SteeredRegion region) => Akka.Cluster.Cluster.Get(system).State.Members
        .Any(member => member.Status == MemberStatus.Up && (region.Role is null || member.HasRole(region.Role)));
}
