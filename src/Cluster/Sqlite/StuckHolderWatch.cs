namespace AkkaScale.Cluster.Sqlite;

/// <summary>
/// Looks at the holder of a file's gates while somebody waits, and ends a process that keeps one and the same hold for too long: one that was
/// stopped inside a write transaction would hold everyone for good. What it has seen outlives the one who waits, so that a user who gives up
/// and comes again does not begin anew.
/// </summary>
internal sealed class StuckHolderWatch : IDisposable
{
    private readonly Lock _turn = new();
    private readonly string _databaseFile;
    private readonly GateLimits _limits;
    private readonly TimeSpan _pause;

    // Descriptors of its own, as a lock belongs to the descriptor's open file.
    private readonly LockFile _writer;
    private readonly LockFile _turnstile;
    private readonly ITimer _timer;
    private int _waiting;
    private bool _isDisposed;
    private (HostProcess Process, long Hold)? _seen;
    private long _since;
    private bool _stoppedSince;

    public StuckHolderWatch(string databaseFile, GateLimits limits)
    {
        (_databaseFile, _limits, _pause) = (databaseFile, limits, limits.StoppedAfter / 5);
        _writer = new LockFile(WriteGate.WriterOf(databaseFile));
        _turnstile = new LockFile(WriteGate.TurnstileOf(databaseFile));
        _timer = limits.Time.CreateTimer(_ => Look(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    public TimeProvider Time => _limits.Time;

    /// <summary>Somebody begins to wait.</summary>
    public void Begin()
    {
        if (Interlocked.Increment(ref _waiting) == 1)
        {
            _timer.Change(_pause, _pause);
        }
    }

    /// <summary>And has done waiting. The next look that finds nobody is the last.</summary>
    public void End() => Interlocked.Decrement(ref _waiting);

    public void Dispose()
    {
        _timer.Dispose();
        lock (_turn)
        {
            _isDisposed = true;
            _writer.Dispose();
            _turnstile.Dispose();
        }
    }

    private void Look()
    {
        if (!_turn.TryEnter())
        {
            return;
        }

        try
        {
            if (_isDisposed)
            {
                return;
            }

            if (Volatile.Read(ref _waiting) == 0)
            {
                Rest();
                return;
            }

            Judge();
        }
        finally
        {
            _turn.Exit();
        }
    }

    private void Rest()
    {
        _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        if (Volatile.Read(ref _waiting) > 0)
        {
            // Somebody began between the two.
            _timer.Change(_pause, _pause);
        }
    }

    private void Judge()
    {
        // Whoever waits at the turnstile waits for its holder, who is either stuck itself or waits for the writer.
        var holder = _writer.Holder() ?? _turnstile.Holder();
        var isStopped = holder is { } present && present.Process.IsStopped;
        if (holder != _seen)
        {
            (_seen, _since, _stoppedSince) = (holder, _limits.Time.GetTimestamp(), isStopped);
        }

        _stoppedSince &= isStopped;
        if (holder is not { } found)
        {
            return;
        }

        var elapsed = _limits.Time.GetElapsedTime(_since);
        if ((elapsed >= _limits.StuckAfter || (_stoppedSince && elapsed >= _limits.StoppedAfter)) && found.Process.End())
        {
            _limits.Warn?.Invoke(
                $"Process {found.Process.Id} held the write lock of {_databaseFile} for {elapsed.TotalSeconds:0.0} s "
                + $"({(isStopped ? "it was stopped" : "not stopped")}): it was ended, so that the others can go on.");
        }
    }
}
