namespace AkkaScale.LegacySharding.Regions;

/// <summary>Counts the asks of this process that wait for a shard without a reachable owner, in all and by shard, in asks and bytes.</summary>
internal sealed class WaitingRoom(int shardCount, ShardingOptions options)
{
    private readonly int[] _byShard = new int[shardCount];
    private int _count;
    private long _bytes;

    public int Count => Volatile.Read(ref _count);

    /// <summary>False when a bound is reached; then nothing was counted.</summary>
    public bool TryEnter(int shard, long bytes)
    {
        if (Interlocked.Increment(ref _count) <= options.RouterBuffer
            & Interlocked.Increment(ref _byShard[shard]) <= options.RouterBufferPerShard
            & Interlocked.Add(ref _bytes, bytes) <= options.RouterBufferBytes)
        {
            return true;
        }

        Leave(shard, bytes);
        return false;
    }

    public void Leave(int shard, long bytes)
    {
        Interlocked.Decrement(ref _count);
        Interlocked.Decrement(ref _byShard[shard]);
        Interlocked.Add(ref _bytes, -bytes);
    }
}
