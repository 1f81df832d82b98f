namespace AkkaScale.Cluster.Liveness;

/// <summary>The time that all machines of this project are given: of this process's own monotonic clock, since an origin of no meaning.</summary>
internal static class MonotonicTime
{
    public static TimeSpan Monotonic(this TimeProvider time) => time.GetElapsedTime(0);
}
