using System.Threading.Channels;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Recovery;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacySharding.Shards;

/// <summary>
/// Reads for the shards of this node, in the order of request and as many at the same time as <see cref="RecoveryGovernor"/> allows,
/// so that recovery cannot starve appends. Requests are bounded by what the shards' mailboxes admit. Look-ups of command ids share one query.
/// </summary>
internal sealed partial class JournalReader : IAsyncDisposable
{
    private const int LookUpsPerQuery = 256;

    private static readonly TimeSpan PruneInterval = TimeSpan.FromMinutes(10);

    private readonly IJournal _journal;
    private readonly ShardingOptions _options;
    private readonly TimeProvider _time;
    private readonly ShardingMetrics _metrics;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _gate = new();
    private readonly RecoveryQueue<(ShardLoop Loop, EntityState? Entity)> _loads;
    private readonly RecoveryGovernor _governor;

    // One for each occasion on which a load may be able to begin; one too many costs a look.
    private readonly SemaphoreSlim _occasions = new(0);
    private readonly Channel<(ShardLoop Loop, EntityState Entity, Guid CommandId)> _lookUps =
        Channel.CreateUnbounded<(ShardLoop, EntityState, Guid)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Task _running;

    public JournalReader(IJournal journal, ShardingOptions options, TimeProvider time, ShardingMetrics metrics, ILogger logger)
    {
        _journal = journal;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        _loads = new RecoveryQueue<(ShardLoop, EntityState?)>(options.RecoveryConcurrency);
        _governor = new RecoveryGovernor(options.RecoveryConcurrency);
        metrics.ObserveRecovery(() => Locked(() => _governor.Limit), () => Locked(() => _loads.Waiting));
        var workers = Enumerable.Range(0, options.RecoveryConcurrency).Select(_ => Task.Run(LoadAsync));
        _running = Task.WhenAll([.. workers, Task.Run(LookUpAsync), Task.Run(PruneAsync)]);
    }

    public void ReadHead(ShardLoop loop) => Request((loop, null));

    public void Recover(ShardLoop loop, EntityState entity) => Request((loop, entity));

    /// <summary>A batch has taken so long.</summary>
    public void OnAppended(int events, TimeSpan took)
    {
        if (Observe(StoreCall.Append, events, took))
        {
            _occasions.Release();
        }
    }

    public void LookUp(ShardLoop loop, EntityState entity, Guid commandId) => _lookUps.Writer.TryWrite((loop, entity, commandId));

    public async ValueTask DisposeAsync()
    {
        _lookUps.Writer.TryComplete();
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
        _occasions.Dispose();
    }

