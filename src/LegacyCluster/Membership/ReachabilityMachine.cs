using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacyCluster.Membership;

/// <summary>
/// Members that reach the store but not each other. Every member publishes which up members it is not connected with; the coordinator
/// reads all of that and sends one member away at a time, by a forced Down, until whoever is left is connected.
/// </summary>
/// <remarks>
/// Nothing here is needed for safety: a member that is wrongly sent away is fenced like any other and joins anew. So the care is for not
/// acting without need. A peer counts as unreachable when both were up and not connected for TTL·(1+g) and two polls, in which a process that
/// has died is declared dead by its lease; the coordinator acts when a pair has been published for TTL·(1+g) more and the picture has settled. A gap in the own
/// readings starts both waits anew. What leaves already is left alone.
/// </remarks>
public sealed class ReachabilityMachine(Incarnation self, ClusterOptions options)
{
    private readonly SortedDictionary<Incarnation, TimeSpan> _cutSince = [];
    private readonly Dictionary<BrokenPair, TimeSpan> _brokenSince = [];
    private ImmutableHashSet<Incarnation> _unreachable = [];
    private TimeSpan? _lastReading;
    private bool _isPublishing;
    private long _generation;

    /// <summary>How long both must have been up without a connection before it is published.</summary>
    private TimeSpan PublishAfter => options.ObservedExpiry + (options.PollInterval * 2);

    /// <summary>Whether anything travels between the two: between members without shards nothing does.</summary>
    public static bool Matters(MemberSnapshot one, MemberSnapshot other) =>
        one.HasRole(MemberSnapshot.EntityRole) || other.HasRole(MemberSnapshot.EntityRole);

    /// <summary>Returns the forced Down that the coordinator wants, if it wants one.</summary>
    public StatusChange? Step(ClusterInput input, TimeSpan now, List<ClusterEffect> effects)
    {
        switch (input)
        {
            case ClusterInput.PeersUnreachable peers:
                _unreachable = peers.Peers;
                return null;

            case ClusterInput.UnreachablePublished answered when answered.Generation == _generation:
                _isPublishing = false;
                return null;

            case ClusterInput.Polled polled:
                return OnReading(polled.Reading, now, effects);

            default:
                return null;
        }
    }

    private StatusChange? OnReading(ClusterReading reading, TimeSpan now, List<ClusterEffect> effects)
    {
        if (_lastReading is not { } last || now - last > options.LeaseTtl / 2)
        {
            _cutSince.Clear();
            _brokenSince.Clear();
        }

        _lastReading = now;
        var up = reading.Members.Where(member => member.Status == MemberStatus.Up).ToImmutableArray();
        if (up.FirstOrDefault(member => member.Incarnation == self) is not { } own)
        {
            return null;
        }

        Publish(own, up, now, effects);
        return reading.Coordinator.Holder == self ? Resolve(up, now) : null;
    }

    private void Publish(MemberSnapshot own, ImmutableArray<MemberSnapshot> up, TimeSpan now, List<ClusterEffect> effects)
    {
        var cut = up.Where(member => member.Incarnation != self && _unreachable.Contains(member.Incarnation) && Matters(own, member))
            .Select(member => member.Incarnation)
            .ToHashSet();
        foreach (var healed in _cutSince.Keys.Where(peer => !cut.Contains(peer)).ToArray())
        {
            _cutSince.Remove(healed);
        }

        foreach (var peer in cut)
        {
            _cutSince.TryAdd(peer, now);
        }

        var unreachable = _cutSince.Where(peer => now - peer.Value >= PublishAfter).Select(peer => peer.Key).ToImmutableArray();
        if (!_isPublishing && !unreachable.SequenceEqual(own.Unreachable))
        {
            _isPublishing = true;
            effects.Add(new ClusterEffect.PublishUnreachable(++_generation, unreachable));
        }
    }

    private StatusChange? Resolve(ImmutableArray<MemberSnapshot> up, TimeSpan now)
    {
        var pairs = BrokenPair.AllOf(up);
        foreach (var healed in _brokenSince.Keys.Where(pair => !pairs.Contains(pair)).ToArray())
        {
            _brokenSince.Remove(healed);
        }

        foreach (var pair in pairs)
        {
            _brokenSince.TryAdd(pair, now);
        }

        if (!IsTimeToResolve(now))
        {
            return null;
        }

        var victim = UnreachableMember.Choose(up, pairs, self);
        var own = pairs.Where(pair => pair.Has(victim.Incarnation)).ToArray();
        var peers = own.Select(pair => NameOf(pair.Other(victim.Incarnation), up)).Order(StringComparer.Ordinal).ToArray();
        var since = own.Max(pair => now - _brokenSince[pair]);
        var reason = FormattableString.Invariant(
            $"{peers.Length} of {up.Length - 1} peers ({string.Join(", ", peers)}) are not connected with it, published for {since.TotalSeconds:0.0} s; decided by coordinator {NameOf(self, up)}");

        // The counter of this very reading: a coordinator that slept meanwhile changes nothing.
        return new StatusChange(victim.Incarnation, [MemberStatus.Up], MemberStatus.Down, victim.RenewCounter, reason);
    }

    /// <summary>
    /// Members do not notice a cut at the same moment, and half of the picture shows the wrong one as the loneliest. So the newest pair must
    /// have stood for a while too, but one that comes and goes does not put the decision off for ever.
    /// </summary>
    private bool IsTimeToResolve(TimeSpan now)
    {
        if (_brokenSince.Count == 0)
        {
            return false;
        }

        var (oldest, newest) = (now - _brokenSince.Values.Min(), now - _brokenSince.Values.Max());
        return oldest >= options.ObservedExpiry && (newest >= options.ObservedExpiry / 2 || oldest >= options.ObservedExpiry * 2);
    }

    private static string NameOf(Incarnation member, ImmutableArray<MemberSnapshot> members) =>
        members.First(known => known.Incarnation == member).NodeName;
}
