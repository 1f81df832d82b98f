using AkkaScale.Journal.Reading;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Journal.Sqlite;

/// <summary>What recoveries ask. SQLite's calls block, so they run on the thread pool, a bounded number at a time.</summary>
internal sealed class SqliteReader(SqliteStoreSettings settings) : IDisposable
{
    private const string EventColumns = "sequence_number, created, deleted, message, identifier, manifest, writer_uuid";

    private const string LatestSnapshot =
        """
        SELECT sequence_number, created, snapshot, serializer_id, manifest
        FROM snapshot
        WHERE persistence_id = $1 AND sequence_number BETWEEN $2 AND $3 AND created BETWEEN $4 AND $5
        ORDER BY sequence_number DESC
        LIMIT 1
        """;

    private const string Events =
        $"SELECT {EventColumns} FROM journal WHERE persistence_id = $1 AND sequence_number >= $2 ORDER BY sequence_number LIMIT $3";

    /// <summary>By the index that makes it unique.</summary>
    private const string ByCommand = $"SELECT {EventColumns} FROM journal WHERE persistence_id = $1 AND command_id = $2";

    private const string Highest = "SELECT coalesce(max(sequence_number), 0) FROM journal WHERE persistence_id = $1";

    private const string Replay =
        $"""
        SELECT {EventColumns} FROM journal
        WHERE persistence_id = $1 AND sequence_number BETWEEN $2 AND $3 AND NOT deleted
        ORDER BY sequence_number
        LIMIT $4
        """;

    private readonly SemaphoreSlim _turns = new(settings.Readers);

    public Task<RecoveryRead> ReadRecoveryAsync(
        string persistenceId, SnapshotRange range, int limit, CancellationToken cancellationToken) => RunAsync(
        connection =>
        {
            StoredSnapshot? snapshot = null;
            using (var command = Command(
                connection, LatestSnapshot, persistenceId, range.MinSequenceNr, range.MaxSequenceNr, range.MinCreated, range.MaxCreated))
            using (var reader = command.ExecuteReader())
            {
                if (reader.Read())
                {
                    snapshot = Snapshot(reader, persistenceId);
                }
            }

            return Read(connection, persistenceId, (snapshot?.SequenceNr ?? 0) + 1, limit) with { Snapshot = snapshot };
        },
        cancellationToken);

    public Task<RecoveryRead> ReadEventsAsync(string persistenceId, long from, int limit, CancellationToken cancellationToken) =>
        RunAsync(connection => Read(connection, persistenceId, from, limit), cancellationToken);

    public Task ReplayAsync(
        string persistenceId, long from, long to, long max, Action<StoredEvent> each, CancellationToken cancellationToken) => RunAsync(
        connection =>
        {
            using var command = Command(connection, Replay, persistenceId, from, to, max);
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                cancellationToken.ThrowIfCancellationRequested();
                each(Event(reader, persistenceId));
            }

            return true;
        },
        cancellationToken);

    public Task<StoredEvent?> FindCommandAsync(string persistenceId, string commandId, CancellationToken cancellationToken) => RunAsync(
        connection =>
        {
            using var command = Command(connection, ByCommand, persistenceId, commandId);
            using var reader = command.ExecuteReader();
            return reader.Read() ? Event(reader, persistenceId) : null;
        },
        cancellationToken);

    public void Dispose() => _turns.Dispose();

    /// <summary>Runs in one read transaction, so that all it sees is of one moment.</summary>
    private async Task<T> RunAsync<T>(Func<SqliteConnection, T> read, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            return await Task.Run(
                () =>
                {
                    using var connection = new SqliteConnection(settings.ConnectionString);
                    connection.Open();
                    using var transaction = connection.BeginTransaction(deferred: true);
                    return read(connection);
                },
                cancellationToken);
        }
        finally
        {
            _turns.Release();
        }
    }

    private static RecoveryRead Read(SqliteConnection connection, string persistenceId, long from, int limit)
    {
        var events = new List<StoredEvent>();
        using (var command = Command(connection, Events, persistenceId, from, limit))
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                events.Add(Event(reader, persistenceId));
            }
        }

        using var highest = Command(connection, Highest, persistenceId);
        return new RecoveryRead(null, events, (long)highest.ExecuteScalar()!);
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue($"${i + 1}", values[i]);
        }

        return command;
    }

    private static StoredEvent Event(SqliteDataReader reader, string persistenceId) => new(
        persistenceId, reader.GetInt64(0), reader.GetInt64(1), reader.GetBoolean(2), reader.GetFieldValue<byte[]>(3),
        reader.IsDBNull(4) ? null : reader.GetInt32(4), reader.IsDBNull(5) ? "" : reader.GetString(5),
        reader.IsDBNull(6) ? null : reader.GetString(6));

    private static StoredSnapshot Snapshot(SqliteDataReader reader, string persistenceId) => new(
        persistenceId, reader.GetInt64(0), reader.GetInt64(1), reader.IsDBNull(2) ? [] : reader.GetFieldValue<byte[]>(2),
        reader.IsDBNull(3) ? null : reader.GetInt32(3), reader.IsDBNull(4) ? "" : reader.GetString(4));
}
