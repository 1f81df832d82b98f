using System.Collections.Immutable;
using System.Runtime.InteropServices;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Model;

/// <summary>Tables shard_owner and shard_ownership. Who may take and give is looked at by <see cref="StoreTables"/>.</summary>
internal sealed class OwnershipRows
{
    private readonly ShardOwner[] _owners;
    private readonly List<OwnershipRecord>[] _history;
    private ImmutableArray<ShardOwner> _reading;

    public OwnershipRows(int shardCount)
    {
        _owners = new ShardOwner[shardCount];
        _history = new List<OwnershipRecord>[shardCount];
        for (var shard = 0; shard < shardCount; shard++)
        {
            _owners[shard] = new ShardOwner(shard, null, 0, "");
            _history[shard] = [];
        }
    }

    public ImmutableArray<ShardOwner> Reading =>
        _reading.IsDefault ? _reading = ImmutableCollectionsMarshal.AsImmutableArray((ShardOwner[])_owners.Clone()) : _reading;

    public IReadOnlyList<ShardOwner> Of(IReadOnlyList<int> shards) => [.. shards.Where(IsShard).Distinct().Select(shard => _owners[shard])];

    public IReadOnlyList<OwnershipRecord> HistoryOf(int shard) => IsShard(shard) ? [.. _history[shard]] : [];

    public bool IsOwned(int shard, Incarnation? owner, long epoch) =>
        IsShard(shard) && _owners[shard].Epoch == epoch && _owners[shard].Owner == owner;

    public bool IsAt(int shard, long epoch) => IsShard(shard) && _owners[shard].Epoch == epoch;

    public Incarnation? OwnerOf(int shard) => _owners[shard].Owner;

    public bool Names(Incarnation member)
    {
        foreach (var row in _owners)
        {
            if (row.Owner == member)
            {
                return true;
            }
        }

        return false;
    }

    public ShardEpoch Grant(int shard, Incarnation to, string acquiredBy, DateTimeOffset at)
    {
        var granted = new ShardEpoch(shard, _owners[shard].Epoch + 1);
        _owners[shard] = new ShardOwner(shard, to, granted.Epoch, acquiredBy);
        _history[shard].Add(new OwnershipRecord(shard, granted.Epoch, to, acquiredBy, StoredTime.Of(at)));
        _reading = default;
        return granted;
    }

    public void Release(int shard)
    {
        _owners[shard] = _owners[shard] with { Owner = null };
        _reading = default;
    }

    /// <summary>After a failover: nobody owns anything, and every epoch is above all that the lost tail can have held.</summary>
    public void BeginGeneration(long generation)
    {
        for (var shard = 0; shard < _owners.Length; shard++)
        {
            _owners[shard] = new ShardOwner(shard, null, checked(generation << 32), "generation");
        }

        _reading = default;
    }

    private bool IsShard(int shard) => (uint)shard < (uint)_owners.Length;
}
