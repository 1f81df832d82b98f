using AkkaScale.Entities;

namespace AkkaScale.LegacySharding.Figures;

/// <summary>What the engine of this process has done since it started, for figures over the last seconds. Thread-safe.</summary>
public sealed class ShardingCounts
{
    private long _failedAsks;
    private long _appendedEvents;
    private long _failedSlices;

    /// <summary>Answers given to callers of this process, by the time from ask to answer.</summary>
    public LatencyCounter Asks { get; } = new();

    /// <summary>Batches, by the time of their round trip.</summary>
    public LatencyCounter Appends { get; } = new();

    /// <summary>Of the answers, those that no entity gave: overloaded, unavailable, too late. A refusal is an answer.</summary>
    public long FailedAsks => Volatile.Read(ref _failedAsks);

    /// <summary>Events, results and snapshots sent to the journal.</summary>
    public long AppendedEvents => Volatile.Read(ref _appendedEvents);

    /// <summary>Slices that the journal did not confirm.</summary>
    public long FailedSlices => Volatile.Read(ref _failedSlices);

    internal void Answered(ReplyStatus status, TimeSpan latency)
    {
        Asks.Record(latency);
        if (status is ReplyStatus.Overloaded or ReplyStatus.ShardUnavailable or ReplyStatus.StoreUnavailable
            or ReplyStatus.DeadlineExceeded)
        {
            Interlocked.Increment(ref _failedAsks);
        }
    }

    internal void Appended(int events, TimeSpan duration)
    {
        Appends.Record(duration);
        Interlocked.Add(ref _appendedEvents, events);
    }

    internal void SliceFailed() => Interlocked.Increment(ref _failedSlices);
}
