using AkkaScale.LegacyCluster.Audit;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Care;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Hosting;

/// <summary>One store in all of its parts: the arbiter of the cluster, the journal, the audit log, and what those ask who look after it.</summary>
internal sealed record NodeStore(IClusterStore Cluster, IJournal Journal, IAuditStore Audit, IStoreCare Care, IAsyncDisposable Owner) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Owner.DisposeAsync();

    public static NodeStore Of<TStore>(TStore store)
        where TStore : IClusterStore, IJournal, IAuditStore, IStoreCare, IAsyncDisposable => new(store, store, store, store, store);
}
