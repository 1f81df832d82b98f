using System.Collections.Immutable;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacySharding.Allocation;

/// <summary>
/// The coordinator's logic on one member. It claims the term when nobody living holds it; while it holds the term it plans at
/// every reading and writes what changed. There is nothing to hand over between coordinators: the rows are the state. A coordinator that was
/// replaced learns it from a refused write, or from the next reading.
/// </summary>
public sealed class CoordinatorMachine(Incarnation self, IAllocation allocation, AllocationOptions options) : ICoordinator
{
    /// <summary>For so long a new coordinator has not seen enough of the loads to move anything for them but what is far out of balance.</summary>
    private static readonly TimeSpan LearningPeriod = TimeSpan.FromSeconds(10);

    private bool _isAsking;
    private LoadBook? _loads;
    private MoveBook? _moves;
    private ClusterReading? _lastReading;
    private TimeSpan? _heldSince;
    private volatile AllocationInputs? _lastInputs;

    /// <summary>What this member planned by at its last reading; null while it is not the coordinator. May be read by any thread.</summary>
    public AllocationInputs? LastInputs => _lastInputs;

    public long Generation { get; private set; }

    public void Step(ClusterInput input, TimeSpan now, List<ClusterEffect> effects)
    {
        switch (input)
        {
            // A reading that was asked for before the last write ended would plan against targets that are no longer there.
            case ClusterInput.Polled polled when !_isAsking && polled.Ticket.Coordinator == Generation:
                OnReading(polled.Reading, now, effects);
                break;

            // Whoever does not coordinate has no book; what is sent to it is as good as lost. Of a shard its owner alone knows the load: a report of anybody else, late or
            // made up, would weigh in the plans for as long as the book remembers.
            case ClusterInput.LoadsReported reported:
                _loads?.Add(reported.Interval, [.. reported.Shards.Where(traffic => IsOwner(reported.From, traffic.Shard))]);
                break;

            case ClusterInput.CoordinatorAnswered answered when _isAsking && answered.Generation == Generation:
                _isAsking = false;
                Generation++;
                if (answered.Outcome == WriteOutcome.Applied)
                {
                    effects.Add(new ClusterEffect.Hint());
                }

                // Whatever the answer, the next step follows from what the store shows.
                effects.Add(new ClusterEffect.Poll());
                break;
        }
    }

    private bool IsOwner(Incarnation member, int shard) =>
        _lastReading is { } reading && shard >= 0 && shard < reading.Owners.Length && reading.Owners[shard].Owner == member;

    private static bool CanCoordinate(MemberSnapshot? member) =>
        member is { Status: MemberStatus.Up } && member.HasRole(MemberSnapshot.EntityRole);

    private void OnReading(ClusterReading reading, TimeSpan now, List<ClusterEffect> effects)
    {
        var members = reading.Members.ToDictionary(member => member.Incarnation);
        if (!CanCoordinate(members.GetValueOrDefault(self)))
        {
            Forget();
            return;
        }

        if (reading.Coordinator.Holder is { } holder && holder == self)
        {
            WriteChanges(reading, members, now, effects);
            return;
        }

        Forget();
        if (reading.Coordinator.Holder is not { } other || MayBeReplaced(members.GetValueOrDefault(other)))
        {
            _isAsking = true;
            effects.Add(new ClusterEffect.ClaimCoordinator(++Generation, reading.Coordinator));
        }
    }

    private static bool MayBeReplaced(MemberSnapshot? holder) => holder is null or { IsGone: true } or { Status: MemberStatus.Leaving };

    /// <summary>Another coordinates: what was known of the loads grows old.</summary>
    private void Forget() =>
        (_loads, _moves, _heldSince, _lastInputs, _lastReading) = (null, null, null, null, null);

    private void WriteChanges(
        ClusterReading reading, Dictionary<Incarnation, MemberSnapshot> members, TimeSpan now, List<ClusterEffect> effects)
    {
        _loads ??= new LoadBook(reading.Identity.ShardCount, options.LoadWindow);
        _heldSince ??= now;
        _lastReading = reading;
        _moves ??= new MoveBook(options.MoveRest);
        var (hosts, placements) = (Hosts(reading), Placements(reading, members));
        var orders = _moves.Review(reading, hosts, placements, now);
        var inputs = new AllocationInputs(hosts, placements, options.MaxMovingShards)
        {
            MaxMovingShardsPerNode = options.MaxMovingShardsPerNode,
            Loads = _loads.Loads,
            Pins = reading.Pins.ToImmutableSortedDictionary(pin => pin.Shard, pin => pin.NodeName),
            Moves = orders.Wanted,
            Resting = orders.Resting,
            Rebalances = options.Rebalance == AllocationOptions.Automatic,
            IsNewCoordinator = now - _heldSince < LearningPeriod,
        };
        _lastInputs = inputs;
        var targets = Targets(allocation.Plan(inputs), orders, placements, reading.Coordinator.Term);
        if (targets.IsEmpty)
        {
            return;
        }

        _isAsking = true;
        effects.Add(new ClusterEffect.WriteTargets(++Generation, reading.Coordinator, targets));
    }

    /// <summary>What the plan wants, and a word on every order to move that is over: with what the plan wants of its shard, else with the present target.</summary>
    private ImmutableArray<ShardTarget> Targets(
        IReadOnlyList<AllocationMove> moves, MoveReview orders, ImmutableArray<ShardPlacement> placements, long term)
    {
        var targets = moves.ToDictionary(
            move => move.Shard, move => new ShardTarget(move.Shard, move.To, move.Reason, self, term) { Numbers = move.Numbers });
        foreach (var (shard, (move, word)) in orders.Ended)
        {
            if (targets.TryGetValue(shard, out var planned))
            {
                targets[shard] = planned with { Reason = $"{word}; {planned.Reason}", EndsMove = move };
            }
            else if (placements[shard].Target is { } present)
            {
                targets[shard] = new ShardTarget(shard, present, word, self, term) { EndsMove = move };
            }
        }

        return [.. targets.Values.OrderBy(target => target.Shard)];
    }

    private static ImmutableArray<AllocationMember> Hosts(ClusterReading reading)
    {
        var orders = reading.Orders.ToDictionary(order => order.NodeName, order => order.Kind, StringComparer.Ordinal);
        return
        [
            .. reading.Members.Where(CanCoordinate).Select(member =>
            {
                var kind = orders.TryGetValue(member.NodeName, out var order) ? order : (NodeOrderKind?)null;
                return new AllocationMember(member.Incarnation, member.NodeName, kind == NodeOrderKind.Cordon, kind == NodeOrderKind.Drain);
            }),
        ];
    }

    private static ImmutableArray<ShardPlacement> Placements(ClusterReading reading, Dictionary<Incarnation, MemberSnapshot> members)
    {
        var placements = new ShardPlacement[reading.Identity.ShardCount];
        for (var shard = 0; shard < placements.Length; shard++)
        {
            placements[shard] = new ShardPlacement(shard, null, null);
        }

        foreach (var row in reading.Owners)
        {
            // An owner that is gone is no owner: its shard waits for a target, not for a handoff.
            var owner = row.Owner is { } incarnation && members.GetValueOrDefault(incarnation) is { IsGone: false } ? row.Owner : null;
            placements[row.Shard] = placements[row.Shard] with { Owner = owner, Epoch = row.Epoch };
        }

        foreach (var row in reading.Targets)
        {
            placements[row.Shard] = placements[row.Shard] with { Target = row.Target };
        }

        return ImmutableArray.Create(placements);
    }
}
