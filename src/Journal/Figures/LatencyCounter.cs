namespace AkkaScale.Journal.Figures;

/// <summary>
/// Counts latencies by bucket since the process started. Recording is one atomic increment without a lock and without a look at the clock; who wants a
/// window reads twice and subtracts. Each processor has counters of its own, because they would else pass one cache line to and fro.
/// </summary>
internal sealed class LatencyCounter
{
    private const int MaxStripes = 16;

    private readonly long[][] _stripes;

    public LatencyCounter()
    {
        var stripes = System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Environment.ProcessorCount, 1, MaxStripes));
        _stripes = new long[stripes][];
        for (var stripe = 0; stripe < _stripes.Length; stripe++)
        {
            _stripes[stripe] = new long[LatencyBuckets.Count];
        }
    }

    /// <summary>May be called by any thread.</summary>
    public void Record(TimeSpan latency) =>
        Interlocked.Increment(ref _stripes[Thread.GetCurrentProcessorId() & (_stripes.Length - 1)][LatencyBuckets.IndexOf(latency)]);

    /// <summary>All that was recorded so far, by bucket.</summary>
    public long[] Read()
    {
        var counts = new long[LatencyBuckets.Count];
        foreach (var stripe in _stripes)
        {
            for (var index = 0; index < counts.Length; index++)
            {
                counts[index] += Volatile.Read(ref stripe[index]);
            }
        }

        return counts;
    }
}
