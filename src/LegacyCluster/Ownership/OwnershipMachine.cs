using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>
/// One member's part in ownership: a reconciler. At every input it compares, shard by shard, what the store shows with what it hosts, and does
/// the next thing. All conditions are on state, so a lost message or answer delays and never loses a shard.
/// </summary>
/// <remarks>
/// Invariants. A (shard, epoch) is started at most once: an epoch that was started, or whose release or hand-over was asked for, is
/// spent, because a late release, hand-over or append may still arrive under it; the way on is compare-and-set to the next epoch. A
/// handoff can be called off, and the shard serve on, up to the moment its compare-and-set is sent. At most one acquire, release or
/// hand-over is in flight. What the store showed about a shard counts only if the reading was asked for after the last operation on
/// that shard had ended. An unknown outcome decides nothing: the next such reading does.
/// </remarks>
public sealed class OwnershipMachine
{
    private readonly Incarnation _self;
    private readonly ClusterOptions _options;
    private readonly Random _random;
    private readonly ShardState[] _shards;
    private HashSet<Incarnation> _eligible = [];
    private HashSet<Incarnation> _mayOwn = [];
    private MemberStatus _ownStatus = MemberStatus.Joining;
    private bool _hosts;
    private LeaseTimes _lease;
    private (long Number, TimeSpan SeenAt)? _generation;
    private InFlight? _inFlight;
    private bool _lastUnknown;
    private long _handoffs;
    private int _handoffsUnderWay;
    private bool _isOver;

    public OwnershipMachine(Incarnation self, ClusterOptions options, Random random)
    {
        _self = self;
        _options = options;
        _random = random;
        _shards = new ShardState[options.ShardCount];
        for (var shard = 0; shard < _shards.Length; shard++)
        {
            _shards[shard] = new ShardState(shard);
        }
    }

    /// <summary>Grows when an operation begins and when it ends.</summary>
    public long Generation { get; private set; }

    /// <summary>Nothing hosted, nothing owned as far as is known, nothing under way.</summary>
    public bool OwnsNothing =>
        _inFlight is null && !_shards.Any(shard => shard.HostedEpoch != 0 || shard.IsUncertain || shard.Owner == _self);

    public void Step(ClusterInput input, TimeSpan now, List<ClusterEffect> effects)
    {
        if (_isOver)
        {
            return;
        }

        switch (input)
        {
            case ClusterInput.Polled polled:
                OnReading(polled, now, effects);
                break;

            case ClusterInput.AcquireAnswered answered when IsPresent(answered.Generation):
                OnAcquired(answered.Granted, effects);
                break;

            case ClusterInput.ReleaseAnswered answered when IsPresent(answered.Generation):
                OnReleased(answered.Released, effects);
                break;

            case ClusterInput.HandOverAnswered answered when IsPresent(answered.Generation):
                OnHandedOver(answered.Given, effects);
                break;

            case ClusterInput.ShardReady ready when IsHandingOff(ready):
                _shards[ready.Shard.Shard].Handoff!.IsReady = true;
                break;

            case ClusterInput.ShardDrained drained when _shards[drained.Shard.Shard].HostedEpoch == drained.Shard.Epoch:
                _shards[drained.Shard.Shard].Unhost();
                break;

            case ClusterInput.ShardStopped stopped when _shards[stopped.Shard.Shard].HostedEpoch == stopped.Shard.Epoch:
                _shards[stopped.Shard.Shard].Unhost();
                break;

            case ClusterInput.LeaseLost:
                DropAll(effects);
                return;

            default:
                return;
        }

        Reconcile(now, effects);
    }

    private bool IsPresent(long generation) => _inFlight is not null && generation == Generation;

    private void OnReading(ClusterInput.Polled polled, TimeSpan now, List<ClusterEffect> effects)
    {
        var reading = polled.Reading;
        if (_generation?.Number != reading.Identity.Generation)
        {
            _generation = (reading.Identity.Generation, now);
        }

        _lease = polled.Lease;
        _eligible = reading.Members
            .Where(member => member.Status == MemberStatus.Up && member.HasRole(MemberSnapshot.EntityRole))
            .Select(member => member.Incarnation).ToHashSet();
        _mayOwn = reading.Members.Where(member => !member.IsGone).Select(member => member.Incarnation).ToHashSet();
        var own = reading.Members.FirstOrDefault(member => member.Incarnation == _self);
        _ownStatus = own?.Status ?? MemberStatus.Joining;
        _hosts = own?.HasRole(MemberSnapshot.EntityRole) ?? false;

        foreach (var shard in _shards)
        {
            shard.Target = null;
        }

        foreach (var target in reading.Targets)
        {
            _shards[target.Shard].Target = target.Target;
        }

        var rows = reading.Owners.ToDictionary(row => row.Shard);
        foreach (var shard in _shards)
        {
            // A store may leave out a shard that never had an owner.
            var row = rows.GetValueOrDefault(shard.Number) ?? new ShardOwner(shard.Number, null, 0, "");
            Take(shard, row, polled.Ticket.Ownership, effects);
        }
    }

