namespace AkkaScale.Cluster.Membership;

/// <summary>A monotonic clock as a span since its creation; what machines get as "now".</summary>
internal sealed class MonotonicClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();

    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>The timestamp of a point of this clock; 0 for zero, which stands for never.</summary>
    public long ToTimestamp(TimeSpan point) =>
        point <= TimeSpan.Zero ? 0 : _start + (long)(point.Ticks * ((double)time.TimestampFrequency / TimeSpan.TicksPerSecond));
}
