namespace AkkaScale.LegacyCluster.Membership;

/// <summary>The own lease on the own monotonic clock.</summary>
/// <param name="RenewedAt">When the last successful renewal was sent; null before the first.</param>
/// <param name="ValidUntil">Up to when this process may serve; zero when it may not.</param>
public readonly record struct LeaseTimes(TimeSpan? RenewedAt, TimeSpan ValidUntil);
