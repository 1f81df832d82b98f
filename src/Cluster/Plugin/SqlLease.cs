using Akka.Actor;
using Akka.Coordination;
using Akka.Event;

namespace AkkaScale.Cluster.Plugin;

/// <summary>
/// A lease that is a row of the table <c>lease</c>: <c>akka.cluster.sharding.use-lease</c> makes a shard run only while this process
/// holds its row, and the row's epoch fences its writes.
/// </summary>
/// <remarks>Akka keeps one object for each name and uses it again after a release.</remarks>
public sealed class SqlLease : Lease
{
    private readonly ClusterMembership _membership;

    public SqlLease(LeaseSettings settings, ExtendedActorSystem system)
        : base(settings)
    {
        _membership = ClusterMembership.For(system);
        if (_membership.Map.UnknownRegionOf(settings.LeaseName) is { } region && _membership.Map.IsFirstWordOf(region))
        {
            system.Log.Warning("What the region {0} writes has no fence: WithLeasedRegion says which persistence ids are of which shard.", region);
        }
    }

    public override Task<bool> Acquire() => Acquire(static _ => { });

    /// <summary>Waits while the present owner is not gone; false only after the release of this lease, or a long time.</summary>
    public override Task<bool> Acquire(Action<Exception> leaseLostCallback) =>
        _membership.Leases.AcquireAsync(Settings.LeaseName, leaseLostCallback);

    /// <summary>Returns at once: Akka's shard blocks on it while it stops. The row is freed soon after, and repeated until it is.</summary>
    public override Task<bool> Release()
    {
        _membership.Leases.Release(Settings.LeaseName);
        return Task.FromResult(true);
    }

    public override bool CheckLease() => _membership.IsServing && _membership.Leases.EpochOf(Settings.LeaseName) is not null;
}
