using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Hosting.Transfers;

/// <summary>Opens a store for work that no node may be at.</summary>
internal static class OfflineStore
{
    /// <exception cref="ClusterRefusedException">A node runs on it.</exception>
    public static async Task<ClusterIdentity> OpenAsync(
        NodeStore store, AkkaScaleOptions options, string clusterName, int shardCount, TimeProvider time, CancellationToken cancellationToken)
    {
        var identity = await store.Cluster.OpenAsync(clusterName, shardCount, cancellationToken);
        var before = await store.Cluster.ReadAsync(cancellationToken);
        if (before.Members.Any(member => member.IsLive))
        {
            // A copy has the rows of members that run elsewhere, or not at all: whoever runs on this very store renews its lease.
            await Task.Delay(options.Cluster.ObservedExpiry + options.Cluster.PollInterval, time, cancellationToken);
            var counters = before.Members.ToDictionary(member => member.Incarnation, member => member.RenewCounter);
            var alive = (await store.Cluster.ReadAsync(cancellationToken)).Members
                .FirstOrDefault(member => member.IsLive && (!counters.TryGetValue(member.Incarnation, out var counter) || counter != member.RenewCounter));
            if (alive is not null)
            {
                throw new ClusterRefusedException($"Node {alive.NodeName} runs on this store: stop every node first, or name another store.");
            }
        }

        return identity;
    }
}
