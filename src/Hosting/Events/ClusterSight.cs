using System.Collections.Immutable;
using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Management;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Hosting.Events;

/// <summary>The cluster as one node sees it at one moment: a reading of the store, and who cannot reach whom.</summary>
/// <param name="Unreachable">Members that are up or leaving and that somebody who is up does not reach, with those who do not.</param>
internal sealed record ClusterSight(string ClusterName, ClusterReading Reading, ImmutableDictionary<Incarnation, ImmutableArray<string>> Unreachable)
{
    public static ClusterSight Of(string clusterName, ClusterReading reading, Func<MemberSnapshot, MemberSnapshot, bool> doesNotReach)
    {
        var live = reading.Members.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving).ToList();
        return new ClusterSight(clusterName, reading, live
            .Select(member => (member.Incarnation, Observers: live
                .Where(observer => observer.Incarnation != member.Incarnation && doesNotReach(observer, member))
                .Select(observer => MemberList.NodeOf(clusterName, observer)).ToImmutableArray()))
            .Where(pair => pair.Observers.Length > 0)
            .ToImmutableDictionary(pair => pair.Incarnation, pair => pair.Observers));
    }

    public CurrentClusterState Describe(DateTimeOffset at) => new(
        at,
        [.. MemberList.Shown(Reading).Select(Show)],
        [.. MemberList.Shown(Reading).Where(member => Unreachable.ContainsKey(member.Incarnation))
            .Select(member => new UnreachableAnswer(MemberList.NodeOf(ClusterName, member), Unreachable[member.Incarnation]))],
        Leader is { } leader ? MemberList.NodeOf(ClusterName, leader) : null);

    public MemberSnapshot? Leader => Find(Reading.Coordinator.Holder);

    public MemberAnswer Show(MemberSnapshot member) => MemberAnswer.Of(MemberList.Show(Reading, ClusterName, member));

    public MemberSnapshot? Find(Incarnation? incarnation) =>
        incarnation is null ? null : Reading.Members.FirstOrDefault(member => member.Incarnation == incarnation);
}
