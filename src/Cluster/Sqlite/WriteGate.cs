namespace AkkaScale.Cluster.Sqlite;

/// <summary>
/// Serialises the write transactions of all threads and processes on one database file, fairly: SQLite's own waiting polls, and a process
/// was seen to wait two seconds while another wrote. Each user has a gate of its own.
/// </summary>
/// <remarks>
/// A second lock stands before the first like a turnstile: whoever waits for the write lock holds the turnstile. Without it a busy process
/// takes the write lock again before a waiting one has woken up, since flock does not hand over.
/// </remarks>
internal sealed class WriteGate : IDisposable
{
    private static readonly TimeSpan PollPause = TimeSpan.FromMilliseconds(1);

    private readonly string _databaseFile;
    private readonly TimeSpan? _limit;
    private readonly LockFile? _turnstile;
    private readonly LockFile? _lock;
    private readonly StuckHolderWatch? _watch;
    private readonly bool _ownsWatch;

    /// <param name="watch">Shared by users of the file; null: one for this gate, as the journal's file needs it.</param>
    /// <param name="limit">After which a waiting one gives up. Null: it waits in the kernel, in fair turns, for as long as it takes.</param>
    public WriteGate(string databaseFile, StuckHolderWatch? watch = null, TimeSpan? limit = null)
    {
        (_databaseFile, _limit) = (databaseFile, limit);

        // Elsewhere SQLite's own lock must do; it is safe, but not fair.
        if (OperatingSystem.IsLinux())
        {
            _turnstile = new LockFile(TurnstileOf(databaseFile));
            _lock = new LockFile(WriterOf(databaseFile));
            (_watch, _ownsWatch) = (watch ?? new StuckHolderWatch(databaseFile, GateLimits.Journal), watch is null);
        }
    }

    public static string TurnstileOf(string databaseFile) => databaseFile + ".turnstile";

    public static string WriterOf(string databaseFile) => databaseFile + ".writer";

    /// <exception cref="TimeoutException">It was not had within the limit.</exception>
    public void Acquire()
    {
        if (_turnstile is null || _lock is null || _watch is null)
        {
            return;
        }

        if (_turnstile.TryAcquire())
        {
            if (_lock.TryAcquire())
            {
                _turnstile.Release();
                return;
            }

            _turnstile.Release();
        }

        _watch.Begin();
        try
        {
            if (_limit is { } limit)
            {
                Poll(_turnstile, _lock, _watch.Time, limit);
            }
            else
            {
                Block(_turnstile, _lock);
            }
        }
        finally
        {
            _watch.End();
        }
    }

    public void Release() => _lock?.Release();

    public void Dispose()
    {
        if (_ownsWatch)
        {
            _watch?.Dispose();
        }

        _lock?.Dispose();
        _turnstile?.Dispose();
    }

    private static void Block(LockFile turnstile, LockFile writer)
    {
        turnstile.Acquire();
        try
        {
            writer.Acquire();
        }
        finally
        {
            turnstile.Release();
        }
    }

    /// <summary>flock knows no time limit. Only for files that are written seldom: whoever polls loses against those who wait in the kernel.</summary>
    private void Poll(LockFile turnstile, LockFile writer, TimeProvider time, TimeSpan limit)
    {
        var begin = time.GetTimestamp();
        Poll(turnstile, time, begin, limit);
        try
        {
            Poll(writer, time, begin, limit);
        }
        finally
        {
            turnstile.Release();
        }
    }

    private void Poll(LockFile file, TimeProvider time, long begin, TimeSpan limit)
    {
        using var never = new ManualResetEventSlim(false, spinCount: 0);
        while (!file.TryAcquire())
        {
            if (time.GetElapsedTime(begin) > limit)
            {
                throw new TimeoutException($"Another process wrote {_databaseFile} for {limit.TotalMilliseconds:0} ms.");
            }

            never.Wait(PollPause);
        }
    }
}
