using System.Collections.Immutable;
using AkkaScale.Cluster.Ownership;

namespace AkkaScale.Sharding.Regions;

/// <summary>Counts the messages of each shard of this node between two readings. Thread-safe.</summary>
public sealed class TrafficMeter(int shardCount)
{
    private readonly long[] _messages = new long[shardCount];

    internal void Count(int shard) => Interlocked.Increment(ref _messages[shard]);

    /// <summary>What came since the last call, of these shards.</summary>
    public ImmutableArray<ShardTraffic> Take(IReadOnlyList<(int Shard, int Residents)> residency)
    {
        // What comes for a shard that has just left stays until it is back: a few messages, of no weight.
        var taken = ImmutableArray.CreateBuilder<ShardTraffic>(residency.Count);
        foreach (var (shard, residents) in residency)
        {
            taken.Add(new ShardTraffic(shard, Interlocked.Exchange(ref _messages[shard], 0), residents));
        }

        return taken.MoveToImmutable();
    }
}
