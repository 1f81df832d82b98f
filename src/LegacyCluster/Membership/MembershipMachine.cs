using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacyCluster.Membership;

/// <summary>
/// One member's part in membership: it watches the renew counters of the others on its own clock, declares the silent ones down and
/// then dead, and carries its own row from joining to up, and from leaving to removed. It notices when its own row is down.
/// </summary>
/// <remarks>
/// Death is declared in two steps. <c>down</c> is a compare-and-set on exactly (incarnation, renew counter): afterwards no renewal
/// succeeds. <c>dead</c> permits takeover and is set (a) at once by whoever itself saw the counter unchanged for TTL·(1+g), (b) by the
/// process itself after it has stopped serving, (c) by whoever has seen <c>down</c> for TTL·(1+g).
/// Whoever forces a Down has no such evidence, so that (b) and (c) are the ways on. Joining ends once this member holds a lease and is
/// connected with everybody who is up: a member that the others declared down because they cannot reach it must not come up again
/// and again.
/// An observation counts only while this member polls and renews without a gap above TTL/2. After an outage of the store everybody's counter is
/// old, its own too, and the first to reach the store again must not declare the others.
/// </remarks>
public sealed class MembershipMachine(Incarnation self, ClusterOptions options)
{
    private static readonly MemberStatus[] Live = [MemberStatus.Joining, MemberStatus.Up, MemberStatus.Leaving];

    private readonly Dictionary<Incarnation, Observation> _observations = [];
    private readonly SortedDictionary<long, StatusChange> _asked = [];
    private ImmutableHashSet<Incarnation> _unreachable = [];
    private TimeSpan? _waitsSince;
    private TimeSpan _toldWait;
    private TimeSpan? _lastPoll;
    private bool _leaveRequested;
    private string? _overBecause;
    private long _generation;

    /// <summary>The own row's status as last known.</summary>
    public MemberStatus OwnStatus { get; private set; } = MemberStatus.Joining;

    public bool IsOver => _overBecause is not null;

    private TimeSpan LongestGap => options.LeaseTtl / 2;

    private TimeSpan TellWaitEvery => options.LeaseTtl * 5;

    public void Step(ClusterInput input, TimeSpan now, List<ClusterEffect> effects)
    {
        switch (input)
        {
            case ClusterInput.StatusAnswered answered:
                OnAnswer(answered, effects);
                break;

            // After the end only the answer to the last words matters.
            case var _ when IsOver:
                break;

            case ClusterInput.Polled polled:
                OnReading(polled, now, effects);
                break;

            case ClusterInput.PeersUnreachable peers:
                _unreachable = peers.Peers;
                break;

            case ClusterInput.LeaveRequested:
                _leaveRequested = true;
                LeaveIfRequested(effects);
                break;

            case ClusterInput.OwnsNothing when OwnStatus == MemberStatus.Leaving:
                Ask(new StatusChange(self, [MemberStatus.Leaving], MemberStatus.Removed, null, "left in order"), effects);
                break;

            case ClusterInput.LeaseLost:
                End("the lease was refused: this member was declared down", effects);
                break;
        }
    }

    private void OnReading(ClusterInput.Polled polled, TimeSpan now, List<ClusterEffect> effects)
    {
        var own = polled.Reading.Members.FirstOrDefault(member => member.Incarnation == self);
        if (own is not { IsLive: true })
        {
            OnOwnEnd(own, effects);
            return;
        }

        OwnStatus = own.Status;
        if (own.Status == MemberStatus.Joining && now < polled.Lease.ValidUntil && !WaitsForPeers(polled.Reading, own, now, effects))
        {
            Ask(new StatusChange(self, [MemberStatus.Joining], MemberStatus.Up, null, "joined"), effects);
        }

        if (own.Status == MemberStatus.Leaving && !_leaveRequested)
        {
            // Another one wrote it into this row: whoever runs the process is to end it as if asked by a signal.
            _leaveRequested = true;
            effects.Add(new ClusterEffect.LeaveOrdered(own.Reason));
        }

        LeaveIfRequested(effects);
        if (!IsContinuous(polled.Lease, now))
        {
            _observations.Clear();
        }

        _lastPoll = now;
        Observe(polled.Reading, now, effects);
    }

    /// <summary>No deadline but the peers' own: one that is dead is declared so, and one that nobody reaches is sent away by the coordinator.</summary>
    private bool WaitsForPeers(ClusterReading reading, MemberSnapshot own, TimeSpan now, List<ClusterEffect> effects)
    {
        var missing = reading.Members
            .Where(member => member.Status == MemberStatus.Up && _unreachable.Contains(member.Incarnation) && ReachabilityMachine.Matters(own, member))
            .Select(member => member.NodeName)
            .Order(StringComparer.Ordinal)
            .ToImmutableArray();
        if (missing.IsEmpty)
        {
            _waitsSince = null;
            return false;
        }

        // The first word comes after the time within which a peer that has died is declared so.
        _waitsSince ??= _toldWait = now;
        if (now - _toldWait >= (_toldWait == _waitsSince ? options.ObservedExpiry : TellWaitEvery))
        {
            _toldWait = now;
            effects.Add(new ClusterEffect.AwaitPeers(missing, now - _waitsSince.Value));
        }

        return true;
    }

    /// <summary>Asks for a change that somebody else has decided, unless another change of that member is under way.</summary>
    public void Carry(StatusChange change, List<ClusterEffect> effects)
    {
        if (!IsOver)
        {
            Ask(change, effects);
        }
    }

