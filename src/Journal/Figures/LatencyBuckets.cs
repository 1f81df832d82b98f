using System.Numerics;

namespace AkkaScale.Journal.Figures;

/// <summary>
/// The scale of latencies: exact below 1.6 µs, then eight buckets for each doubling up to 214 s, so that a quantile is off by at most an eighth.
/// </summary>
internal static class LatencyBuckets
{
    private const int Exact = 16;
    private const int PerDoubling = 8;
    private const int FirstExponent = 4;
    private const int LastExponent = 30;

    public const int Count = Exact + (LastExponent - FirstExponent + 1) * PerDoubling;

    /// <summary>The bucket of a latency; what is off the scale goes to its end.</summary>
    public static int IndexOf(TimeSpan latency)
    {
        var ticks = latency.Ticks;
        if (ticks < Exact)
        {
            return (int)Math.Max(0, ticks);
        }

        var exponent = BitOperations.Log2((ulong)ticks);
        return exponent > LastExponent
            ? Count - 1
            : Exact + (exponent - FirstExponent) * PerDoubling + (int)((ticks >> (exponent - 3)) & (PerDoubling - 1));
    }

    /// <summary>The shortest latency of a bucket; of <see cref="Count"/>, the end of the scale.</summary>
    public static TimeSpan LowerBound(int index)
    {
        if (index < Exact)
        {
            return TimeSpan.FromTicks(index);
        }

        var (doubling, part) = Math.DivRem(index - Exact, PerDoubling);
        return TimeSpan.FromTicks((long)(PerDoubling + part) << (doubling + FirstExponent - 3));
    }

    /// <summary>The latency that a share of all does not exceed, straight within its bucket; null where there are none.</summary>
    /// <param name="counts">How many are in each bucket.</param>
    /// <param name="share">0.99 for the 99th percentile.</param>
    public static TimeSpan? Quantile(ReadOnlySpan<long> counts, double share)
    {
        var total = 0L;
        foreach (var count in counts)
        {
            total += count;
        }

        var wanted = share * total;
        var seen = 0L;
        for (var index = 0; index < counts.Length; index++)
        {
            if (counts[index] > 0 && seen + counts[index] >= wanted)
            {
                var from = LowerBound(index);
                return from + (LowerBound(index + 1) - from) * ((wanted - seen) / counts[index]);
            }

            seen += counts[index];
        }

        return null;
    }
}
