using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;
using AkkaScale.Sharding;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Regions;
using AkkaScale.Sharding.Timers;
using AkkaScale.Tests.Store.Contract;
using AkkaScale.Tests.Unit.Sharding;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Tests.Store.Regions;

/// <summary>A region with its router on a real store, its ownership driven by the test instead of by a cluster.</summary>
internal sealed class RegionNode : IShardMap, IShardHostReports, ILeaseDeadline, IAsyncDisposable
{
    private readonly OpenStore _store;
    private readonly ShardingMetrics _metrics = new();
    private readonly TimerLoop _timers;
    private ShardMapSnapshot _map;
    private TaskCompletionSource _newer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public RegionNode(OpenStore store, int shardCount, ShardingOptions? options = null)
    {
        _store = store;
        _map = ShardMapSnapshot.Empty(shardCount);
        options ??= new ShardingOptions();
        var kinds = new EntityKindRegistry(
            [CounterKind.Create(snapshotEvery: 20), AlarmKind.Create(snapshotEvery: 3), new RelayKind(snapshotEvery: 20).Kind]);
        Region = new ShardRegion(store.Self, shardCount, options, store.Journal, this, _metrics, TimeProvider.System, NullLoggerFactory.Instance);
        Region.ReportTo(this);
        _timers = new TimerLoop(Region, store.Journal, kinds, options, _metrics, TimeProvider.System, NullLogger<TimerLoop>.Instance);
        Router = new EntityRouter(this, kinds, options, _metrics, TimeProvider.System, Guid.NewGuid);
        Region.SendMessagesThrough(Router);
        Router.RouteThrough(new RouteSnapshot(store.Self, Region, new RegionFrames(kinds, this, TimeProvider.System)));
    }

    public ShardRegion Region { get; }

    public EntityRouter Router { get; }

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
        await _timers.DisposeAsync();
        await Region.DisposeAsync();
        _metrics.Dispose();
    }
}
