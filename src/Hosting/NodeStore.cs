using AkkaScale.Cluster.Ownership;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Hosting;

/// <summary>One store in both of its parts: the arbiter of the cluster and the journal.</summary>
internal sealed record NodeStore(IClusterStore Cluster, IJournal Journal, IAsyncDisposable Owner) : IAsyncDisposable
{
    public ValueTask DisposeAsync() => Owner.DisposeAsync();

    public static NodeStore Of<TStore>(TStore store)
        where TStore : IClusterStore, IJournal, IAsyncDisposable => new(store, store, store);
}
