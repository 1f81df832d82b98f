using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacySharding.Regions;

/// <summary>
/// The shards of this node under one incarnation: starts, drains and drops them as ownership says, and delivers asks to them.
/// </summary>
public sealed partial class ShardRegion : IShardHost, IShardShell, IAsyncDisposable
{
    private static readonly TimeSpan TickInterval = TimeSpan.FromSeconds(1);

    private readonly ShardLoop?[] _loops;
    private readonly AppendLane[] _lanes;
    private readonly JournalReader _reader;
    private readonly OwnerConfirmations _confirmations;
    private readonly ShardingOptions _options;
    private readonly ILeaseDeadline _lease;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Handoffs _handoffs;
    private readonly Task _ticking;
    private IShardHostReports? _reports;

    public ShardRegion(
        Incarnation self, int shardCount, ShardingOptions options, IJournal journal, ILeaseDeadline lease, ShardingMetrics metrics,
        TimeProvider time, ILoggerFactory loggers)
    {
        _options = options;
        _lease = lease;
        _time = time;
        _logger = loggers.CreateLogger<ShardRegion>();
        _loops = new ShardLoop?[shardCount];
        Traffic = new TrafficMeter(shardCount);
        _reader = new JournalReader(journal, options, time, metrics, _logger);
        _confirmations = new OwnerConfirmations(self, journal, options, time, metrics, _logger);
        _lanes = [.. Enumerable.Range(0, options.EffectiveLanes).Select(lane =>
            new AppendLane(journal.OpenWriter(self, lane), options, lease, time, metrics, _reader.OnAppended, _logger))];
        _handoffs = new Handoffs(options, (shard, handoffId) => _reports?.ReadyToGive(shard, handoffId), metrics, time, _logger);
        _ticking = TickAsync();
    }

    /// <summary>What the shards of this node carry.</summary>
    public TrafficMeter Traffic { get; }

    /// <summary>Shards served now.</summary>
    public int ShardsRunning => _loops.Count(loop => loop is not null);

    public long Residents => _loops.Sum(loop => (long)(loop?.Residents ?? 0));

    /// <summary>Where drained and stopped shards are told; set once, before the first shard starts.</summary>
    public void ReportTo(IShardHostReports reports) => _reports = reports;

    /// <summary>Entities in memory by shard, of the shards that run here.</summary>
    public IReadOnlyList<(int Shard, int Residents)> Residency() =>
        [.. _loops.Where(loop => loop is not null).Select(loop => (loop!.Shard, loop.Residents))];

    /// <summary>Shards that leave and arrive, for the frames of handoffs.</summary>
    internal Handoffs Handoffs => _handoffs;

    public void Start(ShardEpoch shard, string acquiredBy)
    {
        var loop = new ShardLoop(
            shard.Shard, shard.Epoch, _options, _lanes[shard.Shard % _lanes.Length], this, _lease, _time, _logger);
        var former = Interlocked.Exchange(ref _loops[shard.Shard], loop);
        former?.Drop("a new epoch began");
        LogStarted(_logger, shard.Shard, shard.Epoch);
        loop.Start(_handoffs.Take(shard, acquiredBy));
    }

    public void HandOff(ShardEpoch shard, Incarnation target, string handoffId)
    {
        if (Find(shard) is { } loop)
        {
            _handoffs.Begin(loop, target, handoffId);
        }
        else
        {
            _reports?.ReadyToGive(shard, handoffId);
        }
    }

    public void AbortHandOff(ShardEpoch shard, string handoffId) => _handoffs.CallOff(shard, handoffId);

    public void GiveAway(ShardEpoch shard, string handoffId)
    {
        _handoffs.GiveAway(shard, handoffId);
        if (Find(shard) is { } loop)
        {
            Interlocked.CompareExchange(ref _loops[shard.Shard], null, loop);
            loop.Drop("the shard was given away");
        }
    }

    public void HandOffEnded(ShardEpoch shard, string handoffId, bool isGiven) => _handoffs.Ended(shard, handoffId, isGiven);

    public void Drain(ShardEpoch shard)
    {
        if (Find(shard) is { } loop)
        {
            loop.Post(new ShardInput.Drain());
        }
        else
        {
            _reports?.Drained(shard);
        }
    }

    public void Drop(ShardEpoch shard)
    {
        if (Find(shard) is { } loop)
        {
            LogDropped(_logger, shard.Shard, shard.Epoch);
            loop.Drop("this node no longer owns the shard");
            _handoffs.OnShardGone(loop);
            Interlocked.CompareExchange(ref _loops[shard.Shard], null, loop);
        }
    }

    /// <summary>Hands an ask to its shard; the outcome goes to the ask's target, perhaps before this returns.</summary>
    internal void Deliver(int shard, ShardInput.Ask ask)
    {
        var loop = Volatile.Read(ref _loops[shard]);
        if (loop is null || !new ShardClock(_time.GetTimestamp(), _lease.DeadlineTimestamp, default).MayServe)
        {
            ask.Target.Complete(AskOutcome.NotOwner);
        }
        else if (!ask.IsRead && loop.Lane.IsFull)
        {
            ask.Target.Complete(AskOutcome.Overloaded("the journal's queue on this node is full"));
        }
        else if (!loop.TryPost(ask))
        {
            ask.Target.Complete(AskOutcome.Overloaded("the shard's queue is full"));
        }
        else
        {
            Traffic.Count(shard);
        }
    }

