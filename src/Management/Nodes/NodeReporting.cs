using Akka.Actor;
using AkkaScale.Cluster;
using AkkaScale.Management.Figures;
using AkkaScale.Management.Reports;
using AkkaScale.Sharding;

namespace AkkaScale.Management.Nodes;

/// <summary>Makes this node's report.</summary>
internal sealed class NodeReporting(NodeSettings settings, NodeFigures figures, ClockWatch clock, StoreSection store, TimeProvider time)
{
    public async Task<NodeReport> ReportAsync(ActorSystem system)
    {
        var (membership, sharding) = (ClusterMembership.For(system), EntitySharding.Of(system));
        var cluster = Akka.Cluster.Cluster.Get(system);
        var bound = RemotingCheck.BoundTo(system, cluster.SelfAddress);
        return new NodeReport(
            time.GetUtcNow(), figures.Uptime.TotalSeconds, Environment.ProcessId, membership.Options.Version,
            [.. cluster.SelfRoles.Order(StringComparer.Ordinal)], sharding.Residents.Count, membership.IsServing,
            membership.Options.TimeToLive.TotalSeconds)
        {
            Traffic = figures.Traffic(),
            Appends = figures.Appends(),
            Pressure = figures.Pressure(sharding),
            Process = figures.Process(),
            Remoting = new RemotingReport(bound, RemotingCheck.IsLoopback(bound), RemotingCheck.IsEncrypted(system), membership.CertificateEnds),
            Settings = settings.Named,
            Store = await store.ReportAsync(membership.InspectStoreAsync),

            // Last, so that the clock is read as near to the answer as can be.
            Clock = clock.Report(),
        };
    }
}
