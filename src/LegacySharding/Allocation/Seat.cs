using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacySharding.Allocation;

/// <summary>A member that may be given shards, and what it is to have, while a plan is made.</summary>
internal sealed class Seat(AllocationMember member, int index)
{
    private readonly List<Candidate> _shards = [];
    private SortedSet<Candidate>? _candidates;

    public Incarnation Incarnation => member.Incarnation;

    public string Name => member.NodeName;

    /// <summary>In order of name and incarnation: ties fall by it, so that every coordinator decides alike.</summary>
    public int Index { get; } = index;

    public int Count { get; private set; }

    /// <summary>Of <see cref="Count"/>, those that may not leave.</summary>
    public int Pinned { get; private set; }

    public long Weight { get; private set; }

    public double Rate { get; private set; }

    /// <summary>It gives or gets something already, so what is between it and another may be settled to the finer bound.</summary>
    public bool IsTouched { get; set; }

    public SeatFigures Figures => new(Name, Count, Rate, Weight);

    /// <summary>Those that may go elsewhere, by weight; sorted at the first use, which most seats of a large cluster never see.</summary>
    private SortedSet<Candidate> Candidates => _candidates ??= [.. _shards];

    public void Add(Candidate shard, double rate, bool mayLeave = true)
    {
        (Count, Weight, Rate) = (Count + 1, Weight + shard.Weight, Rate + rate);
        if (mayLeave)
        {
            _shards.Add(shard);
            _candidates?.Add(shard);
        }
        else
        {
            Pinned++;
        }
    }

    public void Remove(Candidate shard, double rate)
    {
        (Count, Weight, Rate) = (Count - 1, Weight - shard.Weight, Rate - rate);
        Candidates.Remove(shard);
    }

    /// <summary>The shard whose weight is nearest to <paramref name="ideal"/> and at most <paramref name="limit"/>; null when there is none.</summary>
    public Candidate? Nearest(long ideal, long limit)
    {
        if (limit < 0)
        {
            return null;
        }

        ideal = Math.Clamp(ideal, 0, limit);
        var below = Between(0, ideal).Max;
        var above = ideal < limit ? Between(ideal + 1, limit).Min : default;
        return !below.Exists ? above.Exists ? above : null
            : above.Exists && above.Weight - ideal < ideal - below.Weight ? above
            : below;
    }

    /// <summary>Its count would be counted anew each time; its ends are found at once, and are the default where there are none.</summary>
    private SortedSet<Candidate> Between(long from, long to) =>
        Candidates.GetViewBetween(new Candidate(from, false, -1), new Candidate(to, true, int.MaxValue));
}

/// <summary>A shard that may move. Of equal weights one that has not arrived yet goes first, since that costs least, then the highest number.</summary>
internal readonly record struct Candidate(long Weight, bool IsArriving, int Shard) : IComparable<Candidate>
{
    /// <summary>Every shard weighs something.</summary>
    public bool Exists => Weight > 0;

    public int CompareTo(Candidate other) =>
        Weight != other.Weight ? Weight.CompareTo(other.Weight)
        : IsArriving != other.IsArriving ? IsArriving.CompareTo(other.IsArriving)
        : Shard.CompareTo(other.Shard);
}

/// <summary>What a member had when a decision was made.</summary>
/// <param name="Weight">In thousandths.</param>
internal readonly record struct SeatFigures(string Name, int Count, double Rate, long Weight);
