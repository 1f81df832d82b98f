using System.Diagnostics;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Storage;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Cluster.Liveness;

/// <summary>Drives <see cref="LivenessMachine"/> on a thread and a connection of its own, which nothing else can keep busy.</summary>
internal sealed partial class LivenessLoop : IDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly LivenessState _state = new();
    private readonly IClusterStore _store;
    private readonly ClusterDatabaseOptions _options;
    private readonly ServingDeadline _deadline;
    private readonly Action<NodeEnd, string> _end;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _left = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private NodeRegistration? _node;
    private ILivenessSession? _session;
    private LivenessEffect? _due;
    private bool _isAway;

    public LivenessLoop(
        IClusterStore store, ClusterDatabaseOptions options, ServingDeadline deadline, Action<NodeEnd, string> end, ILogger logger)
    {
        (_store, _options, _deadline, _end, _logger) = (store, options, deadline, end, logger);
        _thread = new Thread(Run) { IsBackground = true, Name = "liveness", Priority = ThreadPriority.Highest };
    }

    /// <summary>Whether there is no row that others take for a member's: it says that this process left, or was never made.</summary>
    public bool HasLeft
    {
        get
        {
            lock (_lock)
            {
                return _node is null || _state.HasLeft;
            }
        }
    }

    private TimeSpan Now => _options.Time.Monotonic();

    /// <summary>Makes the row visible and begins to renew it.</summary>
    public void Start(NodeRegistration node)
    {
        _session = _store.Register(node);
        _node = node;
        _thread.Start();
    }

    /// <summary>Stops serving, and completes when the row says that this process left, or when the patience is over.</summary>
    public async Task LeaveAsync(string reason, TimeSpan patience)
    {
        if (_node is null)
        {
            return;
        }

        Step(new LivenessInput.Leaving(Now, reason));
        _wake.Release();
        try
        {
            await _left.Task.WaitAsync(patience, _options.Time);
        }
        catch (TimeoutException)
        {
            LogNotLeft(_logger, patience.TotalSeconds);
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        if (_thread.IsAlive && !_thread.Join(StopPatience))
        {
            LogThreadStays(_logger);
        }

        _session?.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                Step(new LivenessInput.Tick(Now));
                while (TakeDue() is { } due)
                {
                    Step(Do(due));
                }

                Wait();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
        finally
        {
            _left.TrySetResult();
        }
    }

    private void Wait()
    {
        TimeSpan? dueAt;
        lock (_lock)
        {
            dueAt = LivenessMachine.NextAt(_state);
        }

        if (dueAt is { } at)
        {
            var pause = at - Now;
            _wake.Wait(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, _stopping.Token);
        }
        else
        {
            _wake.Wait(_stopping.Token);
        }
    }

    private LivenessEffect? TakeDue()
    {
        lock (_lock)
        {
            var due = _due;
            _due = null;
            return due;
        }
    }

    /// <summary>Feeds the machine; what is to be done with the session is left for its thread, and is one thing at a time.</summary>
    private void Step(LivenessInput input)
    {
        var effects = new List<LivenessEffect>();
        lock (_lock)
        {
            LivenessMachine.Step(_state, input, _options, effects);
            _due = effects.Find(effect => effect is LivenessEffect.Renew or LivenessEffect.Reconnect or LivenessEffect.Leave) ?? _due;
            if (effects.FindLast(effect => effect is LivenessEffect.DeadlineMoved) is LivenessEffect.DeadlineMoved(var until))
            {
                // In the order of the steps: a renewal that was stepped before the leaving must not move the deadline after it.
                _deadline.MoveTo(until);
            }

            if (_state.IsOver)
            {
                _left.TrySetResult();
            }
        }

        if (effects.Find(effect => effect is LivenessEffect.End) is LivenessEffect.End(var why, var reason))
        {
            _end(why, reason);
        }
    }

    private LivenessInput Do(LivenessEffect effect)
    {
        try
        {
            switch (effect)
            {
                case LivenessEffect.Renew:
                    var sentAt = Now;
                    var row = _session!.Renew();
                    Report(null);
                    return new LivenessInput.Renewed(sentAt, Now, row);
                case LivenessEffect.Reconnect:
                    _session?.Dispose();
                    _session = null;
                    _session = _store.Resume(_node!);
                    return new LivenessInput.Resumed(Now);
                case LivenessEffect.Leave(var reason):
                    _session!.Leave(reason);
                    return new LivenessInput.HasLeft();
                default:
                    throw new UnreachableException($"Unknown effect {effect.GetType()}.");
            }
        }
        catch (Exception error) when (error is not UnreachableException)
        {
            Report(error);
            return new LivenessInput.Broken(Now);
        }
    }

    private void Report(Exception? error)
    {
        if (error is not null && !_isAway)
        {
            LogAway(_logger, error);
        }
        else if (error is null && _isAway)
        {
            LogBack(_logger);
        }

        _isAway = error is not null;
    }

    [LoggerMessage(EventId = 4101, Level = LogLevel.Warning,
        Message = "This process cannot renew its row; it serves until its deadline, and goes on when it renews again.")]
    private static partial void LogAway(ILogger logger, Exception error);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Information, Message = "This process renews its row again.")]
    private static partial void LogBack(ILogger logger);

    [LoggerMessage(EventId = 4103, Level = LogLevel.Warning,
        Message = "The database was not told within {Seconds} s that this process left: others will find that it ended.")]
    private static partial void LogNotLeft(ILogger logger, double seconds);

    [LoggerMessage(EventId = 4104, Level = LogLevel.Warning, Message = "The thread of liveness still waits for the database; it is left behind.")]
    private static partial void LogThreadStays(ILogger logger);
}
