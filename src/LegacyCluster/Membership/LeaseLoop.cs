using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyCluster.Membership;

/// <summary>
/// Renews the lease on a thread of its own, so that neither a busy pool nor a blocked loop can expire it, and publishes the
/// deadline. Waits on that thread and not by a timer of the TimeProvider, because timers fire on the pool.
/// </summary>
internal sealed partial class LeaseLoop : ILeaseDeadline
{
    private readonly ClusterOptions _options;
    private readonly Func<ILease> _open;
    private readonly MonotonicClock _clock;
    private readonly ClusterMetrics _metrics;
    private readonly ILogger _log;
    private readonly Action _lost;
    private readonly Lock _lock = new();
    private readonly LeaseMachine _machine;
    private readonly ManualResetEventSlim _stop = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _deadline;
    private bool _isLate;

    public LeaseLoop(
        ClusterOptions options, Func<ILease> open, MonotonicClock clock, ClusterMetrics metrics, ILogger log, Action lost)
    {
        _options = options;
        _open = open;
        _clock = clock;
        _metrics = metrics;
        _log = log;
        _lost = lost;
        _machine = new LeaseMachine(options.ServingPeriod);
    }

    public long DeadlineTimestamp => Volatile.Read(ref _deadline);

    public LeaseTimes Times
    {
        get
        {
            lock (_lock)
            {
                return _machine.Times;
            }
        }
    }

    public void Start() => new Thread(Run) { IsBackground = true, Name = "akkascale-lease", Priority = ThreadPriority.AboveNormal }.Start();

    /// <summary>From now on nothing may be served; an answer still under way changes nothing.</summary>
    public void Revoke()
    {
        lock (_lock)
        {
            _machine.Revoke();
            Volatile.Write(ref _deadline, 0);
        }

        _stop.Set();
    }

    /// <summary>Completes when the thread has ended: at once, or when the renewal under way is answered or times out.</summary>
    public Task StopAsync()
    {
        Revoke();
        return _ended.Task;
    }

    private void Run()
    {
        ILease? lease = null;
        try
        {
            while (!_stop.IsSet)
            {
                var outcome = Renew(ref lease);
                _metrics.Renewed(outcome);
                if (outcome == WriteOutcome.Refused)
                {
                    _lost();
                    return;
                }

                LogChange(outcome);
                _clock.Wait(_stop, Pause(outcome));
            }
        }
        finally
        {
            lease?.Dispose();
            _ended.SetResult();
        }
    }

    private WriteOutcome Renew(ref ILease? lease)
    {
        long expected;
        lock (_lock)
        {
            _machine.Sent(_clock.Now);
            expected = _machine.Counter;
        }

        WriteOutcome outcome;
        var counter = expected;
        try
        {
            lease ??= _open();
            outcome = lease.Renew(expected, _options.LeaseTtl / 3, out counter);
        }
        catch (Exception exception)
        {
            // Not promised by ILease, but a lease that stops being renewed because of a fault in a driver would be worse.
            LogRenewalFault(exception);
            outcome = WriteOutcome.Unknown;
        }

        lock (_lock)
        {
            _machine.Answered(outcome, counter);
            Volatile.Write(ref _deadline, _clock.ToTimestamp(_machine.Times.ValidUntil));
        }

        return outcome;
    }

    private TimeSpan Pause(WriteOutcome outcome)
    {
        if (outcome != WriteOutcome.Applied)
        {
            return _options.RenewInterval / 4;
        }

        var left = _options.RenewInterval - (_clock.Now - Times.RenewedAt.GetValueOrDefault());
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private void LogChange(WriteOutcome outcome)
    {
        var isLate = outcome != WriteOutcome.Applied;
        if (isLate == _isLate)
        {
            return;
        }

        _isLate = isLate;
        if (isLate)
        {
            LogRenewalLate((Times.ValidUntil - _clock.Now).TotalMilliseconds);
        }
        else
        {
            LogRenewedAgain();
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "The lease could not be renewed; it lasts for another {Remaining:0} ms. Trying on")]
    private partial void LogRenewalLate(double remaining);

    [LoggerMessage(Level = LogLevel.Information, Message = "The lease is renewed again")]
    private partial void LogRenewedAgain();

    [LoggerMessage(Level = LogLevel.Error, Message = "A renewal of the lease failed in an unexpected way; trying on")]
    private partial void LogRenewalFault(Exception exception);
}
