using System.Globalization;
using AkkaScale.Cluster.Membership;

namespace AkkaScale.Sharding.Allocation;

/// <summary>
/// Every member the same number of shards, give or take one, with as few moves as that allows. Shards without a living target go to the member with the
/// fewest, or stay with their present owner up to its share; then single shards move from the fullest member to the emptiest until
/// they differ by at most one. Ties fall by node name, incarnation and shard number, so every coordinator decides alike.
/// </summary>
public sealed class LeastShardsAllocation : IAllocation
{
    public IReadOnlyList<AllocationMove> Plan(AllocationInputs inputs)
    {
        var open = inputs.Members.Where(member => !member.IsCordoned)
            .OrderBy(member => member.NodeName, StringComparer.Ordinal)
            .ThenBy(member => member.Incarnation)
            .ToArray();
        if (open.Length == 0)
        {
            return [];
        }

        var shares = open.Select(member => new Share(member)).ToArray();
        var byIncarnation = shares.ToDictionary(share => share.Member.Incarnation);
        var cordoned = inputs.Members.Where(member => member.IsCordoned).Select(member => member.Incarnation).ToHashSet();
        var moves = new SortedDictionary<int, AllocationMove>();

        var (homeless, moving) = CountPlaced(inputs, byIncarnation, cordoned);
        Place(homeless, shares, byIncarnation, moves);
        Balance(Math.Max(0, inputs.MaxMovingShards - moving), shares, moves);
        return [.. moves.Values];
    }

    private static (List<ShardPlacement> Homeless, int Moving) CountPlaced(
        AllocationInputs inputs, Dictionary<Incarnation, Share> shares, HashSet<Incarnation> cordoned)
    {
        var homeless = new List<ShardPlacement>();
        var moving = 0;
        foreach (var placement in inputs.Placements)
        {
            if (placement.Target is { } target && shares.TryGetValue(target, out var share))
            {
                share.Shards.Add(placement);
                moving += placement.Owner is { } owner && owner != target ? 1 : 0;
            }
            else if (placement.Target is not { } kept || !cordoned.Contains(kept))
            {
                homeless.Add(placement);
            }
        }

        return (homeless, moving);
    }

    private static void Place(
        List<ShardPlacement> homeless, Share[] shares, Dictionary<Incarnation, Share> byIncarnation, SortedDictionary<int, AllocationMove> moves)
    {
        // Everybody needs the smaller share anyway, so up to that an owner keeps what it has.
        var smallerShare = (shares.Sum(share => share.Count) + homeless.Count) / shares.Length;
        var rest = new List<ShardPlacement>();
        foreach (var placement in homeless)
        {
            if (placement.Owner is { } owner && byIncarnation.TryGetValue(owner, out var present) && present.Count < smallerShare)
            {
                Give(placement, present, moves);
            }
            else
            {
                rest.Add(placement);
            }
        }

        foreach (var placement in rest)
        {
            Give(placement, shares.MinBy(share => share.Count)!, moves);
        }
    }

    private static void Give(ShardPlacement placement, Share to, SortedDictionary<int, AllocationMove> moves)
    {
        var why = placement.Target is null ? "had no target" : "its target is not up any more";
        moves[placement.Shard] = new AllocationMove(placement.Shard, to.Member.Incarnation, Reason(why, to));
        to.Shards.Add(placement with { Target = to.Member.Incarnation });
    }

    private static void Balance(int allowed, Share[] shares, SortedDictionary<int, AllocationMove> moves)
    {
        for (; allowed > 0; allowed--)
        {
            var fullest = shares.MaxBy(share => share.Count)!;
            var emptiest = shares.MinBy(share => share.Count)!;
            if (fullest.Count - emptiest.Count <= 1)
            {
                return;
            }

            var placement = fullest.TakeOne();
            var why = string.Create(CultureInfo.InvariantCulture, $"{fullest.Member.NodeName} has {fullest.Count + 1}");
            moves[placement.Shard] = new AllocationMove(placement.Shard, emptiest.Member.Incarnation, Reason(why, emptiest));
            emptiest.Shards.Add(placement with { Target = emptiest.Member.Incarnation });
        }
    }

    private static string Reason(string why, Share to) =>
        string.Create(CultureInfo.InvariantCulture, $"{why}; {to.Member.NodeName} had {to.Count}");

    /// <summary>What one member is to have, while a plan is made.</summary>
    private sealed class Share(AllocationMember member)
    {
        public AllocationMember Member { get; } = member;

        public List<ShardPlacement> Shards { get; } = [];

        public int Count => Shards.Count;

        /// <summary>A shard that is not here yet costs nothing to send elsewhere; else the highest number goes.</summary>
        public ShardPlacement TakeOne()
        {
            var index = Shards.FindLastIndex(placement => placement.Owner != Member.Incarnation);
            index = index < 0 ? Shards.Count - 1 : index;
            var placement = Shards[index];
            Shards.RemoveAt(index);
            return placement;
        }
    }
}
