using System.Runtime.InteropServices;

namespace AkkaScale.Sharding.Allocation;

/// <summary>Bounds the shards on their way: in the region, from each member and to each member.</summary>
internal sealed class MoveBudget
{
    private readonly int _limit;
    private readonly int _limitOfNode;
    private readonly Dictionary<string, int> _leaving = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _coming = new(StringComparer.Ordinal);
    private int _moving;

    public MoveBudget(AllocationInputs inputs)
    {
        (_limit, _limitOfNode) = (inputs.MaxMovingShards, inputs.MaxMovingShardsPerNode);
        foreach (var placement in inputs.Placements)
        {
            if (placement.Target is { } target && target != placement.Home)
            {
                Add(placement.Home, target);
            }
        }
    }

    /// <summary>Whether the move fits; if it does it is counted.</summary>
    public bool Take(AllocationMove move)
    {
        var fits = _moving < _limit && _leaving.GetValueOrDefault(move.From) < _limitOfNode
            && _coming.GetValueOrDefault(move.To) < _limitOfNode;
        if (fits)
        {
            Add(move.From, move.To);
        }

        return fits;
    }

    private void Add(string from, string to)
    {
        _moving++;
        CollectionsMarshal.GetValueRefOrAddDefault(_leaving, from, out _)++;
        CollectionsMarshal.GetValueRefOrAddDefault(_coming, to, out _)++;
    }
}