    private void OnOwnEnd(MemberSnapshot? own, List<ClusterEffect> effects)
    {
        if (own?.Status == MemberStatus.Removed && OwnStatus == MemberStatus.Leaving)
        {
            EndInOrder(effects);
            return;
        }

        End(own is null ? "the member row is gone" : $"declared {own.Status.ToString().ToLowerInvariant()}: {own.Reason}", effects);
    }

    private bool IsContinuous(LeaseTimes lease, TimeSpan now) =>
        _lastPoll is { } last && now - last <= LongestGap
        && lease.RenewedAt is { } renewed && now - renewed <= LongestGap;

    private void Observe(ClusterReading reading, TimeSpan now, List<ClusterEffect> effects)
    {
        foreach (var member in reading.Members)
        {
            if (member.Incarnation == self)
            {
                continue;
            }

            if (member.IsGone)
            {
                _observations.Remove(member.Incarnation);
                continue;
            }

            if (!_observations.TryGetValue(member.Incarnation, out var seen) || seen.Counter != member.RenewCounter)
            {
                seen = new Observation { Counter = member.RenewCounter, Since = now };
                _observations[member.Incarnation] = seen;
            }

            Judge(member, seen, now, effects);
        }
    }

    private void Judge(MemberSnapshot member, Observation seen, TimeSpan now, List<ClusterEffect> effects)
    {
        if (member.Status == MemberStatus.Down)
        {
            seen.DownSince ??= now;
            if (seen.IsExpired)
            {
                AskDead(member.Incarnation, seen.Counter, "its lease expired", effects);
            }
            else if (now - seen.DownSince >= options.ObservedExpiry)
            {
                // Why it was declared down stays readable.
                AskDead(member.Incarnation, seen.Counter, $"{member.Reason}; it has been down for longer than a lease", effects);
            }
        }
        else if (now - seen.Since >= options.ObservedExpiry)
        {
            seen.IsExpired = true;
            var reason = FormattableString.Invariant($"renewal {seen.Counter} unchanged for {(now - seen.Since).TotalSeconds:0.0} s");
            Ask(new StatusChange(member.Incarnation, Live, MemberStatus.Down, seen.Counter, reason), effects);
        }
    }

    private void AskDead(Incarnation member, long counter, string reason, List<ClusterEffect> effects) =>
        Ask(new StatusChange(member, [MemberStatus.Down], MemberStatus.Dead, counter, reason), effects);

    private void OnAnswer(ClusterInput.StatusAnswered answered, List<ClusterEffect> effects)
    {
        if (!_asked.Remove(answered.Generation, out var change))
        {
            return;
        }

        if (answered.Outcome == WriteOutcome.Applied)
        {
            effects.Add(new ClusterEffect.Hint());
        }

        if (_overBecause is { } reason)
        {
            // Dead by its own word or, if that did not get through, by somebody else's.
            if (change.Member == self)
            {
                effects.Add(new ClusterEffect.EndSession(new SessionEnd(SessionEndKind.Lost, reason)));
            }
        }
        else if (answered.Outcome == WriteOutcome.Applied)
        {
            OnApplied(change, effects);
        }
        else
        {
            effects.Add(new ClusterEffect.Poll());
        }
    }

    private void OnApplied(StatusChange change, List<ClusterEffect> effects)
    {
        if (change.Member == self)
        {
            OwnStatus = change.To;
            if (change.To == MemberStatus.Removed)
            {
                EndInOrder(effects);
                return;
            }

            LeaveIfRequested(effects);
        }
        else if (change.To == MemberStatus.Down && change.RenewCounter is { } counter
            && _observations.TryGetValue(change.Member, out var seen) && seen.IsExpired && seen.Counter == counter)
        {
            AskDead(change.Member, counter, "its lease expired", effects);
        }

        effects.Add(new ClusterEffect.Poll());
    }

    private void LeaveIfRequested(List<ClusterEffect> effects)
    {
        if (_leaveRequested && OwnStatus is MemberStatus.Joining or MemberStatus.Up)
        {
            Ask(new StatusChange(self, [MemberStatus.Joining, MemberStatus.Up], MemberStatus.Leaving, null, "asked to leave"), effects);
        }
    }

    /// <summary>One change of a member at a time; the next reading or answer asks again if it is still wanted.</summary>
    private void Ask(StatusChange change, List<ClusterEffect> effects)
    {
        if (_asked.Values.Any(asked => asked.Member == change.Member))
        {
            return;
        }

        _asked.Add(++_generation, change);
        effects.Add(new ClusterEffect.ChangeStatus(_generation, change));
    }

    private void EndInOrder(List<ClusterEffect> effects)
    {
        _overBecause = "left in order";
        OwnStatus = MemberStatus.Removed;
        effects.Add(new ClusterEffect.RevokeLease(_overBecause));
        effects.Add(new ClusterEffect.EndSession(new SessionEnd(SessionEndKind.Stopped, _overBecause)));
    }

    private void End(string reason, List<ClusterEffect> effects)
    {
        _overBecause = reason;
        OwnStatus = MemberStatus.Down;
        _asked.Clear();
        effects.Add(new ClusterEffect.RevokeLease(reason));

        // Carried out after everything is dropped: the effects are executed in order.
        Ask(new StatusChange(self, [MemberStatus.Down], MemberStatus.Dead, null, $"{reason}; it has stopped serving"), effects);
    }

    private sealed class Observation
    {
        public required long Counter { get; init; }

        /// <summary>When this counter was first seen, without a gap since.</summary>
        public required TimeSpan Since { get; init; }

        /// <summary>This observer held the lease expired: evidence that does not grow old, since the counter is part of it.</summary>
        public bool IsExpired { get; set; }

        public TimeSpan? DownSince { get; set; }
    }
}
