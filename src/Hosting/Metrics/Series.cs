namespace AkkaScale.Hosting.Metrics;

/// <summary>The value of one instrument for one set of labels. Recording takes no lock.</summary>
internal abstract class Series(string labels)
{
    /// <summary>As they stand between the braces.</summary>
    public string Labels { get; } = labels;

    public abstract void Record(long value);

    public abstract void Record(double value);

    public abstract SeriesSnapshot Read();

    private protected static void Add(ref double sum, double value)
    {
        var seen = Volatile.Read(ref sum);
        while (true)
        {
            var before = Interlocked.CompareExchange(ref sum, seen + value, seen);
            if (BitConverter.DoubleToInt64Bits(before) == BitConverter.DoubleToInt64Bits(seen))
            {
                return;
            }

            seen = before;
        }
    }
}

/// <summary>Adds up. Whole numbers are added exactly, beside the others.</summary>
internal sealed class SumSeries(string labels, bool growing) : Series(labels)
{
    private long _whole;
    private double _fraction;

    public override void Record(long value)
    {
        if (!growing || value >= 0)
        {
            Interlocked.Add(ref _whole, value);
        }
    }

    public override void Record(double value)
    {
        if (double.IsFinite(value) && (!growing || value >= 0))
        {
            Add(ref _fraction, value);
        }
    }

    public override SeriesSnapshot Read() => new(Labels, Volatile.Read(ref _whole) + Volatile.Read(ref _fraction), []);
}

/// <summary>Keeps the last value.</summary>
internal sealed class LastValueSeries(string labels) : Series(labels)
{
    private double _value;

    public override void Record(long value) => Volatile.Write(ref _value, value);

    public override void Record(double value) => Volatile.Write(ref _value, value);

    public override SeriesSnapshot Read() => new(Labels, Volatile.Read(ref _value), []);
}

/// <summary>Counts per bucket. A value equal to a bound belongs to that bound's bucket.</summary>
internal sealed class HistogramSeries(string labels, double[] bounds) : Series(labels)
{
    private readonly long[] _buckets = new long[bounds.Length + 1];
    private double _sum;

    public override void Record(long value) => Record((double)value);

    public override void Record(double value)
    {
        if (!double.IsFinite(value))
        {
            return;
        }

        var index = Array.BinarySearch(bounds, value);
        Interlocked.Increment(ref _buckets[index >= 0 ? index : ~index]);
        Add(ref _sum, value);
    }

    public override SeriesSnapshot Read()
    {
        var buckets = new long[_buckets.Length];
        for (var i = 0; i < buckets.Length; i++)
        {
            buckets[i] = Volatile.Read(ref _buckets[i]);
        }

        return new(Labels, Volatile.Read(ref _sum), buckets);
    }
}

/// <summary>One reading. <paramref name="Value"/> is the sum of a histogram, whose buckets are not yet cumulative here.</summary>
internal readonly record struct SeriesSnapshot(string Labels, double Value, long[] Buckets)
{
    /// <summary>Of two instruments with the same name and labels: sums are added up.</summary>
    public SeriesSnapshot Plus(SeriesSnapshot other) =>
        new(Labels, Value + other.Value, [.. Buckets.Zip(other.Buckets, (left, right) => left + right)]);
}
