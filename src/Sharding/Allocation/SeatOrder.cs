namespace AkkaScale.Sharding.Allocation;

/// <summary>Open members from the emptiest to the fullest, kept in order while shards go from one to another.</summary>
internal sealed class SeatOrder
{
    private static readonly Comparer<(int Count, Seat Seat)> ByCount = Comparer<(int Count, Seat Seat)>.Create((one, other) =>
        one.Count != other.Count ? one.Count.CompareTo(other.Count) : one.Seat.Index.CompareTo(other.Seat.Index));

    private readonly SortedSet<(int Count, Seat Seat)> _all = new(ByCount);
    private readonly SortedSet<(int Count, Seat Seat)> _giving = new(ByCount);

    public SeatOrder(IEnumerable<Seat> seats)
    {
        foreach (var seat in seats.Where(seat => seat.IsOpen))
        {
            Put(seat);
        }
    }

    /// <summary>Null: no member is open.</summary>
    public Seat? Emptiest => _all.Count > 0 ? _all.Min.Seat : null;

    /// <summary>Of those with a shard that may leave for the balance; null: there is none.</summary>
    public Seat? FullestGiver => _giving.Count > 0 ? _giving.Max.Seat : null;

    /// <summary>Changes what a member is to have.</summary>
    public T Change<T>(Seat seat, Func<Seat, T> change)
    {
        var key = (seat.Count, seat);
        _all.Remove(key);
        _giving.Remove(key);
        var result = change(seat);
        Put(seat);
        return result;
    }

    private void Put(Seat seat)
    {
        _all.Add((seat.Count, seat));
        if (seat.CanGive)
        {
            _giving.Add((seat.Count, seat));
        }
    }
}
