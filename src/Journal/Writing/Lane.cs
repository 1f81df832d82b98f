using AkkaScale.Cluster.Leases;
using AkkaScale.Journal.Figures;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Journal.Writing;

/// <summary>Drives one <see cref="LaneMachine"/>: takes requests from any thread, and writes on a thread of its own.</summary>
internal sealed partial class Lane : IDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly LaneState _state = new();
    private readonly LaneLimits _limits;
    private readonly IBatchWriter _writer;
    private readonly ILeaseBook? _leases;
    private readonly JournalMetrics _metrics;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _work = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private long _batches;
    private long _rows;
    private long _unfencedRows;
    private long _refusedSlices;
    private long _failedRequests;
    private long _unknownOutcomes;
    private volatile bool _settling;
    private volatile string? _trouble;

    public Lane(LaneLimits limits, IBatchWriter writer, ILeaseBook? leases, JournalMetrics metrics, ILogger logger)
    {
        (_limits, _writer, _leases, _metrics, _logger) = (limits, writer, leases, metrics, logger);
        _thread = new Thread(Run) { IsBackground = true, Name = "journal lane" };
    }

    public LaneFigures Figures
    {
        get
        {
            lock (_lock)
            {
                return new LaneFigures(
                    Volatile.Read(ref _batches), Volatile.Read(ref _rows), Volatile.Read(ref _unfencedRows),
                    Volatile.Read(ref _refusedSlices), Interlocked.Read(ref _failedRequests), Volatile.Read(ref _unknownOutcomes),
                    _state.Waiting.Count, _settling, _trouble);
            }
        }
    }

    /// <summary>Takes its connection, and only then takes work: who has none must not own what others could write.</summary>
    public void Start()
    {
        _writer.Open();
        _thread.Start();
    }

    /// <summary>Fails what waits, and whatever comes: the database is not fit.</summary>
    public void Refuse(Exception error)
    {
        _trouble = error.Message;
        Step(new LaneInput.Stopped(error));
    }

    /// <summary>The request's own task tells the outcome.</summary>
    public void Accept(WriteRequest request) => Step(new LaneInput.Accepted(request));

    /// <summary>Completes when every write of that entity that was accepted until now has an outcome.</summary>
    public Task RecoverAsync(string persistenceId)
    {
        var waiter = new RecoveryWaiter();
        Step(new LaneInput.Recovering(persistenceId, waiter));
        return waiter.Task;
    }

    public void Dispose()
    {
        _stopping.Cancel();
        Step(new LaneInput.Stopped(new OperationCanceledException("The journal is being stopped.")));
        if (_thread.IsAlive && !_thread.Join(StopPatience))
        {
            LogThreadStays(_logger);
        }

        _writer.Dispose();
    }

    private void Run()
    {
        LaneEffect? next = null;
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                switch (next)
                {
                    case LaneEffect.Send(var batch):
                        next = Write(batch);
                        break;
                    case LaneEffect.Settle(var batch, var attempt):
                        next = Settle(batch, attempt);
                        break;
                    case LaneEffect.Pause(var attempt):
                        Pause(attempt);
                        next = Step(LaneInput.Take.Instance);
                        break;
                    default:
                        next = Step(LaneInput.Take.Instance);
                        if (next is null)
                        {
                            _work.Wait(_stopping.Token);
                        }

                        break;
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed; what was still here has been failed.
        }
        catch (Exception error)
        {
            // A broken invariant: no write may be left without an outcome, and no later one may be taken.
            LogBroken(_logger, error);
            _trouble = error.Message;
            Step(new LaneInput.Stopped(error));
        }
    }

    private LaneEffect? Write(Batch batch)
    {
        _batches++;
        var began = _metrics.Now;
        var outcome = _writer.Write(batch);
        switch (outcome)
        {
            case WriteOutcome.Answered(var held):
                _trouble = null;
                Count(batch, held, began);
                return Step(new LaneInput.Answered(batch, held, Replaced(batch, held)));
            case WriteOutcome.Failed(var error, var mayPass):
                _trouble = null;
                _metrics.Failed(batch.Slices.Count);
                LogFailed(_logger, batch.Requests.Length, batch.Rows, error);
                return Step(new LaneInput.Failed(batch, error, mayPass));
            case WriteOutcome.NotSent(var error):
                Report(error);
                return Step(new LaneInput.NotSent(batch));
            case WriteOutcome.Unknown(var error):
                _unknownOutcomes++;
                _settling = true;
                LogUnknown(_logger, batch.Requests.Length, error);
                return Step(new LaneInput.Unknown(batch));
            default:
                throw new InvalidOperationException($"Unknown outcome {outcome.GetType()}.");
        }
    }

    private LaneEffect? Settle(Batch batch, int attempt)
    {
        if (attempt > 0)
        {
            Pause(attempt - 1);
        }

        var (written, error) = _writer.Settle(batch);
        if (written is null)
        {
            Report(error ?? new TimeoutException("What became of the last writes is not known yet: their server process still runs."));
            return Step(new LaneInput.NotSettled(batch));
        }

        _settling = false;
        _trouble = null;
        LogSettled(_logger, written.Count(request => request), written.Length);
        return Step(new LaneInput.Settled(batch, written));
    }

    /// <summary>Feeds the machine and does what it says; hands back what only the lane's own thread may do.</summary>
    private LaneEffect? Step(LaneInput input)
    {
        var effects = new List<LaneEffect>();
        lock (_lock)
        {
            LaneMachine.Step(_state, input, _limits, effects);
        }

        LaneEffect? own = null;
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case LaneEffect.Wake:
                    _work.Release();
                    break;
                case LaneEffect.Complete(var requests):
                    // Elsewhere, so that the next batch is on its way while the actors hear of this one.
                    ThreadPool.UnsafeQueueUserWorkItem(Complete, requests, preferLocal: false);
                    break;
                case LaneEffect.Fail(var requests, var error):
                    Interlocked.Add(ref _failedRequests, requests.Count);
                    ThreadPool.UnsafeQueueUserWorkItem(Fail, (requests, error), preferLocal: false);
                    break;
                case LaneEffect.TellLost(var slice):
                    LogLost(_logger, slice.Lease!, slice.Epoch);
                    _leases?.Lost(slice.Lease!, slice.Epoch);
                    break;
                case LaneEffect.Release(var waiter):
                    waiter.TrySetResult();
                    break;
                default:
                    own = effect;
                    break;
            }
        }

        return own;
    }

    private static void Complete(IReadOnlyList<WriteRequest> requests)
    {
        foreach (var request in requests)
        {
            request.TrySetResult(null!);
        }
    }

    private static void Fail((IReadOnlyList<WriteRequest> Requests, Exception Error) failed)
    {
        foreach (var request in failed.Requests)
        {
            request.TrySetException(failed.Error);
        }
    }

    private bool[] Replaced(Batch batch, bool[] held)
    {
        var replaced = new bool[held.Length];
        for (var slice = 0; slice < held.Length; slice++)
        {
            replaced[slice] = !held[slice] && _leases?.EpochOf(batch.Slices[slice].Lease!) > batch.Slices[slice].Epoch;
        }

        return replaced;
    }

    private void Count(Batch batch, bool[] held, long began)
    {
        var (before, refused) = (_rows, held.Count(slice => !slice));
        _refusedSlices += refused;
        for (var request = 0; request < batch.Requests.Length; request++)
        {
            var slice = batch.SliceOf(request);
            if (held[slice])
            {
                _rows += batch.Requests[request].Rows.Length;
                _unfencedRows += batch.Slices[slice].IsFenced ? 0 : batch.Requests[request].Rows.Length;
            }
        }

        _metrics.Appended(began, _rows - before, refused);
    }

    private void Report(Exception error)
    {
        if (_trouble != error.Message)
        {
            LogAway(_logger, error);
        }

        _trouble = error.Message;
    }

    private void Pause(int attempt) => _stopping.Token.WaitHandle.WaitOne(attempt > 4 ? LongestPause : FirstPause * (1 << attempt));

    [LoggerMessage(EventId = 3001, Level = LogLevel.Warning,
        Message = "A batch of {Requests} writes ({Rows} rows) was refused by the database; it is split until the guilty write is found.")]
    private static partial void LogFailed(ILogger logger, int requests, int rows, Exception error);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Warning,
        Message = "Whether a batch of {Requests} writes was committed is not known; the database is asked.")]
    private static partial void LogUnknown(ILogger logger, int requests, Exception? error);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Warning, Message = "Settled: {Written} of {Requests} writes had been committed.")]
    private static partial void LogSettled(ILogger logger, int written, int requests);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "The lease {Lease} is no longer held by epoch {Epoch}.")]
    private static partial void LogLost(ILogger logger, string lease, long epoch);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning, Message = "The journal's database cannot be written to; writes wait.")]
    private static partial void LogAway(ILogger logger, Exception error);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Error, Message = "The journal's lane is broken and takes no more writes.")]
    private static partial void LogBroken(ILogger logger, Exception error);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Warning,
        Message = "The journal's lane still waits for the database; it is left behind.")]
    private static partial void LogThreadStays(ILogger logger);
}
