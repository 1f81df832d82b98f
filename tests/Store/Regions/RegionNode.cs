using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Regions;
using AkkaScale.Tests.Store.Contract;
using AkkaScale.Tests.Unit.Sharding;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Tests.Store.Regions;

/// <summary>A region with its router on a real store, its ownership driven by the test instead of by a cluster.</summary>
internal sealed class RegionNode : IShardMap, IShardHostReports, ILeaseDeadline, IAsyncDisposable
{
    private readonly OpenStore _store;
    private readonly ShardingMetrics _metrics = new();
    private ShardMapSnapshot _map;
    private TaskCompletionSource _newer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RegionNode(OpenStore store, int shardCount, ShardingOptions? options = null, RegionNetwork? network = null)
    {
        _store = store;
        _map = ShardMapSnapshot.Empty(shardCount);
        options ??= new ShardingOptions();
        var kinds = new EntityKindRegistry([CounterKind.Create(snapshotEvery: 20)]);
        (var journal, Journal) = CountingJournal.Around(store.Journal);
        Region = new ShardRegion(store.Self, shardCount, options, journal, this, _metrics, TimeProvider.System, NullLoggerFactory.Instance);
        Region.ReportTo(this);
        Router = new EntityRouter(this, kinds, options, _metrics, TimeProvider.System, Guid.NewGuid);
        var frames = new RegionFrames(kinds, this, TimeProvider.System);
        if (network is not null)
        {
            frames.SendThrough(network.Join(store.Self, frames));
        }

        frames.DeliverTo(Region);
        Router.RouteThrough(new RouteSnapshot(store.Self, Region, frames));
    }

    public ShardRegion Region { get; }

    public EntityRouter Router { get; }

    public CountingJournal Journal { get; }

    public Incarnation Self => _store.Self;

    public TaskCompletionSource<string> StoppedReason { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource DrainedShard { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public TaskCompletionSource<string> ReadyShard { get; private set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ShardMapSnapshot Current => Volatile.Read(ref _map);

    public long DeadlineTimestamp { get; set; } = long.MaxValue;

    /// <summary>Takes the shard as it stands in the store, and starts it.</summary>
    public async Task<ShardEpoch> OwnAsync(int shard)
    {
        var present = (await _store.Cluster.ReadAsync(CancellationToken.None)).Owners[shard];
        var granted = (await _store.Cluster.AcquireAsync(
            _store.Self, [new ShardClaim(shard, present.Owner, present.Epoch)], "test", CancellationToken.None)).Single();
        Region.Start(granted, "test");
        await PublishAsync();
        return granted;
    }

    /// <summary>Prepares the target, then gives it the shard, as ownership does. Returns the target's epoch.</summary>
    public async Task<ShardEpoch> HandOffAsync(ShardEpoch shard, Incarnation target, string handoffId)
    {
        await PrepareAsync(shard, target, handoffId);
        Region.GiveAway(shard, handoffId);
        var given = (await _store.Cluster.HandOverAsync(
            _store.Self, [new HandOver(shard.Shard, shard.Epoch, target, handoffId)], CancellationToken.None)).Single();
        Region.HandOffEnded(shard, handoffId, isGiven: true);
        await PublishAsync();
        return given;
    }

    public async Task PrepareAsync(ShardEpoch shard, Incarnation target, string handoffId)
    {
        ReadyShard = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Region.HandOff(shard, target, handoffId);
        Assert.Equal(handoffId, await ReadyShard.Task.WaitAsync(TimeSpan.FromSeconds(30)));
    }

    /// <summary>Starts the shard as the owner row shows it.</summary>
    public async Task StartAsync(ShardEpoch shard)
    {
        await PublishAsync();
        Assert.Equal((_store.Self, shard.Epoch), (Current[shard.Shard].Owner, Current[shard.Shard].Epoch));
        Region.Start(shard, Current[shard.Shard].AcquiredBy);
    }

    public async Task PublishAsync()
    {
        Volatile.Write(ref _map, _map.With(await _store.Cluster.ReadAsync(CancellationToken.None)));
        Interlocked.Exchange(ref _newer, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }

    public Task WaitForNewerAsync(long version, CancellationToken cancellationToken) =>
        Current.Version > version ? Task.CompletedTask : _newer.Task.WaitAsync(cancellationToken);

    public void RequestRefresh()
    {
    }

    public void ReadyToGive(ShardEpoch shard, string handoffId) => ReadyShard.TrySetResult(handoffId);

    public void Drained(ShardEpoch shard) => DrainedShard.TrySetResult();

    public void Stopped(ShardEpoch shard, string reason) => StoppedReason.TrySetResult(reason);

    public async ValueTask DisposeAsync()
    {
        await Region.DisposeAsync();
        _metrics.Dispose();
    }
}
