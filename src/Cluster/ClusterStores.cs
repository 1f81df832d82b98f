using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Postgres;
using AkkaScale.Cluster.Sqlite;
using AkkaScale.Cluster.Storage;

namespace AkkaScale.Cluster;

/// <summary>Makes the store that the options name.</summary>
internal static class ClusterStores
{
    /// <param name="incarnation">By which the store's connections can be told from others'.</param>
    /// <param name="warn">Is told of processes of this host that had to be ended (SQLite).</param>
    public static IClusterStore Create(ClusterDatabaseOptions options, string incarnation, Action<string>? warn = null) => options.Store switch
    {
        StoreKind.Postgres => new PostgresClusterStore(options, incarnation),
        StoreKind.Sqlite => new SqliteClusterStore(options, warn),
        _ => throw new ClusterRefusedException($"There is no store {options.Store}."),
    };
}
