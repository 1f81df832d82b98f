using System.Threading.Channels;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Ports;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacySharding.Shards;

/// <summary>
/// Group commit for the shards of one lane: while one batch is on its way to the store, writes gather; the next batch is what has
/// gathered. No timer: a timer would add its period to every answer. A shard belongs to one lane, so at most one batch with its
/// events is in flight.
/// </summary>
internal sealed partial class AppendLane : IAsyncDisposable
{
    private readonly IJournalWriter _writer;
    private readonly ShardingOptions _options;
    private readonly ILeaseDeadline _lease;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ShardingMetrics _metrics;
    private readonly Action<int, TimeSpan> _appended;
    private readonly Channel<(ShardLoop Loop, ShardWrite Write)> _queue =
        Channel.CreateUnbounded<(ShardLoop, ShardWrite)>(new UnboundedChannelOptions { SingleReader = true });

    private readonly Task _running;
    private int _queuedEvents;
    private long _queuedBytes;

    public AppendLane(
        IJournalWriter writer, ShardingOptions options, ILeaseDeadline lease, TimeProvider time, ShardingMetrics metrics, Action<int, TimeSpan> appended,
        ILogger logger)
    {
        _writer = writer;
        _options = options;
        _lease = lease;
        _time = time;
        _metrics = metrics;
        _appended = appended;
        _logger = logger;
        _running = Task.Run(RunAsync);
    }

    /// <summary>True while new commands should be refused. Checked at intake, so what is already decided always finds room.</summary>
    public bool IsFull =>
        Volatile.Read(ref _queuedEvents) >= _options.LaneQueueEvents || Volatile.Read(ref _queuedBytes) >= _options.LaneQueueBytes;

    public void Enqueue(ShardLoop loop, ShardWrite write)
    {
        Interlocked.Add(ref _queuedEvents, Math.Max(1, write.Events.Count));
        Interlocked.Add(ref _queuedBytes, write.Bytes);
        _queue.Writer.TryWrite((loop, write));
    }

    public async ValueTask DisposeAsync()
    {
        _queue.Writer.TryComplete();
        await _running;
        await _writer.DisposeAsync();
    }

    private async Task RunAsync()
    {
        var batch = new LaneBatch();
        while (await _queue.Reader.WaitToReadAsync())
        {
            Gather(batch);
            if (batch.Slices.Count == 0)
            {
                continue;
            }

            var started = _time.GetTimestamp();
            var outcomes = await AppendAsync(batch.Slices);
            var took = _time.GetElapsedTime(started);
            _metrics.BatchAppended(batch.Events, took);
            _appended(batch.Events, took);
            for (var index = 0; index < outcomes.Length; index++)
            {
                Report(batch.Parts[index], outcomes[index]);
            }
        }
    }

    private void Gather(LaneBatch batch)
    {
        batch.Clear();
        while (batch.Events < _options.BatchEvents && batch.Bytes < _options.BatchBytes && _queue.Reader.TryRead(out var item))
        {
            Interlocked.Add(ref _queuedEvents, -Math.Max(1, item.Write.Events.Count));
            Interlocked.Add(ref _queuedBytes, -item.Write.Bytes);
            batch.Add(item.Loop, item.Write);
        }
    }

    private async Task<SliceOutcome[]> AppendAsync(IReadOnlyList<ShardSlice> slices)
    {
        // An owner sends no append after its own lease deadline.
        if (!new ShardClock(_time.GetTimestamp(), _lease.DeadlineTimestamp, default).MayServe)
        {
            return All(slices.Count, new SliceOutcome(SliceStatus.Unavailable, "this node's lease has run out"));
        }

        try
        {
            return await _writer.AppendAsync(slices);
        }
        catch (Exception fault)
        {
            LogFault(_logger, fault);
            return All(slices.Count, new SliceOutcome(SliceStatus.Unknown, fault.Message));
        }
    }

    private void Report(LaneBatch.Part part, SliceOutcome outcome)
    {
        if (outcome.Status == SliceStatus.Written)
        {
            part.Shard.Post(new ShardInput.WritesDone(part.Generation, part.LastToken));
            return;
        }

        part.Shard.FailedGeneration = part.Generation;
        _metrics.SliceFailed(outcome.Status);
        LogNotWritten(_logger, part.Shard.Shard, part.Shard.Epoch, outcome.Status, outcome.Detail);
        part.Shard.Post(new ShardInput.WritesFailed(part.Generation, outcome));
    }

    private static SliceOutcome[] All(int count, SliceOutcome outcome)
    {
        var outcomes = new SliceOutcome[count];
        Array.Fill(outcomes, outcome);
        return outcomes;
    }

    [LoggerMessage(Level = LogLevel.Error, Message = "The journal writer failed; the outcome of its batch is unknown")]
    private static partial void LogFault(ILogger logger, Exception fault);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} at epoch {Epoch}: slice not written, {Status}: {Detail}")]
    private static partial void LogNotWritten(ILogger logger, int shard, long epoch, SliceStatus status, string detail);
}