    private async Task LoadAsync()
    {
        try
        {
            while (true)
            {
                await _occasions.WaitAsync(_stop.Token);
                while (TryTake(out var load))
                {
                    // Another worker may find more.
                    _occasions.Release();
                    await LoadAsync(load.Loop, load.Entity);
                    lock (_gate)
                    {
                        _loads.Finish();
                    }
                }
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }

    private Task LoadAsync(ShardLoop loop, EntityState? entity) =>
        loop.IsStopped ? Task.CompletedTask : entity is null ? ReadHeadAsync(loop) : RecoverAsync(loop, entity);

    private void Request((ShardLoop Loop, EntityState? Entity) load)
    {
        lock (_gate)
        {
            _loads.Request(load);
        }

        _occasions.Release();
    }

    private bool TryTake(out (ShardLoop Loop, EntityState? Entity) load)
    {
        lock (_gate)
        {
            return _loads.TryTake(_governor.Limit, out load);
        }
    }

    /// <summary>True when more may be loaded at the same time than before.</summary>
    private bool Observe(StoreCall call, int size, TimeSpan took)
    {
        lock (_gate)
        {
            var before = _governor.Limit;
            _governor.Observe(call, size, took);
            return _governor.Limit > before;
        }
    }

    private int Locked(Func<int> look)
    {
        lock (_gate)
        {
            return look();
        }
    }

    private async Task ReadHeadAsync(ShardLoop loop)
    {
        try
        {
            loop.Post(new ShardInput.HeadRead(await _journal.ReadHeadAsync(loop.Shard, _stop.Token)));
        }
        catch (Exception fault)
        {
            LogUnreadable(_logger, loop.Shard, loop.Epoch, "head", fault.Message);
            loop.Post(new ShardInput.HeadUnreadable($"the head of the shard's journal could not be read: {fault.Message}"));
        }
    }

    private async Task RecoverAsync(ShardLoop loop, EntityState entity)
    {
        try
        {
            var fold = new EntityFold(entity.Key, entity.Kind);
            var window = new RecoveryWindow(_options.RememberedCommands, _time.GetUtcNow() - _options.CommandWindow);
            var started = _time.GetTimestamp();
            var results = await _journal.RecoverAsync(entity.Key, entity.Kind.StateVersion, window, fold, _stop.Token);
            Observe(StoreCall.Load, (int)Math.Min(fold.Events, int.MaxValue), _time.GetElapsedTime(started));
            _metrics.Recovered(fold.Events);
            loop.Post(new ShardInput.EntityRecovered(entity, fold.Finish(results, _options.RememberedCommands)));
        }
        catch (Exception fault)
        {
            var isUnreadable = fault is not (StoreUnavailableException or OperationCanceledException);
            if (isUnreadable)
            {
                LogDamaged(_logger, fault, loop.Shard, loop.Epoch, entity.Key.Kind, Uri.EscapeDataString(entity.Key.Id));
            }
            else
            {
                LogUnreadable(_logger, loop.Shard, loop.Epoch, entity.Key.Kind, fault.Message);
            }

            loop.Post(new ShardInput.RecoveryFailed(entity, isUnreadable, fault.Message));
        }
    }

    private async Task LookUpAsync()
    {
        var waiting = new List<(ShardLoop Loop, EntityState Entity, Guid CommandId)>();
        while (await _lookUps.Reader.WaitToReadAsync())
        {
            waiting.Clear();
            while (waiting.Count < LookUpsPerQuery && _lookUps.Reader.TryRead(out var item))
            {
                waiting.Add(item);
            }

            await LookUpAsync(waiting);
        }
    }

    private async Task LookUpAsync(List<(ShardLoop Loop, EntityState Entity, Guid CommandId)> waiting)
    {
        try
        {
            var found = await _journal.FindResultsAsync([.. waiting.Select(item => item.CommandId)], _stop.Token);
            var byKey = new Dictionary<(EntityKey, Guid), StoredResult>();
            foreach (var result in found)
            {
                byKey[(result.Entity, result.CommandId)] = result;
            }

            foreach (var (loop, entity, commandId) in waiting)
            {
                loop.Post(new ShardInput.ResultLookedUp(entity, commandId, byKey.GetValueOrDefault((entity.Key, commandId)), null));
            }
        }
        catch (Exception fault)
        {
            foreach (var (loop, entity, commandId) in waiting)
            {
                loop.Post(new ShardInput.ResultLookedUp(entity, commandId, null, fault.Message));
            }
        }
    }

    /// <summary>Answers without events are promised for the command window only; every owner clears what is older now and then.</summary>
    private async Task PruneAsync()
    {
        using var timer = new PeriodicTimer(PruneInterval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await PruneOnceAsync();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task PruneOnceAsync()
    {
        try
        {
            var removed = await _journal.PruneResultsAsync(_time.GetUtcNow() - _options.CommandWindow, _stop.Token);
            if (removed > 0)
            {
                LogPruned(_logger, removed);
            }
        }
        catch (StoreUnavailableException)
        {
            // The next round comes; nothing depends on this one.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Removed {Removed} stored answers older than the command window")]
    private static partial void LogPruned(ILogger logger, int removed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} at epoch {Epoch}: a {What} could not be read: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, int shard, long epoch, string what, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {Shard} at epoch {Epoch}: the stored past of {Kind} {Id} cannot be folded")]
    private static partial void LogDamaged(ILogger logger, Exception fault, int shard, long epoch, string kind, string id);
}
