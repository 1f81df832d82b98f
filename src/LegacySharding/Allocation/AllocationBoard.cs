using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacySharding.Allocation;

/// <summary>
/// What all allocations share: who may be given shards, which stay where they are, which are pinned, which need a place, and how
/// much of a plan may be carried out at once.
/// </summary>
/// <remarks>
/// A pin holds while a member of that name is open: pinned to a node that is not up or is being drained, the shard lives elsewhere until the node can
/// take it. A cordoned node keeps a shard that is pinned to it and already there, and gets none.
/// </remarks>
internal sealed class AllocationBoard
{
    private readonly AllocationInputs _inputs;
    private readonly long[]? _weights;
    private readonly Dictionary<Incarnation, Seat> _seats;
    private readonly Dictionary<int, PlannedMove> _moves = [];

    /// <param name="weights">By shard, in thousandths; null: each weighs one.</param>
    public AllocationBoard(AllocationInputs inputs, long[]? weights)
    {
        _inputs = inputs;
        _weights = weights;
        Seats =
        [
            .. inputs.Members.Where(member => member.IsOpen)
                .OrderBy(member => member.NodeName, StringComparer.Ordinal)
                .ThenBy(member => member.Incarnation)
                .Select((member, index) => new Seat(member, index)),
        ];
        _seats = Seats.ToDictionary(seat => seat.Incarnation);
        if (Seats.Length > 0)
        {
            TakeStock();
        }
    }

    /// <summary>Members that may be given shards, in order of name and incarnation.</summary>
    public Seat[] Seats { get; }

    /// <summary>Shards that need a place, the heaviest first; each with the cause.</summary>
    public List<(ShardPlacement Placement, MoveCause Cause)> Homeless { get; } = [];

    /// <inheritdoc cref="AllocationInputs.Rebalances"/>
    public bool Rebalances => _inputs.Rebalances;

    /// <summary>Of all that is housed on open members or needs a place there.</summary>
    public long Weight { get; private set; }

    public int Count { get; private set; }

    public long WeightOf(int shard) => _weights?[shard] ?? 1000;

    public Seat? SeatOf(Incarnation? incarnation) => incarnation is { } known ? _seats.GetValueOrDefault(known) : null;

    /// <summary>Gives a shard that needs a place to a member.</summary>
    public void Place(ShardPlacement placement, MoveCause cause, Seat to)
    {
        Note(placement, cause, to, cause == MoveCause.Drained ? DrainedFrom(placement) : default);
        to.Add(CandidateOf(placement, to), RateOf(placement.Shard));
        Touch(placement with { Target = to.Incarnation });
    }

    /// <summary>Moves a shard that is housed.</summary>
    public void Move(Candidate shard, MoveCause cause, Seat from, Seat to)
    {
        var placement = _inputs.Placements[shard.Shard];
        Note(placement, cause, to, from.Figures);
        from.Remove(shard, RateOf(shard.Shard));
        to.Add(CandidateOf(placement, to), RateOf(shard.Shard));
        from.IsTouched = to.IsTouched = true;
    }

    public Candidate CandidateOf(ShardPlacement placement, Seat seat) =>
        new(WeightOf(placement.Shard), placement.Owner != seat.Incarnation, placement.Shard);

    /// <summary>What may be carried out at once, in order of shard: shards without a target always, then pins, drains and the rest within the bounds.</summary>
    public IReadOnlyList<AllocationMove> Moves()
    {
        var budget = new MoveBudget(_inputs);
        return
        [
            .. _moves.Values
                .OrderBy(move => move.Cause).ThenBy(move => move.Placement.Shard)
                .Where(move => budget.Take(move.Placement, move.To.Incarnation, move.IsUrgent))
                .OrderBy(move => move.Placement.Shard)
                .Select(move => new AllocationMove(move.Placement.Shard, move.To.Incarnation, move.Reason, move.Numbers)),
        ];
    }

