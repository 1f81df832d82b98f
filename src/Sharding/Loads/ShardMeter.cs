namespace AkkaScale.Sharding.Loads;

/// <summary>What entities of one shard of this node were given, and how many of them are in memory. Thread-safe.</summary>
internal sealed class ShardMeter
{
    private long _messages;
    private int _entities;

    /// <summary>Commands and reads, since this process began.</summary>
    public long Messages => Interlocked.Read(ref _messages);

    public int Entities => Volatile.Read(ref _entities);

    public void Delivered() => Interlocked.Increment(ref _messages);

    public void Entered() => Interlocked.Increment(ref _entities);

    public void Left() => Interlocked.Decrement(ref _entities);
}
