using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyJournal.Postgres;
using AkkaScale.LegacyJournal.Sqlite;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Hosting;

/// <summary>Opens the configured store for one incarnation.</summary>
internal sealed class NodeStores(AkkaScaleOptions options, TimeProvider time, ILoggerFactory loggers)
{
    public NodeStore Create(Incarnation incarnation) => options.Store.Kind == StoreOptions.Postgres
        ? NodeStore.Of(PostgresStore.Create(
            new PostgresStoreOptions
            {
                ConnectionString = options.Store.ConnectionString,
                Incarnation = incarnation,
                LeaseTtl = options.Cluster.LeaseTtl,
            },
            time, loggers))
        : NodeStore.Of(SqliteStore.Create(
            new SqliteStoreOptions
            {
                Directory = Path.GetFullPath(options.Store.Path),
                Incarnation = incarnation,
                LeaseTtl = options.Cluster.LeaseTtl,
                ClockDrift = options.Cluster.ClockDrift,
            },
            time, loggers));
}
