using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using Microsoft.Data.Sqlite;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>The fenced append: one BEGIN IMMEDIATE transaction, a savepoint for each slice, the same checks as in PostgreSQL.</summary>
internal sealed class SqliteAppend(Guid owner)
{
    private const string FenceSql = "SELECT 1 FROM shard_owner WHERE shard = $1 AND epoch = $2 AND owner = $3";
    private const string PositionSql = "SELECT 1 FROM journal WHERE shard = $1 AND position = $2";
    private const string SequenceSql = "SELECT 1 FROM journal WHERE entity_kind = $1 AND entity_id = $2 AND sequence_nr = $3";

    private const string EventSql =
        """
        INSERT INTO journal (shard, position, epoch, entity_kind, entity_id, sequence_nr, event_type, command_id, at, command_hash, answer, payload)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """;

    private const string ResultSql =
        """
        INSERT INTO command_result (entity_kind, entity_id, command_id, shard, sequence_nr, payload_hash, answer, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private const string SnapshotSql =
        """
        INSERT INTO snapshot (entity_kind, entity_id, shard, sequence_nr, position, state_version, payload, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT (entity_kind, entity_id) DO UPDATE SET
            shard = excluded.shard, sequence_nr = excluded.sequence_nr, position = excluded.position,
            state_version = excluded.state_version, payload = excluded.payload, at = excluded.at
        WHERE snapshot.sequence_nr < excluded.sequence_nr
        """;

    private readonly byte[] _owner = SqliteValues.Blob(new Incarnation(owner));
    private readonly HashSet<EntityKey> _entities = [];

    /// <summary>Runs on the writing thread. Fills in the outcomes of these slices, whatever happens.</summary>
    public void Run(SqliteSession session, IReadOnlyList<ShardSlice> slices, List<int> indices, SliceOutcome[] outcomes)
    {
        try
        {
            session.Statement("BEGIN IMMEDIATE").Execute();
            foreach (var index in indices)
            {
                outcomes[index] = Write(session, slices[index]);
            }
        }
        catch (SqliteException error)
        {
            Fail(session, error, SliceStatus.Unavailable, indices, outcomes);
            return;
        }

        try
        {
            session.Statement("COMMIT").Execute();
        }
        catch (SqliteException error)
        {
            Fail(session, error, SqliteErrors.IsDefiniteAtCommit(error) ? SliceStatus.Unavailable : SliceStatus.Unknown, indices, outcomes);
        }
    }

    private static void Fail(SqliteSession session, SqliteException error, SliceStatus status, List<int> indices, SliceOutcome[] outcomes)
    {
        session.RollBack();
        session.MarkIfBroken(error);
        foreach (var index in indices)
        {
            outcomes[index] = new SliceOutcome(status, error.Message);
        }
    }

    private SliceOutcome Write(SqliteSession session, ShardSlice slice)
    {
        if (!session.Statement(FenceSql, 3).Any(slice.Shard, slice.Epoch, _owner))
        {
            return new SliceOutcome(SliceStatus.Fenced, $"shard {slice.Shard} is not owned by {new Incarnation(owner)} at epoch {slice.Epoch}");
        }

        if (!Fits(session, slice))
        {
            return new SliceOutcome(SliceStatus.HeadMismatch, $"shard {slice.Shard}: the journal does not end where the slice begins");
        }

        session.Statement("SAVEPOINT slice").Execute();
        try
        {
            Insert(session, slice);
            session.Statement("RELEASE slice").Execute();
            return new SliceOutcome(SliceStatus.Written, "");
        }
        catch (SqliteException error) when (SqliteErrors.OfSlice(error) is { } outcome)
        {
            session.Statement("ROLLBACK TO slice").Execute();
            session.Statement("RELEASE slice").Execute();
            return outcome;
        }
    }

    private bool Fits(SqliteSession session, ShardSlice slice)
    {
        if (slice.Events.Count > 0
            && slice.Events[0].Position > 1
            && !session.Statement(PositionSql, 2).Any(slice.Shard, slice.Events[0].Position - 1))
        {
            return false;
        }

        _entities.Clear();
        foreach (var happened in slice.Events)
        {
            if (_entities.Add(happened.Entity) && happened.SequenceNr > 1 && !HasEvent(session, happened.Entity, happened.SequenceNr - 1))
            {
                return false;
            }
        }

        foreach (var snapshot in slice.Snapshots)
        {
            // The events of this slice vouch for their own entities.
            if (!_entities.Contains(snapshot.Entity) && !HasEvent(session, snapshot.Entity, snapshot.SequenceNr))
            {
                return false;
            }
        }

        return true;
    }

    private static bool HasEvent(SqliteSession session, EntityKey entity, long sequenceNr) =>
        session.Statement(SequenceSql, 3).Any(entity.Kind, entity.Id, sequenceNr);

    private void Insert(SqliteSession session, ShardSlice slice)
    {
        foreach (var happened in slice.Events)
        {
            InsertEvent(session, happened);
        }

        foreach (var result in slice.Results)
        {
            session.Statement(ResultSql, 8).Execute(
                result.Entity.Kind,
                result.Entity.Id,
                SqliteValues.Blob(result.CommandId),
                slice.Shard,
                result.SequenceNr,
                SqliteValues.Blob(result.Hash),
                SqliteValues.Blob(result.Answer),
                SqliteValues.Microseconds(result.At));
        }

        foreach (var snapshot in slice.Snapshots)
        {
            session.Statement(SnapshotSql, 8).Execute(
                snapshot.Entity.Kind,
                snapshot.Entity.Id,
                slice.Shard,
                snapshot.SequenceNr,
                snapshot.Position,
                snapshot.StateVersion,
                SqliteValues.Blob(snapshot.Payload),
                SqliteValues.Microseconds(snapshot.At));
        }
    }

    private static void InsertEvent(SqliteSession session, JournalEvent happened) => session.Statement(EventSql, 12).Execute(
        happened.Shard,
        happened.Position,
        happened.Epoch,
        happened.Entity.Kind,
        happened.Entity.Id,
        happened.SequenceNr,
        happened.EventType,
        SqliteValues.Blob(happened.CommandId),
        SqliteValues.Microseconds(happened.At),
        SqliteValues.Blob(happened.CommandHash),
        SqliteValues.NullIfEmpty(happened.Answer),
        SqliteValues.Blob(happened.Payload));
}
