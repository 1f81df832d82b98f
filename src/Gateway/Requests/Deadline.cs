namespace AkkaScale.Gateway.Requests;

/// <summary>How long a request may still be tried, on a monotonic clock; it travels on as remaining time.</summary>
internal readonly struct Deadline(TimeProvider time, TimeSpan wait)
{
    private readonly long _started = time.GetTimestamp();

    /// <summary>Zero or less once it has passed.</summary>
    public TimeSpan Remaining => wait - time.GetElapsedTime(_started);
}
