using System.Net;
using Akka.Actor;
using Akka.Discovery;

namespace AkkaScale.Cluster.Plugin;

/// <summary>
/// Contact points for Cluster Bootstrap: the management ports of the live incarnations of the present generation, or of all live ones
/// while none has joined.
/// </summary>
public sealed class DatabaseDiscovery(ExtendedActorSystem system) : ServiceDiscovery
{
    public override Task<Resolved> Lookup(Lookup lookup, TimeSpan resolveTimeout)
    {
        var snapshot = ClusterMembership.For(system).Snapshot;
        var live = snapshot.Nodes.Values.Where(node => node.IsLive && node.ManagementUrl is not null).ToList();
        var joined = live.Where(node => node.Generation == snapshot.Generation && node.Generation > 0).ToList();
        var targets = (joined.Count > 0 ? joined : live)
            .Select(node => new Uri(node.ManagementUrl!))
            .Select(url => new ResolvedTarget(url.Host, url.Port, IPAddress.TryParse(url.Host, out var address) ? address : null));
        return Task.FromResult(new Resolved(lookup.ServiceName, targets));
    }
}
