using System.Diagnostics;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Storage;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Cluster.Leases;

/// <summary>
/// Drives <see cref="LeaseMachine"/>: takes questions from any thread, and asks the database on a thread and a connection of its own.
/// </summary>
internal sealed partial class LeaseLoop : IDisposable
{
    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan FlushPoll = TimeSpan.FromMilliseconds(10);

    private readonly Lock _lock = new();
    private readonly IClusterStore _store;
    private readonly ClusterDatabaseOptions _options;
    private readonly LeaseLimits _limits;
    private readonly LeaseState _state;
    private readonly ILogger _logger;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly CancellationTokenSource _stopping = new();
    private ILeaseSession? _session;
    private bool _isAway;

    /// <summary>What the machine wants of the session; one at a time.</summary>
    private LeaseEffect? _wanted;

    public LeaseLoop(IClusterStore store, ClusterDatabaseOptions options, MemberLeaseBook book, ILogger logger)
    {
        (_store, _options, _state, _logger) = (store, options, book.State, logger);
        _limits = LeaseLimits.Of(options);
        Commands = new SessionCommands<ILeaseSession>(Wake);
        _thread = new Thread(Run) { IsBackground = true, Name = "leases", Priority = ThreadPriority.AboveNormal };
        book.Listen((lease, epoch) => StepAndWake(new LeaseInput.Refused(lease, epoch, Now)));
    }

    /// <summary>What other threads ask of the same session.</summary>
    public SessionCommands<ILeaseSession> Commands { get; }

    /// <summary>Leases whose rows name this process as far as it knows: those it holds, and those it gave back without having been answered yet.</summary>
    public IReadOnlyList<string> Unfreed
    {
        get
        {
            lock (_lock)
            {
                return [.. _state.Entries.Values.Where(entry => entry.GivenUp is not null || _state.EpochOf(entry.Name) is not null)
                    .Select(entry => entry.Name)];
            }
        }
    }

    private TimeSpan Now => _options.Time.Monotonic();

    public void Start() => _thread.Start();

    public long? EpochOf(string lease) => _state.EpochOf(lease);

    /// <summary>Completes when the lease is held, or with false after a release or a long time.</summary>
    /// <param name="lost">Told once when the lease that was acquired is another's; must not block.</param>
    public Task<bool> AcquireAsync(string lease, Action<Exception> lost)
    {
        var request = new LeaseRequest(lost);
        StepAndWake(new LeaseInput.Acquire(lease, request, Now));
        return request.Answered;
    }

    public void Release(string lease) => StepAndWake(new LeaseInput.Release(lease, Now));

    /// <summary>Somebody's leases can be had now.</summary>
    public void TryAgain() => StepAndWake(new LeaseInput.DeathKnown(Now));

    /// <summary>The database may have lost what was read from it: every holder is told, and begins anew.</summary>
    public void Drop(string reason) => StepAndWake(new LeaseInput.Dropped(reason, Now));

    /// <summary>This incarnation is down or dead: it tells every holder, and takes nothing more.</summary>
    public void End(string reason)
    {
        var givenBack = Unfreed.Where(lease => EpochOf(lease) is null).ToList();
        StepAndWake(new LeaseInput.Ended(reason));
        if (givenBack.Count > 0)
        {
            LogNotFreed(_logger, string.Join(", ", givenBack));
        }
    }

    /// <summary>Completes when everything that was given back is free in the database, or when the patience is over.</summary>
    public async Task FlushAsync(TimeSpan patience)
    {
        var until = Now + patience;
        while (Now < until && IsBusy)
        {
            await Task.Delay(FlushPoll, _options.Time);
        }
    }

    public void Dispose()
    {
        _stopping.Cancel();
        if (_thread.IsAlive && !_thread.Join(StopPatience))
        {
            LogThreadStays(_logger);
        }

        Commands.Close();
        _session?.Dispose();
    }

    private bool IsBusy
    {
        get
        {
            lock (_lock)
            {
                return _state.Busy.Count > 0 && _thread.IsAlive;
            }
        }
    }

