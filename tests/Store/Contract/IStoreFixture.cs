using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Store.Contract;

/// <summary>Makes empty stores of one kind.</summary>
public interface IStoreFixture
{
    /// <summary>An empty place that several incarnations can share.</summary>
    Task<IStorePlace> CreatePlaceAsync();
}

/// <summary>A database, or a directory.</summary>
public interface IStorePlace : IAsyncDisposable
{
    /// <summary>A store object of one incarnation, not yet opened.</summary>
    OpenStore Create(Incarnation incarnation, TimeSpan? leaseTtl = null);

    /// <summary>Runs a statement behind the store's back, in the place where the journal is.</summary>
    Task ExecuteAsync(string sql);

    /// <summary>The same where members, orders and the audit log are.</summary>
    Task ExecuteOnClusterAsync(string sql) => ExecuteAsync(sql);

    /// <summary>Makes every later write of the store fail as on a full or read-only disk, or lifts that again.</summary>
    Task SetWritableAsync(bool isWritable, params OpenStore[] stores);
}

/// <summary>Both faces of one store.</summary>
public sealed class OpenStore(IClusterStore cluster, IJournal journal, Incarnation self) : IAsyncDisposable
{
    public IClusterStore Cluster { get; } = cluster;

    public IJournal Journal { get; } = journal;

    public Incarnation Self { get; } = self;

    public ValueTask DisposeAsync() => ((IAsyncDisposable)Cluster).DisposeAsync();
}