    private bool IsHandingOff(ClusterInput.ShardReady ready)
    {
        var shard = _shards[ready.Shard.Shard];
        return shard.HostedEpoch == ready.Shard.Epoch && shard.Handoff?.Id == ready.HandoffId;
    }

    private static void Take(ShardState shard, ShardOwner row, long askedIn, List<ClusterEffect> effects)
    {
        if (shard.IsInFlight || shard.EndedIn > askedIn || row.Epoch < shard.Epoch)
        {
            return;
        }

        shard.IsUncertain = false;
        if (shard.HostedEpoch != 0 && (row.Owner != shard.Owner || row.Epoch != shard.HostedEpoch))
        {
            effects.Add(new ClusterEffect.DropShard(new ShardEpoch(shard.Number, shard.HostedEpoch)));
            shard.Unhost();
        }

        if (row.Epoch != shard.Epoch && shard.Handoff is { } handoff)
        {
            EndHandoff(shard, HandOver.HandoffIdOf(row.AcquiredBy) == handoff.Id, effects);
        }

        shard.Owner = row.Owner;
        shard.Epoch = row.Epoch;
        shard.AcquiredBy = row.AcquiredBy;
    }

    private static void EndHandoff(ShardState shard, bool isGiven, List<ClusterEffect> effects)
    {
        effects.Add(new ClusterEffect.HandOffEnded(new ShardEpoch(shard.Number, shard.Epoch), shard.Handoff!.Id, isGiven));
        shard.Handoff = null;
    }

    private void OnAcquired(ImmutableArray<ShardEpoch>? granted, List<ClusterEffect> effects)
    {
        var acquiredBy = EndOperation(granted is null);
        foreach (var grant in granted ?? [])
        {
            var shard = _shards[grant.Shard];
            shard.IsUncertain = false;
            shard.Owner = _self;
            shard.Epoch = grant.Epoch;
            shard.AcquiredBy = acquiredBy;
            effects.Add(new ClusterEffect.PublishOwner(new ShardOwner(grant.Shard, _self, grant.Epoch, acquiredBy)));
        }

        Told(granted, effects);
    }

    private void OnReleased(ImmutableArray<ShardEpoch>? released, List<ClusterEffect> effects)
    {
        EndOperation(released is null);
        foreach (var release in released ?? [])
        {
            var shard = _shards[release.Shard];
            shard.IsUncertain = false;
            shard.Owner = null;
        }

        Told(released, effects);
    }

    private void OnHandedOver(ImmutableArray<ShardEpoch>? given, List<ClusterEffect> effects)
    {
        EndOperation(given is null);
        foreach (var grant in given ?? [])
        {
            var shard = _shards[grant.Shard];
            var handoff = shard.Handoff!;
            var row = new ShardOwner(grant.Shard, handoff.Target, grant.Epoch, HandOverOf(shard).AcquiredBy);
            effects.Add(new ClusterEffect.PublishOwner(row));
            EndHandoff(shard, isGiven: true, effects);
            shard.IsUncertain = false;
            shard.Owner = row.Owner;
            shard.Epoch = row.Epoch;
            shard.AcquiredBy = row.AcquiredBy;
        }

        Told(given, effects);
    }

    /// <summary>Until a grant or a later reading says otherwise, nothing is known of the shards of an ended operation.</summary>
    private string EndOperation(bool isUnknown)
    {
        Generation++;
        foreach (var number in _inFlight!.Shards)
        {
            var shard = _shards[number];
            shard.IsInFlight = false;
            shard.IsUncertain = true;
            shard.EndedIn = Generation;
        }

        var acquiredBy = _inFlight.AcquiredBy;
        _inFlight = null;
        _lastUnknown = isUnknown;
        return acquiredBy;
    }

    private static void Told(ImmutableArray<ShardEpoch>? changed, List<ClusterEffect> effects)
    {
        if (changed is { Length: > 0 })
        {
            effects.Add(new ClusterEffect.Hint());
        }

        effects.Add(new ClusterEffect.Poll());
    }

    private void DropAll(List<ClusterEffect> effects)
    {
        _isOver = true;
        foreach (var shard in _shards)
        {
            if (shard.HostedEpoch != 0)
            {
                effects.Add(new ClusterEffect.DropShard(new ShardEpoch(shard.Number, shard.HostedEpoch)));
                shard.Unhost();
            }
        }
    }

