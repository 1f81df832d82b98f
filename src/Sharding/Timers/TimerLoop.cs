using System.Threading.Channels;
using AkkaScale.Cluster;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Regions;
using AkkaScale.Sharding.Shards;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Sharding.Timers;

/// <summary>
/// Fires the timers of the shards that run on this node: reads those that are due by the store's clock and delivers each to its entity as a
/// command, waking it if need be. Decides nothing: whether a firing is current, and what becomes of its row, the entity knows.
/// </summary>
public sealed partial class TimerLoop : IAsyncDisposable
{
    public const string ActingUser = "timer";

    private static readonly TimeSpan DeliveryTimeout = TimeSpan.FromSeconds(10);

    // For what another try will not change: an entity that cannot be read, a kind that this release does not know.
    private static readonly TimeSpan LongPause = TimeSpan.FromMinutes(1);

    private readonly ShardRegion _region;
    private readonly IJournal _journal;
    private readonly EntityKindRegistry _kinds;
    private readonly ShardingOptions _options;
    private readonly ShardingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly TimerAgenda _agenda;
    private readonly CancellationTokenSource _stop = new();

    // Holds at most as many as may be under way.
    private readonly Channel<(DueTimer Timer, AskOutcome Outcome)> _outcomes = Channel.CreateUnbounded<(DueTimer, AskOutcome)>();
    private readonly Task _running;

    public TimerLoop(
        ShardRegion region, IJournal journal, EntityKindRegistry kinds, ShardingOptions options, ShardingMetrics metrics, TimeProvider time,
        ILogger<TimerLoop> logger)
    {
        _region = region;
        _journal = journal;
        _kinds = kinds;
        _options = options;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _agenda = new TimerAgenda(options.TimersInFlight);
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
        while (!_stop.IsCancellationRequested)
        {
            var isFull = await FireAsync();
            await SettleAsync(isFull);
        }
    }

    /// <summary>True when more may be due than was read.</summary>
    private async Task<bool> FireAsync()
    {
        try
        {
            var shards = _region.Running().Select(loop => loop.Shard).ToArray();
            if (shards.Length == 0)
            {
                return false;
            }

            var limit = _agenda.ReadLimit;
            var due = await _journal.ReadDueTimersAsync(shards, limit, _stop.Token);
            foreach (var timer in _agenda.Take(due, _time.GetTimestamp()))
            {
                Deliver(timer);
            }

            return due.Count == limit;
        }
        catch (Exception fault) when (fault is StoreUnavailableException or OperationCanceledException)
        {
            // The next look comes; a timer may be late.
            return false;
        }
        catch (Exception fault)
        {
            LogFault(_logger, fault);
            return false;
        }
    }

    private void Deliver(DueTimer timer)
    {
        if (_kinds.Find(timer.Entity.Kind) is not { } kind || CommandOf(kind, timer) is not { } command)
        {
            LogUnknown(_logger, timer.Shard, timer.Name, timer.Entity.Kind, LongPause);
            PutOff(timer, LongPause, "unknown");
            return;
        }

        _region.Deliver(timer.Shard, new ShardInput.Ask(
            timer.Entity, kind, command, TimerCommandId.Of(timer.Entity, timer.Name, timer.Version), After(DeliveryTimeout),
            new Target(timer, _outcomes.Writer))
        {
            ActingUser = ActingUser,
            Firing = new TimerFiring(timer.Name, timer.Version),
        });
    }

    private object? CommandOf(IEntityKind kind, DueTimer timer)
    {
        try
        {
            return kind.TimerCommand(timer.Name) is { } command && kind.Accepts(command) ? command : null;
        }
        catch (Exception fault)
        {
            LogNoCommand(_logger, fault, kind.Name, timer.Name);
            return null;
        }
    }

    /// <summary>Takes in outcomes until the next look is due; that is at once when all is done, more waits in the store and some of it was done.</summary>
    private async Task SettleAsync(bool isFull)
    {
        using var interval = new CancellationTokenSource(_options.TimerPollInterval, _time);
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token, interval.Token);
        try
        {
            var isProgress = false;
            while (!(isFull && isProgress && _agenda.InFlight == 0))
            {
                var (timer, outcome) = await _outcomes.Reader.ReadAsync(bound.Token);
                isProgress |= Settle(timer, outcome);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    /// <summary>True when the row has changed.</summary>
    private bool Settle(DueTimer timer, AskOutcome outcome)
    {
        switch (outcome)
        {
            case { Kind: AskOutcomeKind.Answered, Reply: { Version: < 0 } unreadable }:
                LogNotFired(_logger, timer.Shard, timer.Name, timer.Entity.Kind, unreadable.Code, unreadable.Detail);
                PutOff(timer, LongPause, unreadable.Status.ToString());
                return false;
            case { Kind: AskOutcomeKind.Answered, Reply: { } reply }:
                if (!reply.IsSuccess)
                {
                    LogNotFired(_logger, timer.Shard, timer.Name, timer.Entity.Kind, reply.Code, reply.Detail);
                }

                _agenda.Finish(timer);
                _metrics.TimerFired(reply.Status.ToString());
                return true;
            default:
                // The row stands: whoever owns the shard then delivers it again, under the same command id.
                PutOff(timer, _options.TimerPollInterval, outcome.Kind.ToString());
                return false;
        }
    }

    private void PutOff(DueTimer timer, TimeSpan pause, string outcome)
    {
        _agenda.PutOff(timer, After(pause));
        _metrics.TimerFired(outcome);
    }

    private long After(TimeSpan span) => _time.GetTimestamp() + (long)(span.TotalSeconds * _time.TimestampFrequency);

    private sealed class Target(DueTimer timer, ChannelWriter<(DueTimer, AskOutcome)> outcomes) : IAskTarget
    {
        public void Complete(AskOutcome outcome) => outcomes.TryWrite((timer, outcome));
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "Looking for due timers failed; it is tried again")]
    private static partial void LogFault(ILogger logger, Exception fault);

    [LoggerMessage(Level = LogLevel.Error, Message = "Kind {Kind} gives no command for timer {Timer}")]
    private static partial void LogNoCommand(ILogger logger, Exception fault, string kind, string timer);

    [LoggerMessage(Level = LogLevel.Warning,
        Message = "Shard {Shard}: timer {Timer} is of kind {Kind}, which has no command for it on this node; it is tried again in {Pause}")]
    private static partial void LogUnknown(ILogger logger, int shard, string timer, string kind, TimeSpan pause);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard}: timer {Timer} of a {Kind} had no effect, {Code}: {Detail}")]
    private static partial void LogNotFired(ILogger logger, int shard, string timer, string kind, string code, string detail);
}
