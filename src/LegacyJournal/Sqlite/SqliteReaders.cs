using System.Collections.Concurrent;
using AkkaScale.LegacyCluster;
using Microsoft.Data.Sqlite;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>A bounded number of reading connections to one file. Readers see the last commit before they began and wait for no writer.</summary>
internal sealed class SqliteReaders(string path, int maxReaders) : IDisposable
{
    private readonly SemaphoreSlim _free = new(maxReaders);
    private readonly ConcurrentBag<SqliteConnection> _idle = [];

    /// <summary>Runs a read in one transaction, on the thread pool: SQLite has no asynchronous calls.</summary>
    /// <exception cref="StoreUnavailableException">The file cannot be read.</exception>
    public async Task<T> ReadAsync<T>(string what, Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        await _free.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(() => Read(what, read), cancellationToken);
        }
        finally
        {
            _free.Release();
        }
    }

    /// <summary>The same on the caller's thread, beside the bound.</summary>
    public T Read<T>(string what, Func<SqliteConnection, T> read)
    {
        SqliteConnection? connection = null;
        try
        {
            if (!_idle.TryTake(out connection))
            {
                connection = SqliteFiles.Open(path, isReader: true);
            }

            SqliteFiles.Execute(connection, "BEGIN");
            var answer = read(connection);
            SqliteFiles.Execute(connection, "COMMIT");
            _idle.Add(connection);
            return answer;
        }
        catch (Exception error)
        {
            connection?.Dispose();
            if (error is SqliteException)
            {
                throw SqliteErrors.Unavailable(what, error);
            }

            throw;
        }
    }

    public static List<T> Query<T>(SqliteConnection connection, string sql, Func<SqliteDataReader, T> row, params ReadOnlySpan<object> values)
    {
        var rows = new List<T>();
        Each(connection, sql, reader => rows.Add(row(reader)), values);
        return rows;
    }

    public static void Each(SqliteConnection connection, string sql, Action<SqliteDataReader> row, params ReadOnlySpan<object> values)
    {
        using var statement = new SqliteStatement(connection, sql, values.Length);
        using var reader = statement.Read(values);
        while (reader.Read())
        {
            row(reader);
        }
    }

    /// <summary>To be called under the write lock: closing a file's last connection writes to it.</summary>
    public void Dispose()
    {
        while (_idle.TryTake(out var connection))
        {
            connection.Dispose();
        }
    }
}
