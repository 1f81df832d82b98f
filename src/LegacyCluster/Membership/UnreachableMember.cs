using System.Collections.Immutable;

namespace AkkaScale.LegacyCluster.Membership;

/// <summary>Two up members that are not connected, in order of incarnation: one of them says so, whichever.</summary>
internal readonly record struct BrokenPair(Incarnation First, Incarnation Second)
{
    public bool Has(Incarnation member) => First == member || Second == member;

    public Incarnation Other(Incarnation member) => First == member ? Second : First;

    /// <summary>What the members have published about each other. Words about a member that is not up any more mean nothing.</summary>
    public static HashSet<BrokenPair> AllOf(ImmutableArray<MemberSnapshot> up)
    {
        var known = up.ToDictionary(member => member.Incarnation);
        var pairs = new HashSet<BrokenPair>();
        foreach (var member in up)
        {
            foreach (var peer in member.Unreachable)
            {
                if (peer != member.Incarnation && known.TryGetValue(peer, out var other) && ReachabilityMachine.Matters(member, other))
                {
                    pairs.Add(peer.CompareTo(member.Incarnation) < 0 ? new(peer, member.Incarnation) : new(member.Incarnation, peer));
                }
            }
        }

        return pairs;
    }
}

/// <summary>Which member goes when some cannot reach others: a pure function, so that any coordinator decides alike.</summary>
internal static class UnreachableMember
{
    /// <summary>
    /// The one that most others cannot reach. Of equals: not the coordinator; one that the coordinator cannot reach, so that the side with
    /// the coordinator stays whole; one that hosts no shards, whose end moves none; the younger, which has renewed its lease less
    /// often; the higher incarnation.
    /// </summary>
    public static MemberSnapshot Choose(ImmutableArray<MemberSnapshot> up, IReadOnlyCollection<BrokenPair> broken, Incarnation coordinator) => up
        .Where(member => broken.Any(pair => pair.Has(member.Incarnation)))
        .OrderByDescending(member => broken.Count(pair => pair.Has(member.Incarnation)))
        .ThenBy(member => member.Incarnation == coordinator)
        .ThenByDescending(member => broken.Any(pair => pair.Has(member.Incarnation) && pair.Has(coordinator)))
        .ThenBy(member => member.HasRole(MemberSnapshot.EntityRole))
        .ThenBy(member => member.RenewCounter)
        .ThenByDescending(member => member.Incarnation)
        .First();
}
