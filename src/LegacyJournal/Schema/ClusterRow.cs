using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacyJournal.Schema;

/// <summary>Compares what a process was configured with to what the store recorded at the very first start.</summary>
internal static class ClusterRow
{
    public const int MaxShards = 65_536;

    public static void CheckRequest(string clusterName, int shardCount)
    {
        if (string.IsNullOrWhiteSpace(clusterName))
        {
            throw new ClusterRefusedException("The cluster name is empty: set Cluster:Name.");
        }

        if (shardCount is < 1 or > MaxShards)
        {
            throw new ClusterRefusedException($"Cluster:ShardCount is {shardCount}; it must be from 1 to {MaxShards:N0}.");
        }
    }

    /// <exception cref="ClusterRefusedException">Another cluster, or another number of shards.</exception>
    public static void CheckRecorded(ClusterIdentity recorded, string clusterName, int shardCount)
    {
        if (recorded.ClusterName != clusterName)
        {
            throw new ClusterRefusedException(
                $"The store belongs to cluster '{recorded.ClusterName}', this node is configured for '{clusterName}': "
                + "correct Cluster:Name, or point the node at another store.");
        }

        if (recorded.ShardCount != shardCount)
        {
            throw new ClusterRefusedException(
                $"The store was made with {recorded.ShardCount} shards, this node is configured for {shardCount}. "
                + $"The number is fixed at the first start: set Cluster:ShardCount to {recorded.ShardCount}.");
        }
    }
}
