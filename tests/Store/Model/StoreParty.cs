using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.Tests.Model;
using AkkaScale.Tests.Store.Contract;

namespace AkkaScale.Tests.Store.Model;

/// <summary>All who work with one store, each with objects of his own as if it were a process, opened when he is first heard of.</summary>
internal sealed class StoreParty(
    Func<Incarnation, OpenStore> create, Func<Task> raiseGeneration, Func<ValueTask>? close = null) : IAsyncDisposable
{
    public const string ClusterName = "test";
    public const int ShardCount = 8;

    private readonly Dictionary<Incarnation, OpenStore> _stores = [];
    private readonly Dictionary<Incarnation, ILease> _leases = [];
    private readonly Dictionary<Incarnation, IJournalWriter> _writers = [];
    private readonly Incarnation _observer = new(Guid.NewGuid());

    /// <summary>Of an empty store of its own, which goes when the party is over.</summary>
    /// <param name="anotherDatabaseSql">What makes the store's database another one; null if this store is never another one.</param>
    public static async Task<StoreParty> InAsync(IStoreFixture fixture, string? anotherDatabaseSql)
    {
        var place = await fixture.CreatePlaceAsync();
        return new StoreParty(
            incarnation => place.Create(incarnation),
            () => place.ExecuteAsync(anotherDatabaseSql ?? throw new NotSupportedException("This store is never another one.")),
            place.DisposeAsync);
    }

    /// <param name="model">To look into.</param>
    public static StoreParty OfModel(out StoreModel model)
    {
        var made = new StoreModel(ShardCount, checksMemberOnAcquire: true) { CanLoseTail = true, Now = static () => DateTimeOffset.UtcNow };
        var ports = new ModelPorts(made);
        model = made;
        return new StoreParty(
            incarnation =>
            {
                made.Remember(incarnation);
                return new OpenStore(ports, ports, incarnation);
            },
            () => Task.FromResult(made.Promote(0)));
    }

    /// <summary>Reads, and is no member.</summary>
    public Task<OpenStore> ObserverAsync() => OfAsync(_observer);

    public async Task<IClusterStore> ClusterAsync(Incarnation self) => (await OfAsync(self)).Cluster;

    public async Task<ILease> LeaseAsync(Incarnation self)
    {
        if (!_leases.TryGetValue(self, out var lease))
        {
            _leases.Add(self, lease = (await OfAsync(self)).Cluster.OpenLease(self));
        }

        return lease;
    }

    public async Task<IJournalWriter> WriterAsync(Incarnation self)
    {
        if (!_writers.TryGetValue(self, out var writer))
        {
            _writers.Add(self, writer = (await OfAsync(self)).Journal.OpenWriter(self, 0));
        }

        return writer;
    }

    /// <summary>The database is another one than recorded, and somebody opens it anew.</summary>
    public async Task RaiseGenerationAsync()
    {
        await raiseGeneration();
        if (_stores.Remove(_observer, out var observer))
        {
            await observer.DisposeAsync();
        }

        await ObserverAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var lease in _leases.Values)
        {
            lease.Dispose();
        }

        foreach (var writer in _writers.Values)
        {
            await writer.DisposeAsync();
        }

        foreach (var store in _stores.Values)
        {
            await store.DisposeAsync();
        }

        if (close is not null)
        {
            await close();
        }
    }

    private async Task<OpenStore> OfAsync(Incarnation self)
    {
        if (!_stores.TryGetValue(self, out var store))
        {
            _stores.Add(self, store = create(self));
            await store.Cluster.OpenAsync(ClusterName, ShardCount, CancellationToken.None);
        }

        return store;
    }
}
