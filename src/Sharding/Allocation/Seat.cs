using AkkaScale.Cluster.Orders;

namespace AkkaScale.Sharding.Allocation;

/// <summary>A member, and what it is to have, while a plan is made.</summary>
/// <param name="index">In order of name and address: ties fall by it, so that every coordinator decides alike.</param>
/// <param name="order">That was given about it; null: none, and it may be given shards.</param>
internal sealed class Seat(AllocationMember member, int index, NodeOrder? order)
{
    private readonly SortedSet<SeatShard> _free = [];

    public string Address => member.Address;

    public string Name => member.NodeName;

    public int Index => index;

    public NodeOrder? Order => order;

    public bool IsOpen => order is null;

    public bool IsDraining => order?.Kind == NodeOrderKind.Drain;

    public int Count { get; private set; }

    /// <summary>Of all its shards.</summary>
    public long Weight { get; private set; }

    /// <summary>Whether what each of its shards carries is known.</summary>
    public bool IsKnown => _unknown == 0;

    /// <summary>Whether it has a shard that may go elsewhere for the balance.</summary>
    public bool CanGive => _free.Count > 0;

    /// <summary>Of those that may leave; null: none may.</summary>
    public SeatShard? Lightest => _free.Count > 0 ? NumberedHighest(_free.Min.Weight) : null;

    private int _unknown;

    public void Add(SeatShard shard)
    {
        Count++;
        Weight += shard.Weight;
        _unknown += shard.IsKnown ? 0 : 1;
        if (shard.MayLeave)
        {
            _free.Add(shard);
        }
    }

    public SeatShard Give(SeatShard shard)
    {
        _free.Remove(shard);
        Count--;
        Weight -= shard.Weight;
        _unknown -= shard.IsKnown ? 0 : 1;
        return shard;
    }

    /// <summary>Of those that may leave, which it must have, the one whose weight is nearest, the lighter of two; of several the one with the highest number.</summary>
    public SeatShard Nearest(long weight)
    {
        var (below, above) = Around(weight);
        return above is not { } heavier || (below is { } lighter && weight - lighter.Weight <= heavier.Weight - weight) ? below!.Value : heavier;
    }

    /// <summary>Of those that may leave the heaviest up to that weight, and the lightest above it.</summary>
    public (SeatShard? Below, SeatShard? Above) Around(long weight)
    {
        if (_free.Count == 0)
        {
            return (null, null);
        }

        var (least, most) = (_free.Min.Weight, _free.Max.Weight);
        return (
            weight < least ? null : weight >= most ? NumberedHighest(most) : Within(0, weight).Max,
            weight >= most ? null : NumberedHighest(weight < least ? least : Within(weight + 1, most).Min.Weight));
    }

    private SeatShard NumberedHighest(int weight) => weight == _free.Max.Weight ? _free.Max : Within(weight, weight).Max;

    private SortedSet<SeatShard> Within(long least, long most) => _free.GetViewBetween(
        new SeatShard(0, (int)least, false, false), new SeatShard(int.MaxValue, (int)most, false, false));
}

/// <summary>A shard that a member has, or is to have.</summary>
/// <param name="IsKnown">Whether what it carries is: else its weight is that of a shard that carries nothing.</param>
/// <param name="MayLeave">Whether it may go elsewhere for the balance.</param>
internal readonly record struct SeatShard(int Shard, int Weight, bool IsKnown, bool MayLeave) : IComparable<SeatShard>
{
    public int CompareTo(SeatShard other) => Weight != other.Weight ? Weight.CompareTo(other.Weight) : Shard.CompareTo(other.Shard);
}
