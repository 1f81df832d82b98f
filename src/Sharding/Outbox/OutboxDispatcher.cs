using System.Threading.Channels;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Shards;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Sharding.Outbox;

/// <summary>
/// Does what the outboxes of a region's shards ask for, with fixed numbers of deliveries and reads under way, so that messages starve neither commands
/// nor recoveries. Its queues are bounded by the shards' own bounds.
/// </summary>
internal sealed partial class OutboxDispatcher : IAsyncDisposable
{
    private const int Readers = 2;
    private const int ChannelsPerRound = 1_024;

    private static readonly TimeSpan Attempt = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan LogPeriod = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestRound = TimeSpan.FromMinutes(1);

    private readonly IJournal _journal;
    private readonly ShardingOptions _options;
    private readonly ShardingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly Func<int, ShardLoop?> _find;
    private readonly int _shardCount;
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<(ShardLoop Loop, OutboxSend Send)> _sends = Channel.CreateUnbounded<(ShardLoop, OutboxSend)>();
    private readonly Channel<(ShardLoop Loop, OutboxMessage? After)> _reads = Channel.CreateUnbounded<(ShardLoop, OutboxMessage?)>();
    private readonly Task _running;
    private IMessageRoute? _route;
    private long _lastFailureLogged;
    private int _failuresSuppressed;

    /// <param name="find">The loop of a shard that runs here now, or null.</param>
    public OutboxDispatcher(
        IJournal journal, int shardCount, Func<int, ShardLoop?> find, ShardingOptions options, ShardingMetrics metrics, TimeProvider time, ILogger logger)
    {
        _journal = journal;
        _shardCount = shardCount;
        _find = find;
        _options = options;
        _metrics = metrics;
        _time = time;
        _logger = logger;
        _lastFailureLogged = time.GetTimestamp() - (long)(LogPeriod.TotalSeconds * time.TimestampFrequency);
        var senders = Enumerable.Range(0, options.OutboxConcurrency).Select(_ => Task.Run(SendAsync));
        var readers = Enumerable.Range(0, Readers).Select(_ => Task.Run(ReadAsync));
        _running = Task.WhenAll([.. senders, .. readers, Task.Run(CloseIdleAsync)]);
    }

    /// <summary>Until it is set, messages wait.</summary>
    public void SendThrough(IMessageRoute route) => Volatile.Write(ref _route, route);

    public void Send(ShardLoop loop, OutboxSend send) => _sends.Writer.TryWrite((loop, send));

    /// <param name="after">Null: from the beginning.</param>
    public void Read(ShardLoop loop, OutboxMessage? after) => _reads.Writer.TryWrite((loop, after));

    public async ValueTask DisposeAsync()
    {
        _sends.Writer.TryComplete();
        _reads.Writer.TryComplete();
        await _stop.CancelAsync();
        await _running;
        _stop.Dispose();
    }

    private async Task SendAsync()
    {
        await foreach (var (loop, send) in _sends.Reader.ReadAllAsync())
        {
            if (!_stop.IsCancellationRequested && !loop.IsStopped)
            {
                loop.Post(new ShardInput.MessageAnswered(send, await DeliverAsync(send)));
            }
        }
    }

    private async Task<bool> DeliverAsync(OutboxSend send)
    {
        var started = _time.GetTimestamp();
        MessageOutcome outcome;
        try
        {
            outcome = Volatile.Read(ref _route) is { } route
                ? await route.DeliverAsync(send.Message, send.IsClose, Attempt, _stop.Token)
                : new MessageOutcome(false, "shard/unavailable", "this node is starting");
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception fault)
        {
            outcome = new MessageOutcome(false, "fault", $"{fault.GetType().Name}: {fault.Message}");
        }

        Note(send, outcome, _time.GetElapsedTime(started));
        return outcome.IsDelivered;
    }

