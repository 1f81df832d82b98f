namespace AkkaScale.Journal.Sqlite;

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
    private readonly LockFile? _turnstile;
    private readonly LockFile? _lock;

    public WriteGate(string databaseFile)
    {
        // Elsewhere SQLite's own lock must do; it is safe, but not fair.
        if (OperatingSystem.IsLinux())
        {
            _turnstile = new LockFile(databaseFile + ".turnstile");
            _lock = new LockFile(databaseFile + ".writer");
        }
    }

    public void Acquire()
    {
        _turnstile?.Acquire();
        try
        {
            _lock?.Acquire();
        }
        finally
        {
            _turnstile?.Release();
        }
    }

    public void Release() => _lock?.Release();

    public void Dispose()
    {
        _lock?.Dispose();
        _turnstile?.Dispose();
    }
}
