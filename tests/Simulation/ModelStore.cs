using System.Collections.Immutable;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;

namespace AkkaScale.Tests.Simulation;

/// <summary>
/// The store as rows in memory, every operation one atomic step: what IClusterStore promises and no more. Checks on its own that
/// an epoch has one owner and that epochs only grow.
/// </summary>
internal sealed class ModelStore(int shardCount, bool checksMemberOnAcquire)
{
    private readonly SortedDictionary<Incarnation, MemberSnapshot> _members = [];
    private readonly ShardOwner[] _owners = [.. Enumerable.Range(0, shardCount).Select(shard => new ShardOwner(shard, null, 0, ""))];
    private readonly SortedDictionary<int, ShardTarget> _targets = [];
    private readonly Dictionary<ShardEpoch, Incarnation> _history = [];
    private readonly List<WrittenEventType> _eventTypes = [];
    private readonly SortedDictionary<string, NodeOrder> _orders = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, ShardPin> _pins = [];
    private readonly Dictionary<int, List<ShardDecision>> _decisions = [];
    private CoordinatorTerm _coordinator = new(null, 0);

    /// <summary>Called with (shard, new owner, former owner) before a grant.</summary>
    public Action<int, Incarnation, Incarnation?> Granting { get; set; } = static (_, _, _) => { };

    public long Grants { get; private set; }

    /// <summary>How many entries each shard's journal has.</summary>
    public long[] Journals { get; } = new long[shardCount];

    public ClusterReading Read() => new(
        new ClusterIdentity("simulated", shardCount, 1, "model", 0), _coordinator,
        [.. _members.Values], [.. _owners], [.. _targets.Values])
    {
        Orders = [.. _orders.Values],
        Pins = [.. _pins.Values],
    };

    public IReadOnlyList<WrittenEventType> EventTypes => [.. _eventTypes];

    public WriteOutcome Join(MemberSnapshot self) =>
        (self.Reads is null || WrittenEventType.Objection(_eventTypes, self.Reads) is null) && _members.TryAdd(self.Incarnation, self)
            ? WriteOutcome.Applied
            : WriteOutcome.Refused;

    public WriteOutcome RegisterEventType(string kind, string eventType, string by)
    {
        if (_eventTypes.Any(type => type.Kind == kind && type.EventType == eventType)
            || _members.Values.Any(member => member.IsLive && member.Reads?.ReadsEvent(kind, eventType) != true))
        {
            return WriteOutcome.Refused;
        }

        _eventTypes.Add(new WrittenEventType(kind, eventType, DateTimeOffset.UnixEpoch, by));
        return WriteOutcome.Applied;
    }

    public WriteOutcome PublishUnreachable(Incarnation self, IReadOnlyList<Incarnation> peers)
    {
        if (!_members.TryGetValue(self, out var member) || !member.IsLive)
        {
            return WriteOutcome.Refused;
        }

        _members[self] = member with { Unreachable = [.. peers] };
        return WriteOutcome.Applied;
    }

    /// <param name="lost">Renewals of unknown outcome since the counter was last known to be as expected.</param>
    /// <param name="raisesAgain">Whether a counter raised by a lost renewal is raised once more, or taken as it is.</param>
    public (WriteOutcome Outcome, long Counter) Renew(Incarnation self, long expected, int lost, bool raisesAgain)
    {
        if (!_members.TryGetValue(self, out var member) || !member.IsLive
            || member.RenewCounter < expected || member.RenewCounter > expected + lost)
        {
            return (WriteOutcome.Refused, expected);
        }

        if (member.RenewCounter == expected || raisesAgain)
        {
            _members[self] = member = member with { RenewCounter = member.RenewCounter + 1 };
        }

        return (WriteOutcome.Applied, member.RenewCounter);
    }

    public WriteOutcome ChangeStatus(StatusChange change)
    {
        if (!_members.TryGetValue(change.Member, out var member) || !change.From.Contains(member.Status)
            || (change.RenewCounter is { } counter && counter != member.RenewCounter))
        {
            return WriteOutcome.Refused;
        }

        _members[change.Member] = member with { Status = change.To, Reason = change.Reason };
        return WriteOutcome.Applied;
    }

    public WriteOutcome ClaimCoordinator(CoordinatorTerm expected, Incarnation self)
    {
        if (_coordinator != expected)
        {
            return WriteOutcome.Refused;
        }

        _coordinator = new CoordinatorTerm(self, expected.Term + 1);
        return WriteOutcome.Applied;
    }