    private void Note(OutboxSend send, in MessageOutcome outcome, TimeSpan duration)
    {
        if (send.IsClose)
        {
            _metrics.ChannelClosed(outcome.IsDelivered);
            return;
        }

        _metrics.MessageSent(!outcome.IsDelivered ? "failed" : outcome.Code.Length > 0 ? "refused" : "delivered", duration);
        var (sender, receiver) = (send.Message.Sender, send.Message.Receiver);
        if (!outcome.IsDelivered)
        {
            NoteFailure(send.Message, outcome);
        }
        else if (outcome.Code.Length > 0)
        {
            LogRefused(
                _logger, send.Message.Nr, sender.Kind, Uri.EscapeDataString(sender.Id), receiver.Kind, Uri.EscapeDataString(receiver.Id), outcome.Code);
        }
    }

    /// <summary>One line a period: behind a shard that is away there may be thousands.</summary>
    private void NoteFailure(OutboxMessage message, in MessageOutcome outcome)
    {
        var last = Volatile.Read(ref _lastFailureLogged);
        var now = _time.GetTimestamp();
        if (_time.GetElapsedTime(last, now) < LogPeriod || Interlocked.CompareExchange(ref _lastFailureLogged, now, last) != last)
        {
            Interlocked.Increment(ref _failuresSuppressed);
            return;
        }

        var (sender, receiver) = (message.Sender, message.Receiver);
        LogFailed(
            _logger, message.Nr, sender.Kind, Uri.EscapeDataString(sender.Id), receiver.Kind, Uri.EscapeDataString(receiver.Id), outcome.Code,
            outcome.Detail, Interlocked.Exchange(ref _failuresSuppressed, 0));
    }

    private async Task ReadAsync()
    {
        await foreach (var (loop, after) in _reads.Reader.ReadAllAsync())
        {
            if (_stop.IsCancellationRequested || loop.IsStopped)
            {
                continue;
            }

            try
            {
                loop.Post(new ShardInput.OutboxRead(await _journal.ReadOutboxAsync(loop.Shard, after, _options.OutboxPage, _stop.Token), null));
            }
            catch (Exception fault)
            {
                LogUnreadable(_logger, loop.Shard, loop.Epoch, fault.Message);
                loop.Post(new ShardInput.OutboxRead([], fault.Message));
            }
        }
    }

    private async Task CloseIdleAsync()
    {
        var round = _options.CloseChannelsAfter / 4;
        using var timer = new PeriodicTimer(round < LongestRound ? round : LongestRound, _time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                await CloseIdleOnceAsync();
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task CloseIdleOnceAsync()
    {
        var shards = Enumerable.Range(0, _shardCount).Where(shard => _find(shard) is not null).ToArray();
        if (shards.Length == 0)
        {
            return;
        }

        try
        {
            foreach (var last in await _journal.ReadIdleChannelsAsync(shards, _options.CloseChannelsAfter, ChannelsPerRound, _stop.Token))
            {
                _find(ShardHash.ShardOf(last.Sender.Id, _shardCount))?.Post(new ShardInput.ChannelIdle(last));
            }
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            // The next round comes; a channel that stays open costs an entry in its receiver's memory.
            LogIdleUnreadable(_logger, fault.Message);
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Nr} from {SenderKind} {SenderId} to {ReceiverKind} {ReceiverId} was refused for good: {Code}")]
    private static partial void LogRefused(
        ILogger logger, long nr, string senderKind, string senderId, string receiverKind, string receiverId, string code);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Message {Nr} from {SenderKind} {SenderId} to {ReceiverKind} {ReceiverId} was not delivered ({Code}): {Detail}. It is tried again; {Suppressed} more like it since the last such line")]
    private static partial void LogFailed(
        ILogger logger, long nr, string senderKind, string senderId, string receiverKind, string receiverId, string code, string detail, int suppressed);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} at epoch {Epoch}: its outbox could not be read and is tried again: {Reason}")]
    private static partial void LogUnreadable(ILogger logger, int shard, long epoch, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Idle channels between entities could not be read: {Reason}")]
    private static partial void LogIdleUnreadable(ILogger logger, string reason);
}
