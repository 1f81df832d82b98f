using System.Data;
using AkkaScale.Journal.Reading;
using AkkaScale.Journal.Writing;
using Npgsql;
using NpgsqlTypes;

namespace AkkaScale.Journal.Postgres;

/// <summary>The journal's tables in PostgreSQL.</summary>
internal sealed class PostgresStore : IJournalStore
{
    private readonly PostgresStoreSettings _settings;
    private readonly NpgsqlDataSource _pool;
    private readonly NpgsqlDataSource _unpooled;
    private readonly NpgsqlDataSource _looking;

    public PostgresStore(PostgresStoreSettings settings)
    {
        _settings = settings;
        var watch = new PostgresWatch(settings.LostItsTail);
        _pool = PostgresSources.Pool(settings, watch);
        _unpooled = PostgresSources.Unpooled(settings, watch);
        _looking = PostgresSources.Looking(settings, watch);
    }

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        await new PostgresSchema(_unpooled).OpenAsync(_settings.Migrate, cancellationToken);

        // One at least is had, and kept: a node that could not read would own entities and recover none.
        await using var first = await _pool.OpenConnectionAsync(cancellationToken);
    }

    public IBatchWriter CreateWriter() =>
        new PostgresBatchWriter(_unpooled, _settings.Names, _settings.Held, _settings.Timeout);

    public InspectionSource Inspection => new(
        _looking.CreateConnection,
        connection => connection.BeginTransaction(IsolationLevel.RepeatableRead),
        "split_part(persistence_id, '-', 1)",
        "SELECT json_array_elements_text(@ids::json)");

    public bool IsAway(Exception error) => PostgresErrors.IsAway(error);

    public async Task<RecoveryRead> ReadRecoveryAsync(
        string persistenceId, SnapshotRange snapshots, int limit, CancellationToken cancellationToken)
    {
        await using var command = _pool.CreateCommand(PostgresReadSql.Recovery);
        Add(command, persistenceId);
        Add(command, snapshots.MinSequenceNr);
        Add(command, snapshots.MaxSequenceNr);
        Add(command, snapshots.MinCreated);
        Add(command, snapshots.MaxCreated);
        Add(command, (long)limit);
        return await ReadAsync(command, persistenceId, cancellationToken);
    }

    public async Task<RecoveryRead> ReadEventsAsync(string persistenceId, long from, int limit, CancellationToken cancellationToken)
    {
        await using var command = _pool.CreateCommand(PostgresReadSql.Events);
        Add(command, persistenceId);
        Add(command, from);
        Add(command, (long)limit);
        return await ReadAsync(command, persistenceId, cancellationToken);
    }

    public async Task ReplayAsync(
        string persistenceId, long from, long to, long max, Action<StoredEvent> each, CancellationToken cancellationToken)
    {
        await using var command = _pool.CreateCommand(PostgresReadSql.Replay);
        Add(command, persistenceId);
        Add(command, from);
        Add(command, to);
        Add(command, max);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            each(Event(reader, persistenceId));
        }
    }

    public async Task<StoredEvent?> FindCommandAsync(string persistenceId, string commandId, CancellationToken cancellationToken)
    {
        await using var command = _pool.CreateCommand(PostgresReadSql.Command);
        Add(command, persistenceId);
        Add(command, commandId);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Event(reader, persistenceId) : null;
    }

    public async Task<bool> SaveSnapshotAsync(StoredSnapshot snapshot, Slice slice, CancellationToken cancellationToken)
    {
        await using var command = Fenced(PostgresReadSql.SaveSnapshot, slice);
        Add(command, snapshot.PersistenceId);
        Add(command, snapshot.SequenceNr);
        Add(command, snapshot.Created);
        Add(command, snapshot.Snapshot);
        command.Parameters.Add(
            new NpgsqlParameter { Value = (object?)snapshot.SerializerId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Integer });
        Add(command, snapshot.Manifest);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    public async Task<bool> DeleteSnapshotsAsync(
        string persistenceId, SnapshotRange range, Slice slice, CancellationToken cancellationToken)
    {
        await using var command = Fenced(PostgresReadSql.DeleteSnapshots, slice);
        Add(command, persistenceId);
        Add(command, range.MinSequenceNr);
        Add(command, range.MaxSequenceNr);
        Add(command, range.MinCreated);
        Add(command, range.MaxCreated);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    public async Task<bool> DeleteEventsAsync(string persistenceId, long to, Slice slice, CancellationToken cancellationToken)
    {
        await using var command = Fenced(PostgresReadSql.DeleteEvents, slice);
        Add(command, persistenceId);
        Add(command, to);
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    public void Dispose()
    {
        _pool.Dispose();
        _unpooled.Dispose();
        _looking.Dispose();
    }

    private NpgsqlCommand Fenced(string sql, Slice slice)
    {
        var command = _pool.CreateCommand(sql);
        Add(command, _settings.Names.Cluster);
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)slice.Lease ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
        Add(command, _settings.Names.Owner);
        command.Parameters.Add(
            new NpgsqlParameter { Value = slice.IsFenced ? slice.Epoch : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint });
        return command;
    }

    private static async Task<RecoveryRead> ReadAsync(NpgsqlCommand command, string persistenceId, CancellationToken cancellationToken)
    {
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        StoredSnapshot? snapshot = null;
        var events = new List<StoredEvent>();
        long highest = 0;
        while (await reader.ReadAsync(cancellationToken))
        {
            switch (reader.GetInt32(0))
            {
                case 0:
                    snapshot = Snapshot(reader, persistenceId);
                    break;
                case 1:
                    events.Add(Event(reader, persistenceId));
                    break;
                default:
                    highest = reader.GetInt64(1);
                    break;
            }
        }

        return new RecoveryRead(snapshot, events, highest);
    }

    private static StoredEvent Event(NpgsqlDataReader reader, string persistenceId) => new(
        persistenceId, reader.GetInt64(1), reader.GetInt64(2), reader.GetBoolean(3), reader.GetFieldValue<byte[]>(4),
        reader.IsDBNull(5) ? null : reader.GetInt32(5), reader.IsDBNull(6) ? "" : reader.GetString(6),
        reader.IsDBNull(7) ? null : reader.GetString(7));

    private static StoredSnapshot Snapshot(NpgsqlDataReader reader, string persistenceId) => new(
        persistenceId, reader.GetInt64(1), reader.GetInt64(2), reader.IsDBNull(4) ? [] : reader.GetFieldValue<byte[]>(4),
        reader.IsDBNull(5) ? null : reader.GetInt32(5), reader.IsDBNull(6) ? "" : reader.GetString(6));

    private static void Add<T>(NpgsqlCommand command, T value) => command.Parameters.Add(new NpgsqlParameter<T> { TypedValue = value });
}