    public WriteOutcome WriteTargets(CoordinatorTerm term, IReadOnlyList<ShardTarget> targets)
    {
        if (_coordinator != term)
        {
            return WriteOutcome.Refused;
        }

        foreach (var target in targets)
        {
            _targets[target.Shard] = target;
            var decisions = _decisions.TryGetValue(target.Shard, out var known) ? known : _decisions[target.Shard] = [];
            decisions.Insert(0, new ShardDecision(
                target.Shard, decisions.Count + 1, target.Target, target.Reason, term.Holder!.Value, term.Term, target.Numbers, DateTimeOffset.UnixEpoch));
        }

        return WriteOutcome.Applied;
    }

    public IReadOnlyList<ShardDecision> ReadDecisions(int shard) => _decisions.TryGetValue(shard, out var known) ? [.. known] : [];

    public WriteOutcome SetNodeOrder(NodeOrder order)
    {
        _orders[order.NodeName] = order;
        return WriteOutcome.Applied;
    }

    public WriteOutcome ClearNodeOrder(string nodeName) => _orders.Remove(nodeName) ? WriteOutcome.Applied : WriteOutcome.Refused;

    public WriteOutcome Pin(ShardPin pin)
    {
        _pins[pin.Shard] = pin;
        return WriteOutcome.Applied;
    }

    public WriteOutcome Unpin(int shard) => _pins.Remove(shard) ? WriteOutcome.Applied : WriteOutcome.Refused;

    public IReadOnlyList<ShardEpoch> Acquire(Incarnation self, IReadOnlyList<ShardClaim> claims, string acquiredBy)
    {
        var granted = new List<ShardEpoch>();
        if (checksMemberOnAcquire && !(_members.TryGetValue(self, out var member) && member.Status == MemberStatus.Up))
        {
            return granted;
        }

        foreach (var claim in claims)
        {
            var row = _owners[claim.Shard];
            if (row.Owner != claim.ExpectedOwner || row.Epoch != claim.ExpectedEpoch)
            {
                continue;
            }

            Granting(claim.Shard, self, row.Owner);
            granted.Add(Grant(claim.Shard, self, acquiredBy));
        }

        return granted;
    }

    private ShardEpoch Grant(int shard, Incarnation to, string acquiredBy)
    {
        var grant = new ShardEpoch(shard, _owners[shard].Epoch + 1);
        if (!_history.TryAdd(grant, to))
        {
            throw new InvalidOperationException($"{grant} had an owner before");
        }

        Grants++;
        _owners[shard] = new ShardOwner(shard, to, grant.Epoch, acquiredBy);
        return grant;
    }

    public IReadOnlyList<ShardEpoch> HandOver(Incarnation self, IReadOnlyList<HandOver> shards)
    {
        var given = new List<ShardEpoch>();
        foreach (var shard in shards)
        {
            var row = _owners[shard.Shard];
            var isUp = !checksMemberOnAcquire || (_members.TryGetValue(shard.Target, out var target) && target.Status == MemberStatus.Up);
            if (row.Owner != self || row.Epoch != shard.Epoch || !isUp)
            {
                continue;
            }

            Granting(shard.Shard, shard.Target, row.Owner);
            given.Add(Grant(shard.Shard, shard.Target, shard.AcquiredBy));
        }

        return given;
    }

    /// <summary>One append of a shard: its journal grows by one entry.</summary>
    /// <param name="length">What the writer believes the journal's length to be.</param>
    /// <returns>Null: fenced.</returns>
    public long? Append(Incarnation self, ShardEpoch shard, long length)
    {
        var row = _owners[shard.Shard];
        if (row.Owner != self || row.Epoch != shard.Epoch)
        {
            return null;
        }

        return length == Journals[shard.Shard]
            ? ++Journals[shard.Shard]
            : throw new InvalidOperationException($"{self} writes behind {length} in {shard}, which is at {Journals[shard.Shard]}: its memory is old");
    }

    public IReadOnlyList<ShardEpoch> Release(Incarnation self, IReadOnlyList<ShardEpoch> shards)
    {
        var released = shards.Where(shard => _owners[shard.Shard].Owner == self && _owners[shard.Shard].Epoch == shard.Epoch).ToImmutableArray();
        foreach (var shard in released)
        {
            _owners[shard.Shard] = _owners[shard.Shard] with { Owner = null };
        }

        return released;
    }
}
