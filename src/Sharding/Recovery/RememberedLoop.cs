using AkkaScale.Cluster;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Regions;
using AkkaScale.Sharding.Shards;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Sharding.Recovery;

/// <summary>
/// After a shard has begun to serve here, has its remembered entities loaded: a page at a time, shard by shard in turn, behind everything that
/// is asked for, and only while this node has room.
/// </summary>
public sealed partial class RememberedLoop : IAsyncDisposable
{
    private const int PageSize = 100;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(5);

    private readonly ShardRegion _region;
    private readonly IJournal _journal;
    private readonly EntityKindRegistry _kinds;
    private readonly ShardingOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Dictionary<int, Progress> _progress = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    public RememberedLoop(
        ShardRegion region, IJournal journal, EntityKindRegistry kinds, ShardingOptions options, TimeProvider time, ILogger<RememberedLoop> logger)
    {
        _region = region;
        _journal = journal;
        _kinds = kinds;
        _options = options;
        _time = time;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        using var timer = new PeriodicTimer(Interval, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await RoundAsync();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>A page for each shard that has more, as long as what was read before is nearly loaded.</summary>
    private async Task RoundAsync()
    {
        var running = _region.Running().ToArray();
        foreach (var gone in _progress.Keys.Except(running.Select(loop => loop.Shard)).ToArray())
        {
            _progress.Remove(gone);
        }

        // Counted down here: what is posted shows in the shards' counts only after their next turn.
        var room = _options.MaxResidentEntities - _region.Residents;
        foreach (var loop in running)
        {
            if (room <= 0 || _region.RememberedWaiting >= PageSize)
            {
                return;
            }

            if (Due(loop) is { } progress)
            {
                room -= await LoadPageAsync(loop, progress, (int)Math.Min(PageSize, Math.Min(room, loop.Room)));
            }
        }
    }

    /// <summary>Null when there is nothing to do for this shard now.</summary>
    private Progress? Due(ShardLoop loop)
    {
        if (!_progress.TryGetValue(loop.Shard, out var progress) || progress.Epoch != loop.Epoch)
        {
            progress = _progress[loop.Shard] = new Progress(loop.Epoch);
        }

        if (progress.IsDone && loop.RememberedFailures > progress.Failures)
        {
            // Some could not be loaded: once more from the start, those in memory are passed over.
            progress.StartAgain(loop.RememberedFailures, After(PauseAfterFailure));
        }

        return progress.IsDone || loop.Room <= 0 || _time.GetTimestamp() < progress.NotBefore ? null : progress;
    }

    /// <summary>Returns how many entities the shard was told of.</summary>
    private async Task<int> LoadPageAsync(ShardLoop loop, Progress progress, int limit)
    {
        try
        {
            var page = await _journal.ReadRememberedAsync(loop.Shard, progress.After, limit, _stop.Token);
            progress.Read(page, isLast: page.Count < limit);
            var known = new List<(EntityKey, IEntityKind)>();
            foreach (var key in page)
            {
                // A kind that this release does not know is another node's to load.
                if (_kinds.Find(key.Kind) is { } kind)
                {
                    known.Add((key, kind));
                }
            }

            if (known.Count > 0)
            {
                loop.Post(new ShardInput.Remember(known));
            }

            return known.Count;
        }
        catch (StoreUnavailableException unavailable)
        {
            LogUnreadable(_logger, loop.Shard, loop.Epoch, unavailable.Message);
            progress.NotBefore = After(PauseAfterFailure);
            return 0;
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            LogFault(_logger, fault, loop.Shard, loop.Epoch);
            progress.NotBefore = After(PauseAfterFailure);
            return 0;
        }
    }

    private long After(TimeSpan span) => _time.GetTimestamp() + (long)(span.TotalSeconds * _time.TimestampFrequency);

    /// <summary>How far the remembered entities of one shard under one epoch have been read.</summary>
    private sealed class Progress(long epoch)
    {
        public long Epoch { get; } = epoch;

        public EntityKey? After { get; private set; }

        public bool IsDone { get; private set; }

        public int Failures { get; private set; }

        public long NotBefore { get; set; } = long.MinValue;

        public void Read(IReadOnlyList<EntityKey> page, bool isLast)
        {
            After = page.Count > 0 ? page[^1] : After;
            IsDone = isLast;
        }

        public void StartAgain(int failures, long notBefore)
        {
            (Failures, NotBefore, After, IsDone) = (failures, notBefore, null, false);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} at epoch {Epoch}: the list of remembered entities could not be read, it is tried again: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, int shard, long epoch, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Shard {Shard} at epoch {Epoch}: loading remembered entities failed, it is tried again")]
    private static partial void LogFault(ILogger logger, Exception fault, int shard, long epoch);
}
