using System.Numerics;

namespace AkkaScale.Pbm.Load.Replay;

/// <summary>
/// Counts durations in buckets of equal relative width: 64 to each power of two of microseconds, so that a percentile is
/// at most 1/64 too high, in 16 kB whatever the number of values. Not thread-safe.
/// </summary>
public sealed class LatencyHistogram
{
    private const int SubBits = 6;
    private const int SubBuckets = 1 << SubBits;
    private const int LargestExponent = 36;

    private readonly long[] _counts = new long[(LargestExponent - SubBits + 2) << SubBits];
    private long _max;

    public long Count { get; private set; }

    public TimeSpan Max => TimeSpan.FromMicroseconds(_max);

    public void Record(TimeSpan duration)
    {
        var microseconds = Math.Clamp((long)duration.TotalMicroseconds, 0, (1L << (LargestExponent + 1)) - 1);
        _counts[BucketOf(microseconds)]++;
        _max = Math.Max(_max, microseconds);
        Count++;
    }

    /// <param name="fraction">0.99 for the 99th percentile.</param>
    /// <returns>The upper edge of the bucket that holds it; zero where nothing was recorded.</returns>
    public TimeSpan Percentile(double fraction)
    {
        var rank = Math.Max(1, (long)Math.Ceiling(fraction * Count));
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank)
            {
                return TimeSpan.FromMicroseconds(Math.Min(UpperEdge(bucket), _max));
            }
        }

        return TimeSpan.Zero;
    }

    private static int BucketOf(long value)
    {
        if (value < SubBuckets)
        {
            return (int)value;
        }

        var exponent = BitOperations.Log2((ulong)value);
        return ((exponent - SubBits + 1) << SubBits) + (int)((value >> (exponent - SubBits)) - SubBuckets);
    }

    private static long UpperEdge(int bucket)
    {
        if (bucket < SubBuckets)
        {
            return bucket;
        }

        var shift = (bucket >> SubBits) - 1;
        return ((long)((bucket & (SubBuckets - 1)) + SubBuckets + 1) << shift) - 1;
    }
}
