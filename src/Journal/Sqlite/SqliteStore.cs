using AkkaScale.Cluster.Sqlite;
using AkkaScale.Journal.Reading;
using AkkaScale.Journal.Writing;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Journal.Sqlite;

/// <summary>The journal's tables in a SQLite file, which several processes of one host may share.</summary>
internal sealed class SqliteStore(SqliteStoreSettings settings) : IJournalStore
{
    internal const string KindOf =
        "CASE WHEN instr(persistence_id, '-') = 0 THEN persistence_id ELSE substr(persistence_id, 1, instr(persistence_id, '-') - 1) END";

    internal const string Listed = "SELECT value FROM json_each(@ids)";

    private const string Save =
        """
        INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, serializer_id, manifest, lease_name, epoch)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET
            created = excluded.created, snapshot = excluded.snapshot, serializer_id = excluded.serializer_id,
            manifest = excluded.manifest, lease_name = excluded.lease_name, epoch = excluded.epoch
        """;

    private const string DeleteSnapshots =
        "DELETE FROM snapshot WHERE persistence_id = $1 AND sequence_number BETWEEN $2 AND $3 AND created BETWEEN $4 AND $5";

    private readonly SqliteReader _reader = new(settings);
    private readonly Lazy<SqliteWorker> _worker = new(() => new SqliteWorker(settings));

    public Task OpenAsync(CancellationToken cancellationToken) => _worker.Value.RunAsync(
        session =>
        {
            SqliteSchema.Open(session, settings.Migrate);
            return true;
        },
        cancellationToken);

    public IBatchWriter CreateWriter() => new SqliteBatchWriter(settings);

    public InspectionSource Inspection => new(
        () => new SqliteConnection(settings.ConnectionString),
        connection => ((SqliteConnection)connection).BeginTransaction(deferred: true),
        KindOf, Listed);

    public bool IsAway(Exception error) =>
        error is SqliteException { SqliteErrorCode: SQLitePCL.raw.SQLITE_BUSY or SQLitePCL.raw.SQLITE_LOCKED };

    public Task<RecoveryRead> ReadRecoveryAsync(
        string persistenceId, SnapshotRange snapshots, int limit, CancellationToken cancellationToken) =>
        _reader.ReadRecoveryAsync(persistenceId, snapshots, limit, cancellationToken);

    public Task<RecoveryRead> ReadEventsAsync(string persistenceId, long from, int limit, CancellationToken cancellationToken) =>
        _reader.ReadEventsAsync(persistenceId, from, limit, cancellationToken);

    public Task ReplayAsync(
        string persistenceId, long from, long to, long max, Action<StoredEvent> each, CancellationToken cancellationToken) =>
        _reader.ReplayAsync(persistenceId, from, to, max, each, cancellationToken);

    public Task<StoredEvent?> FindCommandAsync(string persistenceId, string commandId, CancellationToken cancellationToken) =>
        _reader.FindCommandAsync(persistenceId, commandId, cancellationToken);

    public Task<bool> SaveSnapshotAsync(StoredSnapshot snapshot, Slice slice, CancellationToken cancellationToken) =>
        _worker.Value.ChangeAsync(
            slice,
            session => session.Prepare(
                Save, snapshot.PersistenceId, snapshot.SequenceNr, snapshot.Created, snapshot.Snapshot, snapshot.SerializerId,
                snapshot.Manifest, slice.Lease, slice.IsFenced ? slice.Epoch : null).ExecuteNonQuery(),
            cancellationToken);

    public Task<bool> DeleteSnapshotsAsync(
        string persistenceId, SnapshotRange range, Slice slice, CancellationToken cancellationToken) =>
        _worker.Value.ChangeAsync(
            slice,
            session => session.Prepare(
                DeleteSnapshots, persistenceId, range.MinSequenceNr, range.MaxSequenceNr, range.MinCreated, range.MaxCreated)
                .ExecuteNonQuery(),
            cancellationToken);

    public Task<bool> DeleteEventsAsync(string persistenceId, long to, Slice slice, CancellationToken cancellationToken) =>
        _worker.Value.ChangeAsync(slice, session => DeleteEvents(session, persistenceId, to), cancellationToken);

    public void Dispose()
    {
        if (_worker.IsValueCreated)
        {
            _worker.Value.Dispose();
        }

        _reader.Dispose();
    }

    private static void DeleteEvents(SqliteSession session, string persistenceId, long to)
    {
        var last = session.Prepare(
            "SELECT max(sequence_number) FROM journal WHERE persistence_id = $1 AND sequence_number <= $2", persistenceId, to)
            .ExecuteScalar();
        session.Prepare("UPDATE journal SET deleted = 1 WHERE persistence_id = $1 AND sequence_number = $2", persistenceId, last)
            .ExecuteNonQuery();
        session.Prepare("DELETE FROM journal WHERE persistence_id = $1 AND sequence_number < $2", persistenceId, last).ExecuteNonQuery();
        session.Prepare("DELETE FROM tags WHERE persistence_id = $1 AND sequence_nr < $2", persistenceId, last).ExecuteNonQuery();
    }
}
