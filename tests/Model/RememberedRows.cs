using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Tests.Model;

/// <summary>Table remembered_entity.</summary>
internal sealed class RememberedRows
{
    private static readonly Comparer<EntityKey> InOrder = Comparer<EntityKey>.Create(BytewiseOrder.Compare);

    private readonly List<EntityKey>[] _shards;
    private readonly Dictionary<EntityKey, int> _shardOf = [];

    public RememberedRows(int shardCount)
    {
        _shards = new List<EntityKey>[shardCount];
        for (var shard = 0; shard < shardCount; shard++)
        {
            _shards[shard] = [];
        }
    }

    public void Change(int shard, RememberedChange change)
    {
        if (_shardOf.Remove(change.Entity, out var present))
        {
            _shards[present].RemoveAt(_shards[present].BinarySearch(change.Entity, InOrder));
        }

        if (change.IsRemembered)
        {
            _shardOf.Add(change.Entity, shard);
            _shards[shard].Insert(~_shards[shard].BinarySearch(change.Entity, InOrder), change.Entity);
        }
    }

    public List<EntityKey> Read(int shard, EntityKey? after, int limit)
    {
        var read = new List<EntityKey>();
        foreach (var entity in _shards[shard])
        {
            if (read.Count >= limit)
            {
                break;
            }

            if (after is not { } last || BytewiseOrder.Compare(entity, last) > 0)
            {
                read.Add(entity);
            }
        }

        return read;
    }
}
