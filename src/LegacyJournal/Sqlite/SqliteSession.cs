using Microsoft.Data.Sqlite;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>A writing connection to one database file, with write transactions and checkpoints.</summary>
internal sealed class SqliteSession : IWriteSession
{
    // Some megabytes of log: a batch touches many pages of three trees. A checkpoint holds the lock for milliseconds then.
    private const int ChangesBetweenCheckpoints = 5_000;
    private const int WritesBetweenCheckpoints = 100;
    private const long LongLogPages = 2_000;
    private const int ReaderWaitMilliseconds = 50;

    private readonly Dictionary<string, SqliteStatement> _statements = [];
    private long _changesAtCheckpoint;
    private int _writes;

    /// <param name="synchronous">FULL: a commit is on disk when it returns. NORMAL: it survives the process, not a loss of power.</param>
    public SqliteSession(string path, string synchronous)
    {
        Connection = SqliteFiles.Open(path, isReader: false);
        foreach (var pragma in new[] { "journal_mode = WAL", $"synchronous = {synchronous}", "wal_autocheckpoint = 0", "cache_size = -16384", $"busy_timeout = {ReaderWaitMilliseconds}" })
        {
            SqliteFiles.Execute(Connection, $"PRAGMA {pragma}");
        }
    }

    public SqliteConnection Connection { get; }

    public bool IsBroken { get; private set; }

    /// <summary>The statement of this text, prepared once. For texts that are constants.</summary>
    public SqliteStatement Statement(string sql, int parameters = 0)
    {
        if (!_statements.TryGetValue(sql, out var statement))
        {
            statement = new SqliteStatement(Connection, sql, parameters);
            _statements.Add(sql, statement);
        }

        return statement;
    }

    /// <summary>Runs one write transaction; any exception rolls it back.</summary>
    public T Write<T>(Func<SqliteSession, T> work)
    {
        Statement("BEGIN IMMEDIATE").Execute();
        try
        {
            var answer = work(this);
            Statement("COMMIT").Execute();
            return answer;
        }
        catch (Exception error)
        {
            RollBack();
            MarkIfBroken(error);
            throw;
        }
    }

    /// <summary>SQLite has rolled back by itself after some faults; then there is nothing left to do.</summary>
    public void RollBack()
    {
        try
        {
            Statement("ROLLBACK").Execute();
        }
        catch (SqliteException error) when (error.SqliteErrorCode == 1)
        {
            // No transaction is active.
        }
        catch (SqliteException)
        {
            IsBroken = true;
        }
    }

    /// <summary>Constraints, a full and a read-only disk leave a connection as it was; anything else is started anew.</summary>
    public void MarkIfBroken(Exception error) =>
        IsBroken |= error is not SqliteException { SqliteErrorCode: 5 or 8 or 13 or 18 or 19 or 20 };

    /// <remarks>
    /// Passive checkpoints wait for no reader, and a log whose readers never pause grows. A long one is begun anew at the first
    /// occasion: once all of it is in the database file new readers need it no more, and only those within it are waited for, briefly.
    /// </remarks>
    public void AfterWrite()
    {
        var changes = SQLitePCL.raw.sqlite3_total_changes(Connection.Handle);
        if (++_writes < WritesBetweenCheckpoints && changes - _changesAtCheckpoint < ChangesBetweenCheckpoints)
        {
            return;
        }

        (_writes, _changesAtCheckpoint) = (0, changes);
        try
        {
            if (Checkpoint("PASSIVE") > LongLogPages)
            {
                Checkpoint("RESTART");
            }
        }
        catch (SqliteException error)
        {
            // What was written is in the log and safe; the next checkpoint tries again.
            MarkIfBroken(error);
        }
    }

    public void Dispose()
    {
        foreach (var statement in _statements.Values)
        {
            statement.Dispose();
        }

        Connection.Dispose();
    }

    private long Checkpoint(string mode)
    {
        using var command = Connection.CreateCommand();
        command.CommandText = $"PRAGMA wal_checkpoint({mode})";
        using var reader = command.ExecuteReader();
        return reader.Read() ? reader.GetInt64(1) : 0;
    }
}