    private void Reconcile(TimeSpan now, List<ClusterEffect> effects)
    {
        _handoffsUnderWay = _shards.Count(shard => shard is { HostedEpoch: not 0, Handoff: not null });
        var handOver = new List<ShardState>();
        var release = new List<ShardState>();
        var acquire = new SortedDictionary<string, List<ShardState>>(StringComparer.Ordinal);
        foreach (var shard in _shards)
        {
            if (shard.IsInFlight || shard.IsUncertain)
            {
                continue;
            }

            if (shard.HostedEpoch != 0)
            {
                GiveOrDrain(shard, handOver, effects);
            }
            else if (shard.Owner == _self)
            {
                StartOrGiveUp(shard, handOver, release, acquire, effects);
            }
            else if (NeedsTakeover(shard, now))
            {
                Want(acquire, shard.Epoch == 0 ? "first" : shard.Owner is null ? "handoff" : "takeover", shard);
            }
        }

        if (_inFlight is not null)
        {
            return;
        }

        if (handOver.Count > 0)
        {
            HandOverShards(handOver, effects);
        }
        else if (release.Count > 0)
        {
            Release(release, effects);
        }
        else if (acquire.Count > 0 && now < _lease.ValidUntil)
        {
            var (acquiredBy, shards) = acquire.First();
            Acquire(acquiredBy, shards, effects);
        }
    }

    /// <summary>The member that is to have the shard instead of this one, if it is up.</summary>
    private Incarnation? Successor(ShardState shard) =>
        shard.Target is { } target && target != _self && _eligible.Contains(target) ? target : null;

    private bool IsLastToLeave => _ownStatus == MemberStatus.Leaving && !_eligible.Any(member => member != _self);

    private bool NeedsTakeover(ShardState shard, TimeSpan now) =>
        shard.Target == _self && _hosts && _ownStatus == MemberStatus.Up
        && (shard.Owner is { } owner ? !_mayOwn.Contains(owner) : shard.AcquiredBy != ShardOwner.ByGeneration || AreFormerLeasesOver(now));

    /// <summary>
    /// Renewals of an earlier generation were sent before the database changed, hence before this process first saw that it had; so after the whole
    /// observation period no process serves by one of them.
    /// </summary>
    private bool AreFormerLeasesOver(TimeSpan now) =>
        _generation is { } seen && now - seen.SeenAt >= _options.ObservedExpiry;

    private void GiveOrDrain(ShardState shard, List<ShardState> handOver, List<ClusterEffect> effects)
    {
        if (shard.IsDraining)
        {
            return;
        }

        var hosted = new ShardEpoch(shard.Number, shard.HostedEpoch);
        var successor = Successor(shard);
        if (shard.Handoff is { } handoff)
        {
            if (handoff.Target == successor)
            {
                if (handoff.IsReady)
                {
                    handOver.Add(shard);
                }

                return;
            }

            effects.Add(new ClusterEffect.AbortHandOff(hosted, handoff.Id));
            shard.Handoff = null;
            _handoffsUnderWay--;
        }

        if (successor is { } target)
        {
            if (_handoffsUnderWay < _options.MaxHandoffs)
            {
                _handoffsUnderWay++;
                shard.Handoff = new Handoff(target, NextHandoffId());
                effects.Add(new ClusterEffect.HandOffShard(hosted, target, shard.Handoff.Id));
            }
        }
        else if (IsLastToLeave)
        {
            shard.IsDraining = true;
            effects.Add(new ClusterEffect.DrainShard(hosted));
        }
    }

    /// <summary>Names the member too, so that no two attempts ever bear the same.</summary>
    private string NextHandoffId() => FormattableString.Invariant($"{_self}-{++_handoffs}");

    /// <summary>Owned and not hosted: just acquired or given, stopped by itself, or given away with an outcome not known yet.</summary>
    private void StartOrGiveUp(
        ShardState shard, List<ShardState> handOver, List<ShardState> release, SortedDictionary<string, List<ShardState>> acquire,
        List<ClusterEffect> effects)
    {
        var successor = Successor(shard);
        if (shard.Handoff is { } given && given.Target != successor)
        {
            EndHandoff(shard, isGiven: false, effects);
        }

        if (successor is { } target)
        {
            // Nothing was served under this epoch since the copies were made, if any were: the same attempt may be asked for again.
            shard.Handoff ??= new Handoff(target, NextHandoffId());
            handOver.Add(shard);
        }
        else if (_ownStatus != MemberStatus.Up)
        {
            release.Add(shard);
        }
        else if (shard.Epoch > shard.SpentEpoch)
        {
            shard.Host();
            effects.Add(new ClusterEffect.StartShard(new ShardEpoch(shard.Number, shard.Epoch), shard.AcquiredBy));
        }
        else
        {
            Want(acquire, "reload", shard);
        }
    }

