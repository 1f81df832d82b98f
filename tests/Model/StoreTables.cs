using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Model;

/// <summary>
/// Every row of the store, and the transactions that concern several tables. Each transaction is a function of the rows and its arguments alone, so that the
/// same transactions in the same order make the same rows again.
/// </summary>
internal sealed class StoreTables(int shardCount, bool checksMemberOnAcquire)
{
    private ClusterReading? _reading;

    public MemberRows Members { get; } = new();

    public CoordinationRows Coordination { get; } = new();

    public OwnershipRows Ownership { get; } = new(shardCount);

    public JournalRows Journal { get; } = new(shardCount);

    public ClusterIdentity Identity { get; private set; } = new("simulated", shardCount, 1, "model/00000001", 0);

    /// <summary>The same object until a row changes.</summary>
    public ClusterReading Read()
    {
        var (members, owners) = (Members.Reading, Ownership.Reading);
        var (targets, orders, pins, moves) = (Coordination.Targets, Coordination.Orders, Coordination.Pins, Coordination.Moves);
        if (_reading is { } last && last.Members == members && last.Owners == owners && last.Targets == targets && last.Orders == orders
            && last.Pins == pins && last.Moves == moves && last.Coordinator == Coordination.Coordinator && last.Identity == Identity)
        {
            return last;
        }

        return _reading = new ClusterReading(Identity, Coordination.Coordinator, members, owners, targets)
        {
            Orders = orders,
            Pins = pins,
            Moves = moves,
        };
    }

    public WriteOutcome Join(MemberSnapshot self) =>
        Members.Join(self, member => Ownership.Names(member) || Coordination.Names(member));

    public WriteOutcome Move(ShardMove move)
    {
        if (!Ownership.IsAt(move.Shard, move.ExpectedEpoch))
        {
            return WriteOutcome.Refused;
        }

        Coordination.Move(move);
        return WriteOutcome.Applied;
    }

    /// <summary>Each claim stands or falls on its own.</summary>
    public List<ShardEpoch> Acquire(
        Incarnation self, IReadOnlyList<ShardClaim> claims, string acquiredBy, DateTimeOffset at, Action<int, Incarnation, Incarnation?>? granting)
    {
        var granted = new List<ShardEpoch>(claims.Count);
        for (var index = 0; index < claims.Count; index++)
        {
            var claim = claims[index];
            if (Ownership.IsOwned(claim.Shard, claim.ExpectedOwner, claim.ExpectedEpoch) && MayAcquire(self, claim.ExpectedOwner))
            {
                granting?.Invoke(claim.Shard, self, claim.ExpectedOwner);
                granted.Add(Ownership.Grant(claim.Shard, self, acquiredBy, at));
            }
        }

        return granted;
    }

    public List<ShardEpoch> HandOver(
        Incarnation self, IReadOnlyList<HandOver> shards, DateTimeOffset at, Action<int, Incarnation, Incarnation?>? granting)
    {
        var given = new List<ShardEpoch>(shards.Count);
        for (var index = 0; index < shards.Count; index++)
        {
            var shard = shards[index];
            var isUp = !checksMemberOnAcquire || Members.Find(shard.Target) is { Status: MemberStatus.Up };
            if (isUp && Ownership.IsOwned(shard.Shard, self, shard.Epoch))
            {
                granting?.Invoke(shard.Shard, shard.Target, self);
                given.Add(Ownership.Grant(shard.Shard, shard.Target, shard.AcquiredBy, at));
            }
        }

        return given;
    }

    public List<ShardEpoch> Release(Incarnation self, IReadOnlyList<ShardEpoch> shards)
    {
        var released = new List<ShardEpoch>(shards.Count);
        for (var index = 0; index < shards.Count; index++)
        {
            var shard = shards[index];
            if (Ownership.IsOwned(shard.Shard, self, shard.Epoch))
            {
                Ownership.Release(shard.Shard);
                released.Add(shard);
            }
        }

        return released;
    }

    /// <summary>What whoever first sees another database than the recorded one does, in one transaction.</summary>
    public void RaiseGeneration(string databaseIdentity)
    {
        Identity = Identity with { DatabaseIdentity = databaseIdentity, Generation = Identity.Generation + 1 };
        Ownership.BeginGeneration(Identity.Generation);
    }

    // An own shard is taken again by whoever may hold a lease; another's only by one that may get shards, from one that is gone.
    private bool MayAcquire(Incarnation self, Incarnation? from)
    {
        if (!checksMemberOnAcquire)
        {
            return true;
        }

        var own = Members.Find(self);
        if (from == self)
        {
            return own is { IsLive: true };
        }

        return own is { Status: MemberStatus.Joining or MemberStatus.Up }
            && (from is not { } owner || Members.Find(owner) is null or { IsGone: true });
    }
}
