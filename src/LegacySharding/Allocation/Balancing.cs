namespace AkkaScale.LegacySharding.Allocation;

/// <summary>
/// Evens out the weights of members. Shards that need a place stay with their present owner up to its share, else go to the lightest
/// member; then single shards move from the heaviest member to the lightest for as long as that makes the two more even.
/// </summary>
/// <remarks>
/// Each move goes from a heavier member to one that is lighter even afterwards, so the sum of squares falls with every move and the loop ends. Which shard: of
/// the two members the one that is further from the average is to come to the average in load and in count together, so that a new member gets a
/// fair mix and not the hottest shards of all. Weights are whole thousandths: sums do not depend on order.
/// </remarks>
internal sealed class Balancing
{
    private readonly AllocationBoard _board;
    private readonly long _start;
    private readonly long _stop;
    private readonly SortedSet<(long Weight, int Index)> _all;
    private readonly SortedSet<(long Weight, int Index)> _givers;
    private readonly HashSet<Seat> _patient = [];

    /// <param name="start">Beyond the weight of a shard, two members must differ by more than this before the first shard moves between them.</param>
    /// <param name="stop">Once one of them gives or gets anything, by more than this.</param>
    private Balancing(AllocationBoard board, long start, long stop)
    {
        _board = board;
        _start = Math.Max(start, stop);
        _stop = stop;
        _all = [.. board.Seats.Select(Key)];
        _givers = [.. _all];
    }

    private double AverageWeight => (double)_board.Weight / _board.Seats.Length;

    private double AverageCount => (double)_board.Count / _board.Seats.Length;

    public static void Run(AllocationBoard board, long start, long stop)
    {
        var balancing = new Balancing(board, start, stop);
        balancing.PlaceHomeless();
        if (board.Rebalances)
        {
            balancing.Even();
        }
    }

    private static (long Weight, int Index) Key(Seat seat) => (seat.Weight, seat.Index);

    private void PlaceHomeless()
    {
        var rest = new List<(ShardPlacement Placement, MoveCause Cause)>();
        foreach (var (placement, cause) in _board.Homeless)
        {
            if (_board.SeatOf(placement.Owner) is { } owner
                && (owner.Weight + _board.WeightOf(placement.Shard)) * _board.Seats.Length <= _board.Weight)
            {
                Change(owner, () => _board.Place(placement, cause, owner));
            }
            else
            {
                rest.Add((placement, cause));
            }
        }

        foreach (var (placement, cause) in rest)
        {
            var lightest = _board.Seats[_all.Min.Index];
            Change(lightest, () => _board.Place(placement, cause, lightest));
        }
    }

    private void Even()
    {
        while (_givers.Count > 0)
        {
            var from = _board.Seats[_givers.Max.Index];
            var to = _board.Seats[_all.Min.Index];
            if (from.Weight - to.Weight <= _stop)
            {
                return;
            }

            if (!from.IsTouched && !to.IsTouched && from.Weight - to.Weight <= _start)
            {
                // It may have its turn yet, with a member that something goes to.
                _givers.Remove(Key(from));
                _patient.Add(from);
            }
            else if (Choose(from, to) is { } shard)
            {
                var wasTouched = from.IsTouched && to.IsTouched;
                Change(from, () => Change(to, () => _board.Move(shard, MoveCause.Balance, from, to)));
                if (!wasTouched)
                {
                    ReturnPatient();
                }
            }
            else
            {
                _givers.Remove(Key(from));
            }
        }
    }

    private Candidate? Choose(Seat from, Seat to)
    {
        var difference = from.Weight - to.Weight;
        var (over, under) = (from.Weight - AverageWeight, AverageWeight - to.Weight);
        var ideal = under >= over ? under / Math.Max(1, AverageCount - to.Count) : over / Math.Max(1, from.Count - AverageCount);
        return from.Nearest((long)Math.Ceiling(Math.Min(ideal, difference / 2.0)), difference - _stop - 1);
    }

    private void ReturnPatient()
    {
        foreach (var seat in _patient)
        {
            _givers.Add(Key(seat));
        }

        _patient.Clear();
    }

    /// <summary>The sets are sorted by weight: a member must be out of them while its weight changes. One that gets something may give again.</summary>
    private void Change(Seat seat, Action change)
    {
        _all.Remove(Key(seat));
        _givers.Remove(Key(seat));
        change();
        _all.Add(Key(seat));
        _givers.Add(Key(seat));
        _patient.Remove(seat);
    }
}