    private void Run()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                Wait();
                Step(new LeaseInput.Tick(Now));
                Work();
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private void Wait()
    {
        TimeSpan? next;
        lock (_lock)
        {
            next = _wanted is not null ? TimeSpan.Zero : LeaseMachine.NextAt(_state) is { } at ? at - Now : null;
        }

        if (next is { } pause)
        {
            _wake.Wait(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, _stopping.Token);
        }
        else
        {
            _wake.Wait(_stopping.Token);
        }
    }

    private void Work()
    {
        try
        {
            _session ??= _store.OpenLeases(_state.Own);
            while (TakeWanted() is { } wanted)
            {
                Step(Do(_session, wanted));
            }

            Commands.Answer(_session);
            Report(null);
        }
        catch (Exception error) when (error is not UnreachableException)
        {
            Report(error);
            _session?.Dispose();
            _session = null;
            Commands.Fail(error);
            TakeWanted();
            Step(new LeaseInput.Failed(Now));
        }
    }

    private LeaseInput Do(ILeaseSession session, LeaseEffect wanted)
    {
        switch (wanted)
        {
            case LeaseEffect.SendAcquire(var names):
                return new LeaseInput.Acquired(session.Acquire(names), Now);
            case LeaseEffect.SendRelease(var claims):
                session.Release(claims);
                return new LeaseInput.Released(Now);
            case LeaseEffect.SendRead(var names):
                return new LeaseInput.WereRead(session.Read(names), Now);
            default:
                throw new UnreachableException($"Unknown effect {wanted.GetType()}.");
        }
    }

    private LeaseEffect? TakeWanted()
    {
        lock (_lock)
        {
            var wanted = _wanted;
            _wanted = null;
            return wanted;
        }
    }

    private void StepAndWake(LeaseInput input)
    {
        Step(input);
        Wake();
    }

    private void Step(LeaseInput input)
    {
        var effects = new List<LeaseEffect>();
        lock (_lock)
        {
            LeaseMachine.Step(_state, input, _limits, effects);
            foreach (var effect in effects.Where(effect => effect is not (LeaseEffect.Answer or LeaseEffect.TellLost)))
            {
                _wanted = effect;
            }
        }

        foreach (var effect in effects)
        {
            switch (effect)
            {
                case LeaseEffect.Answer(var waiter, var acquired):
                    ((LeaseRequest)waiter).Answer(acquired);
                    break;
                case LeaseEffect.TellLost(var name, var epoch, var holders, var reason):
                    LogLost(_logger, name, epoch, reason);
                    TellLost(holders, new LeaseLostException($"{name}, epoch {epoch}: {reason}"));
                    break;
            }
        }
    }

    private static void TellLost(IReadOnlyList<LeaseWaiter> holders, Exception reason)
    {
        foreach (var holder in holders)
        {
            ((LeaseRequest)holder).TellLost(reason);
        }
    }

    private void Wake()
    {
        if (_wake.CurrentCount == 0)
        {
            _wake.Release();
        }
    }

    private void Report(Exception? error)
    {
        if (error is not null && !_isAway)
        {
            LogAway(_logger, error);
        }

        _isAway = error is not null;
    }

    [LoggerMessage(EventId = 4301, Level = LogLevel.Warning, Message = "The lease {Name} of epoch {Epoch} is lost: {Reason}.")]
    private static partial void LogLost(ILogger logger, string name, long epoch, string reason);

    [LoggerMessage(EventId = 4304, Level = LogLevel.Warning,
        Message = "Given back, but for all this process knows the database still has them as its: {Names}.")]
    private static partial void LogNotFreed(ILogger logger, string names);

    [LoggerMessage(EventId = 4302, Level = LogLevel.Warning,
        Message = "The leases' table cannot be asked; what is wanted or given back waits.")]
    private static partial void LogAway(ILogger logger, Exception error);

    [LoggerMessage(EventId = 4303, Level = LogLevel.Warning, Message = "The leases' thread still waits for the database; it is left behind.")]
    private static partial void LogThreadStays(ILogger logger);
}
