namespace AkkaScale.Cluster.Sqlite;

/// <summary>
/// The locks of this process's incarnations. They are held past a session that broke: here, unlike on a server, a free lock means that
/// the process has ended.
/// </summary>
internal sealed class SessionLocks(SqliteFiles files) : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, LockFile> _held = [];

    /// <summary>Without waiting; true as well when it is held already.</summary>
    public bool TryHold(string incarnation)
    {
        if (!OperatingSystem.IsLinux())
        {
            return true;
        }

        lock (_lock)
        {
            if (_held.ContainsKey(incarnation))
            {
                return true;
            }

            var file = new LockFile(files.LockOf(incarnation));
            if (!file.TryAcquire())
            {
                file.Dispose();
                return false;
            }

            _held.Add(incarnation, file);
            return true;
        }
    }

    /// <summary>Null where it cannot be known.</summary>
    public bool? IsHeld(string incarnation) => OperatingSystem.IsLinux() ? LockFile.IsHeld(files.LockOf(incarnation)) : null;

    public void Drop(string incarnation)
    {
        lock (_lock)
        {
            if (_held.Remove(incarnation, out var file))
            {
                file.Dispose();
            }
        }

        files.DeleteLock(incarnation);
    }

    public void Dispose()
    {
        lock (_lock)
        {
            foreach (var file in _held.Values)
            {
                file.Dispose();
            }

            _held.Clear();
        }
    }
}
