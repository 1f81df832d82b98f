using System.Runtime.InteropServices;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacySharding.Allocation;

/// <summary>Bounds the shards on their way from living owners: in the cluster, from each member and to each member.</summary>
internal sealed class MoveBudget
{
    private readonly int _limit;
    private readonly int _limitOfNode;
    private readonly Dictionary<Incarnation, int> _leaving = [];
    private readonly Dictionary<Incarnation, int> _coming = [];
    private int _moving;

    public MoveBudget(AllocationInputs inputs)
    {
        _limit = inputs.MaxMovingShards;
        _limitOfNode = inputs.MaxMovingShardsPerNode;
        foreach (var placement in inputs.Placements)
        {
            Add(placement.Owner, placement.Target, 1);
        }
    }

    /// <summary>Whether the move fits; if it does it is counted.</summary>
    /// <param name="isUrgent">It is counted and never refused.</param>
    public bool Take(ShardPlacement placement, Incarnation to, bool isUrgent)
    {
        // It leaves the way it may be on already.
        Add(placement.Owner, placement.Target, -1);
        if (isUrgent || placement.Owner is not { } owner || owner == to
            || (_moving < _limit && _leaving.GetValueOrDefault(owner) < _limitOfNode && _coming.GetValueOrDefault(to) < _limitOfNode))
        {
            Add(placement.Owner, to, 1);
            return true;
        }

        Add(placement.Owner, placement.Target, 1);
        return false;
    }

    private void Add(Incarnation? owner, Incarnation? target, int count)
    {
        if (owner is { } from && target is { } to && from != to)
        {
            _moving += count;
            CollectionsMarshal.GetValueRefOrAddDefault(_leaving, from, out _) += count;
            CollectionsMarshal.GetValueRefOrAddDefault(_coming, to, out _) += count;
        }
    }
}
