namespace AkkaScale.Sharding.Allocation;

/// <summary>
/// Where the heaviest member weighs more than <see cref="Tolerance"/> above the average, it gives a heavy shard to one of the lightest and takes a
/// light one for it, until none does, or nothing helps: every member keeps the number of shards that it has, give or take one.
/// </summary>
/// <remarks>
/// No step makes the heavier of the two weigh less by under a quarter of what a shard weighs on average: small gains are not worth the hand-over. So it
/// ends, and a shard that alone weighs more than the average stays where it is while others make room around it. A member with a shard of which
/// nobody knows what it carries gives nothing and is given nothing: silence does not attract. What carries nothing weighs something too, and where
/// all is idle all weigh alike.
/// </remarks>
internal sealed class LoadExchange
{
    /// <summary>Above the average.</summary>
    internal const double Tolerance = 0.25;

    /// <summary>So many of the lightest are looked at before a heavy one is left as it is.</summary>
    private const int Partners = 4;

    private static readonly Comparer<Place> ByWeight = Comparer<Place>.Create((one, other) =>
        one.Weight != other.Weight ? one.Weight.CompareTo(other.Weight) : one.Seat.Index.CompareTo(other.Seat.Index));

    private readonly SortedSet<Place> _all = new(ByWeight);
    private readonly SortedSet<Place> _heavy = new(ByWeight);
    private readonly PlannedMoves _moves;
    private readonly long _limit;
    private readonly long _least;
    private readonly long _most;

    private LoadExchange(IReadOnlyList<Seat> seats, PlannedMoves moves)
    {
        _moves = moves;
        var weight = seats.Sum(seat => seat.Weight);
        _limit = (long)(weight * (1 + Tolerance) / seats.Count);
        var shards = Math.Max(1, seats.Sum(seat => (long)seat.Count));
        _least = Math.Max(1, weight / shards / 4);
        _most = shards;
        foreach (var seat in seats)
        {
            Put(seat);
        }
    }

    public static void Run(IEnumerable<Seat> seats, PlannedMoves moves)
    {
        var known = seats.Where(seat => seat.IsOpen && seat.IsKnown).ToArray();
        if (known.Length > 1)
        {
            new LoadExchange(known, moves).Run();
        }
    }

    private void Run()
    {
        // Each exchange lowers the sum of the squares, so there is an end; one for each shard is far above what it takes.
        var stuck = new List<Seat>();
        var exchanges = 0L;
        while (_heavy.Count > 0 && exchanges < _most)
        {
            var from = _heavy.Max.Seat;
            if (Find(from) is { } found)
            {
                Carry(from, found);
                exchanges++;

                // What could not be helped before perhaps can be now.
                stuck.ForEach(Put);
                stuck.Clear();
            }
            else
            {
                _heavy.Remove(Place.Of(from));
                stuck.Add(from);
            }
        }
    }

    private Exchange? Find(Seat from)
    {
        Exchange? best = null;
        foreach (var to in _all.Take(Partners).Select(place => place.Seat).Where(to => to != from))
        {
            foreach (var exchange in Between(from, to).Where(exchange => exchange.Gain >= _least))
            {
                best = best is null || exchange.Gain > best.Value.Gain ? exchange : best;
            }

            if (best is not null)
            {
                return best;
            }
        }

        return null;
    }

    /// <summary>Without a shard in return, if the number of shards allows it, comes first: of two that gain the same it moves less.</summary>
    private static IEnumerable<Exchange> Between(Seat from, Seat to) => (from.Count > to.Count ? Giving(from, to, null) : [])
        .Concat(to.Lightest is { } back ? Giving(from, to, back) : []);

    private static IEnumerable<Exchange> Giving(Seat from, Seat to, SeatShard? back)
    {
        var (gap, light) = (from.Weight - to.Weight, back?.Weight ?? 0);
        var (below, above) = from.Around((gap / 2) + light);
        return new[] { below, above }.OfType<SeatShard>()
            .Select(shard => new Exchange(to, shard, back, Math.Min(shard.Weight - light, gap - (shard.Weight - light))));
    }

    private void Carry(Seat from, Exchange exchange)
    {
        var to = exchange.To;
        var given = exchange.Given;
        var reason = FormattableString.Invariant($"{from.Name} weighs {from.Weight}, {to.Name} {to.Weight}, the shard {given.Weight}");
        Take(from);
        Take(to);
        to.Add(from.Give(given));
        _moves.Add(MoveStage.Load, given.Shard, from, to, reason);
        if (exchange.Back is { } back)
        {
            from.Add(to.Give(back));
            _moves.Add(
                MoveStage.Load, back.Shard, to, from, FormattableString.Invariant($"for shard {given.Shard}: it weighs {back.Weight}, that one {given.Weight}"));
        }

        Put(from);
        Put(to);
    }

    private void Take(Seat seat)
    {
        _all.Remove(Place.Of(seat));
        _heavy.Remove(Place.Of(seat));
    }

    private void Put(Seat seat)
    {
        _all.Add(Place.Of(seat));
        if (seat.Weight > _limit)
        {
            _heavy.Add(Place.Of(seat));
        }
    }

    private readonly record struct Place(long Weight, Seat Seat)
    {
        public static Place Of(Seat seat) => new(seat.Weight, seat);
    }

    /// <param name="Back">Null: none.</param>
    /// <param name="Gain">By how much the heavier of the two weighs less afterwards.</param>
    private readonly record struct Exchange(Seat To, SeatShard Given, SeatShard? Back, long Gain);
}
