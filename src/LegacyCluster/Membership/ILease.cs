namespace AkkaScale.LegacyCluster.Membership;

/// <summary>
/// The lease of one incarnation on a connection of its own. Used by one dedicated thread only, so that load on the
/// pool or on other connections cannot expire it; hence synchronous.
/// </summary>
public interface ILease : IDisposable
{
    /// <summary>
    /// Sets the renew counter from <paramref name="expected"/> to <paramref name="expected"/> + 1 if the member is joining, up or leaving.
    /// <see cref="WriteOutcome.Refused"/>: the row is down, dead, removed or absent, or has another counter: the lease is lost for good.
    /// <see cref="WriteOutcome.Unknown"/>: no definite answer within <paramref name="timeout"/>. An implementation reconnects by
    /// itself at the next call, and after an unknown outcome accepts a counter that its own lost renewal already raised; whether it raises
    /// it once more is its choice, since the caller counts the deadline from the attempt that can have raised it.
    /// Never throws for a store that cannot be reached.
    /// </summary>
    WriteOutcome Renew(long expected, TimeSpan timeout, out long counter);
}
