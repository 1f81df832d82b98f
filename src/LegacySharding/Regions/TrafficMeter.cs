using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacySharding.Regions;

/// <summary>Counts the messages of each shard of this node between two readings. Thread-safe.</summary>
public sealed class TrafficMeter(int shardCount)
{
    private readonly long[] _messages = new long[shardCount];
    private readonly Lock _taking = new();
    private long _taken;

    /// <summary>All messages since the region began.</summary>
    public long Total
    {
        get
        {
            lock (_taking)
            {
                return _taken + Waiting();
            }
        }
    }

    internal void Count(int shard) => Interlocked.Increment(ref _messages[shard]);

    /// <summary>What came since the last call, of these shards.</summary>
    public ImmutableArray<ShardTraffic> Take(IReadOnlyList<(int Shard, int Residents)> residency)
    {
        // What comes for a shard that has just left stays until it is back: a few messages, of no weight.
        var taken = ImmutableArray.CreateBuilder<ShardTraffic>(residency.Count);
        lock (_taking)
        {
            foreach (var (shard, residents) in residency)
            {
                var messages = Interlocked.Exchange(ref _messages[shard], 0);
                _taken += messages;
                taken.Add(new ShardTraffic(shard, messages, residents));
            }
        }

        return taken.MoveToImmutable();
    }

    /// <summary>Counted and not taken yet.</summary>
    private long Waiting()
    {
        var waiting = 0L;
        foreach (ref var messages in _messages.AsSpan())
        {
            waiting += Volatile.Read(ref messages);
        }

        return waiting;
    }
}
