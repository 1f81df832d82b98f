using System.Globalization;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>
/// Serialises the write transactions of all processes on one database file, fairly: SQLite's own waiting polls, and a process was seen
/// to wait two seconds while another wrote.
/// </summary>
/// <remarks>
/// A second lock stands before the first like a turnstile: whoever waits for the write lock holds the turnstile. Without it a busy process
/// takes the write lock again before a waiting one has woken up, since flock does not hand over.
/// </remarks>
internal sealed class WriteLock : IDisposable
{
    private readonly Incarnation _self;
    private readonly string _path;
    private readonly LockFile? _turnstile;
    private readonly LockFile? _lock;

    // Looked at through descriptors of their own, as a lock belongs to the descriptor's open file.
    private readonly LockFile? _turnstileView;
    private readonly LockFile? _lockView;

    // Elsewhere than on Linux a single process uses the store.
    private readonly FileStream? _onlyProcess;
    private long _holds;

    /// <exception cref="ClusterRefusedException">Another process uses the store, on a system where only one can.</exception>
    public WriteLock(string path, Incarnation self)
    {
        _self = self;
        _path = path;
        if (OperatingSystem.IsLinux())
        {
            File.WriteAllBytes(CardOf(Environment.ProcessId), LockHolder.Self(self, hold: 0).ToBytes());
            _turnstile = new LockFile(path + ".turnstile");
            _lock = new LockFile(path);
            _turnstileView = new LockFile(path + ".turnstile");
            _lockView = new LockFile(path);
            return;
        }

        try
        {
            _onlyProcess = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException error)
        {
            throw new ClusterRefusedException(
                $"Another process uses the embedded store ({path}); several can share it on Linux only. Use PostgreSQL.", error);
        }
    }

    public void Acquire()
    {
        if (_lock is null)
        {
            return;
        }

        var holder = LockHolder.Self(_self, ++_holds);
        _turnstile!.Acquire(holder);
        try
        {
            _lock.Acquire(holder);
        }
        finally
        {
            _turnstile.Release();
        }
    }

    public void Release() => _lock?.Release();

    /// <summary>Whoever keeps the others waiting: the holder of the write lock, or, when that is free, the one in the turnstile.
    /// Null when nobody can be named.</summary>
    public LockHolder? Suspect() => _lockView is null ? null : Holder(_lockView.IsFree() ? _turnstileView! : _lockView);

    /// <summary>
    /// The record tells, but between the kernel's grant and the writing of the record, and between its clearing and the unlock, there is none: a
    /// process stopped just there is known to the kernel alone, and by the card it left when it opened the store.
    /// </summary>
    private LockHolder? Holder(LockFile file)
    {
        if (file.ReadHolder() is { } named)
        {
            return named;
        }

        try
        {
            return file.OwnerProcessId() is { } processId ? LockHolder.Parse(File.ReadAllBytes(CardOf(processId))) : null;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    private string CardOf(int processId) => string.Create(CultureInfo.InvariantCulture, $"{_path}.{processId}");

    public void Dispose()
    {
        _lock?.Dispose();
        _turnstile?.Dispose();
        _lockView?.Dispose();
        _turnstileView?.Dispose();
        _onlyProcess?.Dispose();
        try
        {
            File.Delete(CardOf(Environment.ProcessId));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            // A card that stays names a process that is no more; whoever reads it compares the process's start.
        }
    }
}
