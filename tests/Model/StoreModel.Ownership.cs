using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Ports;
using static AkkaScale.Tests.Model.StoreModelException;

namespace AkkaScale.Tests.Model;

/// <summary>Acquiring, giving away and releasing shards.</summary>
internal sealed partial class StoreModel
{
    // Every grant there ever was, those of lost tails too.
    private readonly Dictionary<ShardEpoch, Incarnation> _grants = [];
    private readonly long[] _highestEpochs = new long[shardCount];

    /// <summary>Called with (shard, new owner, former owner) before a grant.</summary>
    public Action<int, Incarnation, Incarnation?> Granting { get; set; } = static (_, _, _) => { };

    public long Grants { get; private set; }

    public IReadOnlyList<ShardEpoch> Acquire(Incarnation self, IReadOnlyList<ShardClaim> claims, string acquiredBy)
    {
        CheckSize(claims.Count);
        var at = Now();
        var granted = _tables.Acquire(self, claims, acquiredBy, at, Granting);
        if (granted.Count > 0)
        {
            foreach (var grant in granted)
            {
                Granted(grant, self);
            }

            Log(tables => tables.Acquire(self, claims, acquiredBy, at, null));
        }

        return granted;
    }

    public IReadOnlyList<ShardEpoch> HandOver(Incarnation self, IReadOnlyList<HandOver> shards)
    {
        CheckSize(shards.Count);
        var at = Now();
        var given = _tables.HandOver(self, shards, at, Granting);
        if (given.Count > 0)
        {
            foreach (var grant in given)
            {
                Granted(grant, _tables.Ownership.OwnerOf(grant.Shard)!.Value);
            }

            Log(tables => tables.HandOver(self, shards, at, null));
        }

        return given;
    }

    public IReadOnlyList<ShardEpoch> Release(Incarnation self, IReadOnlyList<ShardEpoch> shards)
    {
        var released = _tables.Release(self, shards);
        if (released.Count > 0)
        {
            Log(tables => tables.Release(self, shards));
        }

        return released;
    }

    public IReadOnlyList<ShardOwner> ReadOwners(IReadOnlyList<int> shards) => _tables.Ownership.Of(shards);

    public IReadOnlyList<OwnershipRecord> ReadOwnership(int shard) => _tables.Ownership.HistoryOf(shard);

    private void Granted(ShardEpoch grant, Incarnation to)
    {
        Check(_grants.TryAdd(grant, to), $"{grant} is granted to {to} and had an owner before: {_grants[grant]}");
        Check(grant.Epoch > _highestEpochs[grant.Shard], $"{grant} is granted after epoch {_highestEpochs[grant.Shard]}");
        _highestEpochs[grant.Shard] = grant.Epoch;
        Grants++;
    }

    private static void CheckSize(int count)
    {
        if (count > IClusterStore.MaxShardsPerTransaction)
        {
            throw new ArgumentException($"{count} shards; at most {IClusterStore.MaxShardsPerTransaction} fit one transaction.");
        }
    }
}
