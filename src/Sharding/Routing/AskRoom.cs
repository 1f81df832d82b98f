using System.Collections.Concurrent;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Sharding.Routing;

/// <summary>Counts the asks of this process that are under way, in all and by shard, in asks and bytes. Thread-safe.</summary>
internal sealed class AskRoom(EntityShardingOptions options)
{
    private readonly ConcurrentDictionary<(string Region, int Shard), StrongCount> _byShard = new();
    private int _count;
    private long _bytes;

    public int Count => Volatile.Read(ref _count);

    /// <summary>False when a bound is reached; then nothing was counted.</summary>
    public bool TryEnter(string region, int shard, long bytes)
    {
        var ofShard = _byShard.GetOrAdd((region, shard), static _ => new StrongCount());
        if (Interlocked.Increment(ref _count) <= options.MaxAsks
            & Interlocked.Increment(ref ofShard.Value) <= options.MaxAsksPerShard
            & Interlocked.Add(ref _bytes, bytes) <= options.MaxAskBytes)
        {
            return true;
        }

        Leave(region, shard, bytes);
        return false;
    }

    public void Leave(string region, int shard, long bytes)
    {
        Interlocked.Decrement(ref _count);
        Interlocked.Decrement(ref _byShard[(region, shard)].Value);
        Interlocked.Add(ref _bytes, -bytes);
    }

    private sealed class StrongCount
    {
        public int Value;
    }
}
