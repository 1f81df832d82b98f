using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;
using static AkkaScale.Tests.Model.StoreModelException;

namespace AkkaScale.Tests.Model;

/// <summary>For a simulation that has owners but no entities: of each shard only the number of entries is kept, apart from the journal.</summary>
internal sealed partial class StoreModel
{
    /// <summary>How many entries each shard has.</summary>
    public long[] Journals { get; } = new long[shardCount];

    /// <param name="length">What the writer believes the number to be.</param>
    /// <returns>Null: fenced.</returns>
    public long? Append(Incarnation self, ShardEpoch shard, long length)
    {
        if (!_tables.Ownership.IsOwned(shard.Shard, self, shard.Epoch))
        {
            return null;
        }

        Check(length == Journals[shard.Shard], $"{self} writes behind {length} in {shard}, which is at {Journals[shard.Shard]}: its memory is old");
        return ++Journals[shard.Shard];
    }
}
