using AkkaScale.Cluster.Sqlite;
using AkkaScale.Journal.Writing;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Journal.Sqlite;

/// <summary>
/// Writes a batch in one transaction that also reads the leases: nobody takes one meanwhile, since there is one writer at a time.
/// </summary>
internal sealed class SqliteBatchWriter(SqliteStoreSettings settings) : IBatchWriter
{
    private const string Insert =
        """
        INSERT INTO journal (
            deleted, created, persistence_id, sequence_number, message, identifier, manifest, writer_uuid, lease_name, epoch, command_id)
        VALUES (0, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        """;

    private const string InsertTag = "INSERT INTO tags (ordering_id, tag, sequence_nr, persistence_id) VALUES ($1, $2, $3, $4)";

    private const string Find =
        "SELECT 1 FROM journal WHERE persistence_id = $1 AND sequence_number = $2 AND writer_uuid = $3 AND epoch IS $4";

    private SqliteSession? _session;

    public void Open() => _session ??= new SqliteSession(settings.File, settings.Writing);

    public WriteOutcome Write(Batch batch)
    {
        var committing = false;
        try
        {
            _session ??= new SqliteSession(settings.File, settings.Writing);
            var held = new bool[batch.Slices.Count];
            _session.Transact(() => Write(_session, batch, held), () => committing = true);
            return new WriteOutcome.Answered(held);
        }
        catch (SqliteException error) when (!committing && error.SqliteErrorCode is SQLitePCL.raw.SQLITE_CONSTRAINT
            or SQLitePCL.raw.SQLITE_TOOBIG or SQLitePCL.raw.SQLITE_MISMATCH)
        {
            return new WriteOutcome.Failed(error, MayPass: false);
        }
        catch (Exception error) when (error is SqliteException or IOException or InvalidOperationException)
        {
            // A transaction that did not come to its commit is gone with its connection. Of one that did, the file tells.
            Close();
            return committing ? new WriteOutcome.Unknown(error) : new WriteOutcome.NotSent(error);
        }
    }

    public SettleOutcome Settle(Batch batch)
    {
        try
        {
            using var session = new SqliteSession(settings.File, settings.Writing);
            var written = new bool[batch.Requests.Length];
            session.Transact(() =>
            {
                for (var i = 0; i < written.Length; i++)
                {
                    var request = batch.Requests[i];
                    written[i] = session.Prepare(
                        Find, request.PersistenceId, request.Rows[^1].SequenceNr, settings.Names.Writer, EpochOf(request.Slice))
                        .ExecuteScalar() is not null;
                }

                return false;
            });
            return new SettleOutcome(written);
        }
        catch (Exception error) when (error is SqliteException or IOException or InvalidOperationException)
        {
            return new SettleOutcome(null, error);
        }
    }

    public void Dispose() => Close();

    private bool Write(SqliteSession session, Batch batch, bool[] held)
    {
        for (var slice = 0; slice < held.Length; slice++)
        {
            held[slice] = SqliteFence.Holds(session, settings, batch.Slices[slice]);
        }

        var rows = 0;
        for (var request = 0; request < batch.Requests.Length; request++)
        {
            if (held[batch.SliceOf(request)])
            {
                rows += Write(session, batch.Requests[request]);
            }
        }

        return rows > 0;
    }

    private int Write(SqliteSession session, WriteRequest request)
    {
        foreach (var row in request.Rows)
        {
            session.Prepare(
                Insert, row.Created, request.PersistenceId, row.SequenceNr, row.Message, row.Identifier, row.Manifest,
                settings.Names.Writer, request.Slice.Lease, EpochOf(request.Slice), row.CommandId).ExecuteNonQuery();
            if (row.Tags.Count > 0)
            {
                WriteTags(session, request.PersistenceId, row);
            }
        }

        return request.Rows.Length;
    }

    private static void WriteTags(SqliteSession session, string persistenceId, JournalRow row)
    {
        var ordering = session.Prepare("SELECT last_insert_rowid()").ExecuteScalar();
        foreach (var tag in row.Tags)
        {
            session.Prepare(InsertTag, ordering, tag, row.SequenceNr, persistenceId).ExecuteNonQuery();
        }
    }

    private static object? EpochOf(Slice slice) => slice.IsFenced ? slice.Epoch : null;

    private void Close()
    {
        _session?.Dispose();
        _session = null;
    }
}
