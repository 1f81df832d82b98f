using AkkaScale.Cluster.Orders;

namespace AkkaScale.Sharding.Allocation;

/// <summary>A member, and what it is to have, while a plan is made.</summary>
/// <param name="index">In order of name and address: ties fall by it, so that every coordinator decides alike.</param>
/// <param name="order">That was given about it; null: none, and it may be given shards.</param>
internal sealed class Seat(AllocationMember member, int index, NodeOrder? order)
{
    private readonly SortedSet<int> _free = [];

    public string Address => member.Address;

    public string Name => member.NodeName;

    public int Index => index;

    public NodeOrder? Order => order;

    public bool IsOpen => order is null;

    public bool IsDraining => order?.Kind == NodeOrderKind.Drain;

    public int Count { get; private set; }

    /// <summary>Whether it has a shard that may go elsewhere for the balance.</summary>
    public bool CanGive => _free.Count > 0;

    public void Add(int shard, bool mayLeave)
    {
        Count++;
        if (mayLeave)
        {
            _free.Add(shard);
        }
    }

    /// <summary>Takes away the shard with the highest number of those that may leave.</summary>
    public int Give()
    {
        var shard = _free.Max;
        _free.Remove(shard);
        Count--;
        return shard;
    }
}