    private static void Want(SortedDictionary<string, List<ShardState>> acquire, string acquiredBy, ShardState shard)
    {
        if (!acquire.TryGetValue(acquiredBy, out var shards))
        {
            acquire.Add(acquiredBy, shards = []);
        }

        shards.Add(shard);
    }

    private void HandOverShards(List<ShardState> shards, List<ClusterEffect> effects)
    {
        var batch = Begin(shards, "");
        foreach (var shard in batch)
        {
            shard.SpentEpoch = Math.Max(shard.SpentEpoch, shard.Epoch);
            shard.Handoff!.IsGiven = true;
            if (shard.HostedEpoch != 0)
            {
                effects.Add(new ClusterEffect.GiveAwayShard(new ShardEpoch(shard.Number, shard.HostedEpoch), shard.Handoff.Id));
                shard.Unhost();
            }
        }

        effects.Add(new ClusterEffect.HandOverShards(
            Generation, [.. batch.Select(HandOverOf)], _lastUnknown ? Backoff() : TimeSpan.Zero));
    }

    private static HandOver HandOverOf(ShardState shard) =>
        new(shard.Number, shard.Epoch, shard.Handoff!.Target, shard.Handoff.Id);

    private void Release(List<ShardState> shards, List<ClusterEffect> effects)
    {
        var batch = Begin(shards, "");
        foreach (var shard in batch)
        {
            shard.SpentEpoch = Math.Max(shard.SpentEpoch, shard.Epoch);
        }

        effects.Add(new ClusterEffect.Release(
            Generation, [.. batch.Select(shard => new ShardEpoch(shard.Number, shard.Epoch))], _lastUnknown ? Backoff() : TimeSpan.Zero));
    }

    private void Acquire(string acquiredBy, List<ShardState> shards, List<ClusterEffect> effects)
    {
        var batch = Begin(shards, acquiredBy);
        effects.Add(new ClusterEffect.Acquire(
            Generation,
            [.. batch.Select(shard => new ShardClaim(shard.Number, shard.Owner, shard.Epoch))],
            acquiredBy,
            _lastUnknown ? Backoff() : Jitter(acquiredBy)));
    }

    private ShardState[] Begin(List<ShardState> shards, string acquiredBy)
    {
        var batch = shards.Take(IClusterStore.MaxShardsPerTransaction).ToArray();
        _inFlight = new InFlight([.. batch.Select(shard => shard.Number)], acquiredBy);
        Generation++;
        foreach (var shard in batch)
        {
            shard.IsInFlight = true;
        }

        return batch;
    }

    /// <summary>
    /// So that the takers of a dead member's shards do not all come at the same moment: up to 20 ms with a lease of 2 s. For a handoff or a
    /// reload there is one taker, and callers wait.
    /// </summary>
    private TimeSpan Jitter(string acquiredBy) =>
        acquiredBy is "handoff" or "reload" ? TimeSpan.Zero : _options.LeaseTtl / 100 * _random.NextDouble();

    private TimeSpan Backoff() => _options.PollInterval * (0.5 + _random.NextDouble() / 2);

    private sealed record InFlight(int[] Shards, string AcquiredBy);

    /// <summary>An attempt to give a shard to its target.</summary>
    private sealed class Handoff(Incarnation target, string id)
    {
        public Incarnation Target { get; } = target;

        public string Id { get; } = id;

        /// <summary>The host has stopped intake, and the target has what could be sent.</summary>
        public bool IsReady { get; set; }

        /// <summary>The compare-and-set was sent: there is no way back to serving under this epoch.</summary>
        public bool IsGiven { get; set; }
    }

    private sealed class ShardState(int number)
    {
        public int Number { get; } = number;

        public Incarnation? Owner { get; set; }

        public long Epoch { get; set; }

        /// <summary>How the epoch was reached.</summary>
        public string AcquiredBy { get; set; } = "";

        public Incarnation? Target { get; set; }

        /// <summary>The epoch under which the host runs the shard; 0 when it does not.</summary>
        public long HostedEpoch { get; private set; }

        public bool IsDraining { get; set; }

        public Handoff? Handoff { get; set; }

        /// <summary>Up to here no epoch may be started.</summary>
        public long SpentEpoch { get; set; }

        public bool IsInFlight { get; set; }

        /// <summary>Owner and epoch are not known well enough to act on.</summary>
        public bool IsUncertain { get; set; } = true;

        /// <summary>The generation in which the last operation on this shard ended.</summary>
        public long EndedIn { get; set; }

        public void Host()
        {
            HostedEpoch = Epoch;
            SpentEpoch = Math.Max(SpentEpoch, Epoch);
            IsDraining = false;
        }

        public void Unhost()
        {
            HostedEpoch = 0;
            IsDraining = false;
            Handoff = Handoff is { IsGiven: true } ? Handoff : null;
        }
    }
}