    private void TakeStock()
    {
        var closed = _inputs.Members.Where(member => !member.IsOpen).ToDictionary(member => member.Incarnation);
        var byName = Seats.ToLookup(seat => seat.Name, StringComparer.Ordinal);
        foreach (var placement in _inputs.Placements)
        {
            var seat = SeatOf(placement.Target);
            if (SeatNamed(_inputs.Pins.GetValueOrDefault(placement.Shard), placement, byName) is { } pinned)
            {
                TakeBound(placement, seat, pinned, null);
            }
            else if (_inputs.Moves.GetValueOrDefault(placement.Shard) is { } order && SeatNamed(order.NodeName, placement, byName) is { } ordered)
            {
                TakeBound(placement, seat, ordered, order);
            }
            else if (seat is not null && _inputs.Resting.Contains(placement.Shard))
            {
                TakeBound(placement, seat, seat, null);
            }
            else if (seat is not null)
            {
                Include(placement);
                seat.Add(CandidateOf(placement, seat), RateOf(placement.Shard));
                Touch(placement);
            }
            else if (placement.Target is not { } target)
            {
                Seek(placement, MoveCause.NoTarget);
            }
            else if (!closed.TryGetValue(target, out var member))
            {
                Seek(placement, MoveCause.TargetGone);
            }
            else if (member.IsDraining)
            {
                Seek(placement, MoveCause.Drained);
            }
        }

        Homeless.Sort((left, right) =>
            WeightOf(left.Placement.Shard) != WeightOf(right.Placement.Shard)
                ? WeightOf(right.Placement.Shard).CompareTo(WeightOf(left.Placement.Shard))
                : left.Placement.Shard.CompareTo(right.Placement.Shard));
    }

    /// <summary>Of several members of that name the one that has it, or is to have it; else the first.</summary>
    private static Seat? SeatNamed(string? name, ShardPlacement placement, ILookup<string, Seat> byName)
    {
        if (name is null)
        {
            return null;
        }

        var seats = byName[name].ToArray();
        return seats.FirstOrDefault(seat => seat.Incarnation == placement.Target)
            ?? seats.FirstOrDefault(seat => seat.Incarnation == placement.Owner)
            ?? seats.FirstOrDefault();
    }

    /// <summary>It belongs there, whatever the balance.</summary>
    /// <param name="order">Null: it is pinned there, or rests.</param>
    private void TakeBound(ShardPlacement placement, Seat? present, Seat pinned, OrderedMove? order)
    {
        Include(placement);
        if (placement.Target != pinned.Incarnation)
        {
            var isUrgent = present is null && !_inputs.Members.Any(member => member.Incarnation == placement.Target);
            Note(placement, isUrgent ? placement.Target is null ? MoveCause.NoTarget : MoveCause.TargetGone : order is null ? MoveCause.Pinned : MoveCause.Ordered, pinned, default, order);
        }

        pinned.Add(CandidateOf(placement, pinned), RateOf(placement.Shard), mayLeave: false);
        Touch(placement with { Target = pinned.Incarnation });
    }

    private void Seek(ShardPlacement placement, MoveCause cause)
    {
        Include(placement);
        Homeless.Add((placement, cause));
    }

    private void Include(ShardPlacement placement)
    {
        Count++;
        Weight += WeightOf(placement.Shard);
    }

    private void Touch(ShardPlacement placement)
    {
        if (placement.IsMoving)
        {
            SeatOf(placement.Target)?.IsTouched = true;
            SeatOf(placement.Owner)?.IsTouched = true;
        }
    }

    private void Note(ShardPlacement placement, MoveCause cause, Seat to, SeatFigures from, OrderedMove? order = null)
    {
        var shard = placement.Shard;
        if (placement.Target == to.Incarnation)
        {
            // It went away in this very plan and came back.
            _moves.Remove(shard);
            return;
        }

        cause = _moves.TryGetValue(shard, out var earlier) ? earlier.Cause : cause;
        _moves[shard] = new PlannedMove(placement, cause, to, from, to.Figures, LoadOf(shard), WeightOf(shard)) { Order = order };
    }

    private SeatFigures DrainedFrom(ShardPlacement placement) =>
        new(_inputs.Members.First(member => member.Incarnation == placement.Target).NodeName, 0, 0, 0);

    private double RateOf(int shard) => LoadOf(shard).Rate;

    private ShardLoad LoadOf(int shard) => _inputs.Loads.IsEmpty ? default : _inputs.Loads[shard];
}
