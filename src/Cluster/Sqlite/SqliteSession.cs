using Microsoft.Data.Sqlite;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>A connection that writes, behind a gate of its own. Used by one thread.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly WriteGate _gate;
    private readonly Dictionary<string, SqliteCommand> _commands = [];

    /// <param name="watch">See <see cref="WriteGate"/>, as for <paramref name="limit"/>.</param>
    /// <param name="isDurable">Whether a commit is on disk when it is answered, rather than in the hands of the operating system.</param>
    public SqliteSession(
        string file, string connectionString, StuckHolderWatch? watch = null, TimeSpan? limit = null, bool isDurable = true)
    {
        _gate = new WriteGate(file, watch, limit);
        try
        {
            Connection = new SqliteConnection(connectionString);
            Connection.Open();
            Execute("PRAGMA journal_mode = WAL");
            // NORMAL syncs at checkpoints only: what a crash of the host takes away is a tail, never the file's soundness.
            Execute(isDurable ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL");
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public SqliteConnection Connection { get; } = new();

    /// <summary>
    /// Runs one write transaction. It is rolled back when <paramref name="work"/> throws or says so.
    /// </summary>
    /// <param name="work">False: roll back.</param>
    /// <param name="committing">Called when the commit is about to begin: from there on an exception leaves the outcome open.</param>
    public void Transact(Func<bool> work, Action? committing = null)
    {
        _gate.Acquire();
        try
        {
            Execute("BEGIN IMMEDIATE");
            var open = true;
            try
            {
                if (work())
                {
                    committing?.Invoke();
                    Execute("COMMIT");
                    open = false;
                }
            }
            finally
            {
                if (open)
                {
                    RollBack();
                }
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The statement, prepared once, with these values for $1, $2 and so on.</summary>
    public SqliteCommand Prepare(string sql, params ReadOnlySpan<object?> values)
    {
        if (!_commands.TryGetValue(sql, out var command))
        {
            _commands.Add(sql, command = Create(sql, values.Length));
        }

        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    public void Execute(string sql) => Prepare(sql).ExecuteNonQuery();

    public void Dispose()
    {
        foreach (var command in _commands.Values)
        {
            command.Dispose();
        }

        Connection.Dispose();
        _gate.Dispose();
    }

    private SqliteCommand Create(string sql, int parameters)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        for (var number = 1; number <= parameters; number++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = $"${number}" });
        }

        return command;
    }

    private void RollBack()
    {
        try
        {
            Execute("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has rolled back itself; if not, closing the connection does.
        }
    }
}