    /// <summary>Tells whether the entity is in memory here, without waking it; called back from its shard's turn.</summary>
    public void Inspect(EntityKey entity, Action<bool> answer)
    {
        if (Volatile.Read(ref _loops[ShardHash.ShardOf(entity.Id, _loops.Length)]) is { } loop)
        {
            loop.Post(new ShardInput.Inspect(entity, answer));
        }
        else
        {
            answer(false);
        }
    }

    /// <inheritdoc cref="Inspect"/>
    public Task<bool> IsResidentAsync(EntityKey entity)
    {
        var answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        Inspect(entity, isResident => answer.TrySetResult(isResident));
        return answer.Task;
    }

    /// <summary>Entities of one kind in memory by shard, of the shards that run here and answer in time.</summary>
    public async Task<IReadOnlyList<(int Shard, int Residents)>> CensusAsync(string kind, TimeSpan within, CancellationToken cancellationToken)
    {
        var asked = _loops.OfType<ShardLoop>().Select(loop =>
        {
            var answer = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
            loop.Post(new ShardInput.Census(kind, count => answer.TrySetResult(count)));
            return (loop.Shard, Count: answer.Task);
        }).ToList();
        try
        {
            await Task.WhenAll(asked.Select(shard => shard.Count)).WaitAsync(within, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            // A shard that was dropped meanwhile never answers.
        }

        return [.. asked.Where(shard => shard.Count.IsCompletedSuccessfully).Select(shard => (shard.Shard, shard.Count.Result))];
    }

    /// <summary>What is in memory here of the entity, without waking it. Not known, and so not there, while this node may not serve.</summary>
    public Task<EntityLook> LookAsync(EntityKey entity)
    {
        var answer = new TaskCompletionSource<EntityLook>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Serving(entity) is { } loop)
        {
            loop.Post(new ShardInput.Look(entity, look => answer.TrySetResult(look)));
        }
        else
        {
            answer.SetResult(EntityLook.NotThere);
        }

        return answer.Task;
    }

    /// <summary>Takes the entity out of memory here, if nothing is under way with it.</summary>
    public Task<PassivateOutcome> PassivateAsync(EntityKey entity)
    {
        var answer = new TaskCompletionSource<PassivateOutcome>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (Serving(entity) is { } loop)
        {
            loop.Post(new ShardInput.Passivate(entity, outcome => answer.TrySetResult(outcome)));
        }
        else
        {
            answer.SetResult(PassivateOutcome.NotResident);
        }

        return answer.Task;
    }

    /// <summary>Drops what still runs and ends lanes, readers and ticks. Nothing is drained.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        for (var shard = 0; shard < _loops.Length; shard++)
        {
            Interlocked.Exchange(ref _loops[shard], null)?.Drop("this node's session ended");
        }

        await _ticking;
        _handoffs.Dispose();
        await Task.WhenAll(_lanes.Select(lane => lane.DisposeAsync().AsTask()));
        await _confirmations.DisposeAsync();
        await _reader.DisposeAsync();
        _stop.Dispose();
    }

    void IShardShell.ReadHead(ShardLoop loop) => _reader.ReadHead(loop);

    void IShardShell.Recover(ShardLoop loop, EntityState entity) => _reader.Recover(loop, entity);

    void IShardShell.LookUpResult(ShardLoop loop, EntityState entity, Guid commandId) => _reader.LookUp(loop, entity, commandId);

    void IShardShell.ConfirmOwner(ShardLoop loop, long batch) => _confirmations.Confirm(loop, batch);

    void IShardShell.Copied(ShardLoop loop, ShardCopies copies) => _handoffs.OnCopied(loop, copies);

    void IShardShell.Drained(ShardLoop loop)
    {
        Interlocked.CompareExchange(ref _loops[loop.Shard], null, loop);
        _reports?.Drained(new ShardEpoch(loop.Shard, loop.Epoch));
    }

    void IShardShell.Stopped(ShardLoop loop, string reason)
    {
        Interlocked.CompareExchange(ref _loops[loop.Shard], null, loop);
        _handoffs.OnShardGone(loop);
        _reports?.Stopped(new ShardEpoch(loop.Shard, loop.Epoch), reason);
    }

    private ShardLoop? Serving(EntityKey entity) =>
        Volatile.Read(ref _loops[ShardHash.ShardOf(entity.Id, _loops.Length)]) is { } loop
            && new ShardClock(_time.GetTimestamp(), _lease.DeadlineTimestamp, default).MayServe
                ? loop
                : null;

    private ShardLoop? Find(ShardEpoch shard)
    {
        var loop = Volatile.Read(ref _loops[shard.Shard]);
        return loop?.Epoch == shard.Epoch ? loop : null;
    }

    private async Task TickAsync()
    {
        using var timer = new PeriodicTimer(TickInterval, _time);
        var limit = _options.MaxResidentEntities;
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                _handoffs.Tick();
                limit = ResidentShare.Next(_options.MaxResidentEntities, limit, [.. _loops.OfType<ShardLoop>().Select(loop => loop.Residents)]);
                foreach (var loop in _loops)
                {
                    loop?.Post(new ShardInput.Tick(limit));
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "Shard {Shard} starts at epoch {Epoch}")]
    private static partial void LogStarted(ILogger logger, int shard, long epoch);

    // The cluster loop, which orders drops and hears of stops, tells operators of them.
    [LoggerMessage(Level = LogLevel.Debug, Message = "Shard {Shard} at epoch {Epoch} is dropped: this node no longer owns it")]
    private static partial void LogDropped(ILogger logger, int shard, long epoch);
}
