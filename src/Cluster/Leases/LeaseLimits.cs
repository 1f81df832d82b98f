using AkkaScale.Cluster.Options;

namespace AkkaScale.Cluster.Leases;

/// <param name="RetryInterval">Between two tries for a lease that another still has, and after a failure.</param>
/// <param name="WaitAtMost">After which a waiter is answered false, so that Akka's own retrying goes on.</param>
/// <param name="NamesPerStatement">The most of them.</param>
/// <param name="DoubtLasts">
/// How long after its failure a statement may still take effect. Until then it is not known whether a lease was acquired.
/// </param>
internal sealed record LeaseLimits(TimeSpan RetryInterval, TimeSpan WaitAtMost, int NamesPerStatement, TimeSpan DoubtLasts)
{
    /// <summary>A server may finish a statement for as long as the client would have waited for it.</summary>
    public static LeaseLimits Of(ClusterDatabaseOptions options) =>
        new(TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30), 256, options.StatementTimeout * 2);
}
