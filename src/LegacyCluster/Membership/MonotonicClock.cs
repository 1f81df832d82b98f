namespace AkkaScale.LegacyCluster.Membership;

/// <summary>A monotonic clock as a span since its creation; what machines get as "now".</summary>
internal sealed class MonotonicClock(TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(1);

    private readonly long _start = time.GetTimestamp();

    public TimeSpan Now => time.GetElapsedTime(_start);

    /// <summary>The timestamp of a point of this clock; 0 for zero, which stands for never.</summary>
    public long ToTimestamp(TimeSpan point) =>
        point <= TimeSpan.Zero ? 0 : _start + (long)(point.Ticks * ((double)time.TimestampFrequency / TimeSpan.TicksPerSecond));

    /// <summary>
    /// Holds the calling thread, not by a timer, which would fire on the pool. A clock that is not the system's cannot wake a thread, so it is
    /// looked at often instead.
    /// </summary>
    public void Wait(ManualResetEventSlim stop, TimeSpan pause)
    {
        if (time == TimeProvider.System)
        {
            stop.Wait(pause);
            return;
        }

        for (var until = Now + pause; Now < until && !stop.Wait(Look);)
        {
        }
    }
}
