using AkkaScale.LegacyCluster;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>One database file of the store: its readers, its writer and its lock.</summary>
internal sealed class SqliteDatabase : IAsyncDisposable
{
    private readonly TimeSpan _writeTimeout;
    private readonly WriteLock _writeLock;
    private readonly WriteQueue<SqliteSession> _writes;

    public SqliteDatabase(
        string name, string synchronous, SqliteStoreOptions options, Func<LockHolder, TimeSpan, bool> mayEndHolder, TimeProvider time, ILogger logger)
    {
        var path = Path.Combine(options.Directory, name + ".db");
        _writeTimeout = options.WriteTimeout;
        Readers = new SqliteReaders(path, options.MaxReaders);
        _writeLock = new WriteLock(Path.Combine(options.Directory, name + ".lock"), options.Incarnation);
        _writes = new WriteQueue<SqliteSession>(
            $"sqlite-{name}",
            _writeLock,
            new StuckHolderWatch(_writeLock, mayEndHolder, time, logger),
            () => new SqliteSession(path, synchronous),
            options.Patience,
            time);
    }

    public SqliteReaders Readers { get; }

    /// <summary>Work under the lock that sees to its own transactions.</summary>
    public Task<T> RunAsync<T>(Func<SqliteSession, T> work) => _writes.RunAsync(work, _writeTimeout);

    /// <summary>A conditional write. Whatever goes wrong is unknown: "refused" tells the caller that the condition did not hold.</summary>
    public async Task<WriteOutcome> TryWriteAsync(Func<SqliteSession, bool> wasApplied)
    {
        try
        {
            return await RunAsync(session => session.Write(wasApplied)) ? WriteOutcome.Applied : WriteOutcome.Refused;
        }
        catch (Exception error) when (SqliteErrors.IsStoreFault(error) || error is StoreUnavailableException)
        {
            return WriteOutcome.Unknown;
        }
    }

    /// <exception cref="StoreUnavailableException">No definite answer.</exception>
    public async Task<T> WriteAsync<T>(string what, Func<SqliteSession, T> write)
    {
        try
        {
            return await RunAsync(session => session.Write(write));
        }
        catch (Exception error) when (SqliteErrors.IsStoreFault(error))
        {
            throw SqliteErrors.Unavailable(what, error);
        }
    }

    /// <summary>A write on the caller's thread within a bound of its own.</summary>
    public T Write<T>(Func<SqliteSession, T> write, TimeSpan timeout) => _writes.Run(session => session.Write(write), timeout);

    public async ValueTask DisposeAsync()
    {
        try
        {
            await _writes.RunAsync(
                _ =>
                {
                    Readers.Dispose();
                    return true;
                },
                TimeSpan.FromSeconds(2));
        }
        catch (Exception error) when (SqliteErrors.IsStoreFault(error) || error is StoreUnavailableException)
        {
            Readers.Dispose();
        }

        await _writes.DisposeAsync();
        _writeLock.Dispose();
    }
}
