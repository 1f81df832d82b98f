using Akka.Cluster;
using AkkaScale.Cluster.Members;
using AkkaEvent = Akka.Cluster.ClusterEvent;

namespace AkkaScale.Management.Events;

/// <summary>
/// The members as far as Akka's events have told of them. A listener is told this first, and then exactly the events that come after.
/// </summary>
/// <param name="rowOf">The member's row in the database; null: none is known.</param>
internal sealed class ClusterPicture(Func<Member, NodeRow?> rowOf)
{
    private readonly Dictionary<UniqueAddress, EventMember> _members = [];
    private readonly HashSet<UniqueAddress> _unreachable = [];
    private string? _leader;

    /// <summary>False before this node has joined.</summary>
    public bool IsKnown => _members.Count > 0;

    public void Begin(AkkaEvent.CurrentClusterState state)
    {
        _members.Clear();
        _unreachable.Clear();
        foreach (var member in state.Members)
        {
            _members[member.UniqueAddress] = EventMember.Of(member, rowOf(member), null);
        }

        _unreachable.UnionWith(state.Unreachable.Select(member => member.UniqueAddress));
        _leader = state.Leader?.ToString();
    }

    /// <returns>What listeners are told of it; null: nothing.</returns>
    public ClusterEvent? Take(AkkaEvent.IClusterDomainEvent happened, DateTimeOffset at)
    {
        switch (happened)
        {
            case AkkaEvent.IMemberEvent { Member: var member }:
                return new MemberChanged(happened.GetType().Name, at, TakeMember(member));
            case AkkaEvent.UnreachableMember { Member: var member }:
                _unreachable.Add(member.UniqueAddress);
                return new MemberChanged(nameof(AkkaEvent.UnreachableMember), at, Show(member));
            case AkkaEvent.ReachableMember { Member: var member }:
                _unreachable.Remove(member.UniqueAddress);
                return new MemberChanged(nameof(AkkaEvent.ReachableMember), at, Show(member));
            case AkkaEvent.LeaderChanged { Leader: var leader }:
                _leader = leader?.ToString();
                return new LeaderChanged(at, _leader, _members.Values.FirstOrDefault(member => member.Node == _leader)?.Name);
            default:
                return null;
        }
    }

    public CurrentClusterState Describe(DateTimeOffset at) => new(
        at,
        [.. _members.Values.OrderBy(member => member.Name, StringComparer.Ordinal).ThenBy(member => member.Node, StringComparer.Ordinal)],
        [.. _unreachable.Select(member => member.Address.ToString()).Order(StringComparer.Ordinal)],
        _leader);

    private EventMember TakeMember(Member member)
    {
        var shown = Show(member);
        if (member.Status == MemberStatus.Removed)
        {
            _members.Remove(member.UniqueAddress);
            _unreachable.Remove(member.UniqueAddress);
        }
        else
        {
            _members[member.UniqueAddress] = shown;
        }

        return shown;
    }

    private EventMember Show(Member member) =>
        EventMember.Of(member, rowOf(member), _members.GetValueOrDefault(member.UniqueAddress));
}
