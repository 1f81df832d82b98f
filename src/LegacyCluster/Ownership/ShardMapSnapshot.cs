using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>
/// Who owns which shard, as far as this process knows: immutable, swapped whole, read without a lock.
/// A newer snapshot never lowers an epoch.
/// </summary>
public sealed class ShardMapSnapshot
{
    private readonly ShardOwner[] _owners;

    private ShardMapSnapshot(ShardOwner[] owners, ImmutableDictionary<Incarnation, MemberSnapshot> members, long version)
    {
        _owners = owners;
        Members = members;
        Version = version;
    }

    public int ShardCount => _owners.Length;

    /// <summary>Grows by one with every published snapshot of this process.</summary>
    public long Version { get; }

    public ImmutableDictionary<Incarnation, MemberSnapshot> Members { get; }

    public ShardOwner this[int shard] => _owners[shard];

    public static ShardMapSnapshot Empty(int shardCount) => new(
        [.. Enumerable.Range(0, shardCount).Select(shard => new ShardOwner(shard, null, 0, ""))],
        ImmutableDictionary<Incarnation, MemberSnapshot>.Empty,
        0);

    /// <summary>
    /// The snapshot after a poll. Of an older epoch than already known the known owner stays; of the same epoch the reading
    /// wins, since a release keeps the epoch.
    /// </summary>
    public ShardMapSnapshot With(ClusterReading reading)
    {
        var owners = (ShardOwner[])_owners.Clone();
        foreach (var read in reading.Owners)
        {
            if (read.Epoch >= owners[read.Shard].Epoch)
            {
                owners[read.Shard] = read;
            }
        }

        return new ShardMapSnapshot(owners, reading.Members.ToImmutableDictionary(member => member.Incarnation), Version + 1);
    }

    /// <summary>The snapshot after a single fact learnt from a grant or from a peer's hint; older epochs are ignored.</summary>
    public ShardMapSnapshot With(ShardOwner fact)
    {
        if (fact.Epoch <= _owners[fact.Shard].Epoch)
        {
            return this;
        }

        var owners = (ShardOwner[])_owners.Clone();
        owners[fact.Shard] = fact;
        return new ShardMapSnapshot(owners, Members, Version + 1);
    }
}
