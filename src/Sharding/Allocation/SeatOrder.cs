namespace AkkaScale.Sharding.Allocation;

/// <summary>
/// Open members from the emptiest to the fullest, of those with as many shards from the lightest to the heaviest, kept in order while shards go
/// from one to another.
/// </summary>
internal sealed class SeatOrder
{
    private static readonly Comparer<Place> ByCount = Comparer<Place>.Create((one, other) =>
        one.Count != other.Count ? one.Count.CompareTo(other.Count)
        : one.Weight != other.Weight ? one.Weight.CompareTo(other.Weight)
        : one.Seat.Index.CompareTo(other.Seat.Index));

    private readonly SortedSet<Place> _all = new(ByCount);
    private readonly SortedSet<Place> _giving = new(ByCount);

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
        var key = Place.Of(seat);
        _all.Remove(key);
        _giving.Remove(key);
        var result = change(seat);
        Put(seat);
        return result;
    }

    private void Put(Seat seat)
    {
        _all.Add(Place.Of(seat));
        if (seat.CanGive)
        {
            _giving.Add(Place.Of(seat));
        }
    }

    private readonly record struct Place(int Count, long Weight, Seat Seat)
    {
        public static Place Of(Seat seat) => new(seat.Count, seat.Weight, seat);
    }
}
