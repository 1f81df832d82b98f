namespace AkkaScale.LegacyCluster.Membership;

/// <summary>
/// How long this process may serve: a point of its own monotonic clock (in ticks of the given
/// TimeProvider), the time the last successful renewal was <b>sent</b> plus TTL·(1−g). Compared at every use, never cached as a flag.
/// </summary>
public interface ILeaseDeadline
{
    /// <summary>Monotonic timestamp (TimeProvider.GetTimestamp) up to which this process may serve; 0 before the first renewal.</summary>
    long DeadlineTimestamp { get; }
}
