using AkkaScale.Cluster.Audit;
using AkkaScale.Cluster.Ownership;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Hosting;

/// <summary>One store in all of its parts: the arbiter of the cluster, the journal, and the audit log.</summary>
internal sealed record NodeStore(IClusterStore Cluster, IJournal Journal, IAuditStore Audit, IAsyncDisposable Owner) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Owner.DisposeAsync();

    public static NodeStore Of<TStore>(TStore store)
        where TStore : IClusterStore, IJournal, IAuditStore, IAsyncDisposable => new(store, store, store, store);
}
