using AkkaScale.Cluster.Membership;
using AkkaScale.Hosting.Options;
using AkkaScale.Journal.Postgres;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Hosting;

/// <summary>Opens the configured store for one incarnation.</summary>
internal sealed class NodeStores(AkkaScaleOptions options, TimeProvider time, ILoggerFactory loggers)
{
    public NodeStore Create(Incarnation incarnation) =>
        NodeStore.Of(PostgresStore.Create(
                new PostgresStoreOptions
                {
                    ConnectionString = options.Store.ConnectionString,
                    Incarnation = incarnation,
                    LeaseTtl = options.Cluster.LeaseTtl,
                },
                time, loggers));
}
