using System.Globalization;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Events;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using Microsoft.Data.Sqlite;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>Reads of the journal: heads, entities, shards, ownership history, stored answers, recovery.</summary>
internal sealed class SqliteJournalReading(SqliteDatabase journal)
{
    private const string What = "The journal cannot be read";

    internal const string EventColumns =
        "shard, position, epoch, entity_kind, entity_id, sequence_nr, event_type, payload, command_id, command_hash, answer, at";

    private const string AnswerColumns = "entity_kind, entity_id, command_id, command_hash, sequence_nr, answer, at";
    internal const string ResultColumns = "entity_kind, entity_id, command_id, payload_hash, sequence_nr, answer, at";

    private const string PruneSql =
        """
        DELETE FROM command_result WHERE (entity_kind, entity_id, command_id) IN (
            SELECT entity_kind, entity_id, command_id FROM command_result WHERE at < $1 ORDER BY at LIMIT 1000)
        """;

    // length() of a blob reads its head and none of its pages. Two statements: in one, every event would look for a snapshot.
    private const string StatsSql =
        """
        SELECT count(*), coalesce(sum(sequence_nr = 1), 0), coalesce(max(position), 0), coalesce(sum(length(payload) + coalesce(length(answer), 0)), 0)
        FROM journal WHERE shard = $1
        """;

    // An entity's first event finds its snapshot: snapshots have no index by shard.
    private const string SnapshotStatsSql =
        """
        SELECT count(*), coalesce(sum(length(s.payload)), 0)
        FROM journal j CROSS JOIN snapshot s ON s.entity_kind = j.entity_kind AND s.entity_id = j.entity_id
        WHERE j.shard = $1 AND j.sequence_nr = 1
        """;

    /// <summary>A reader each shard: no transaction is long, and none keeps the log from being cut for long.</summary>
    public async Task<IReadOnlyList<ShardStats>> ReadStatsAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        var stats = new List<ShardStats>(shards.Count);
        foreach (var shard in shards)
        {
            stats.Add(await journal.Readers.ReadAsync(What, connection => Stats(connection, shard), cancellationToken));
        }

        return stats;
    }

    public Task<long> ReadHeadAsync(int shard, CancellationToken cancellationToken) => journal.Readers.ReadAsync(
        What,
        connection => SqliteReaders.Query(
            connection, "SELECT coalesce(max(position), 0) FROM journal WHERE shard = $1", row => row.GetInt64(0), shard)[0],
        cancellationToken);

    public Task<long> ReadVersionAsync(EntityKey entity, CancellationToken cancellationToken) => journal.Readers.ReadAsync(
        What,
        connection => SqliteReaders.Query(
            connection, "SELECT coalesce(max(sequence_nr), 0) FROM journal WHERE entity_kind = $1 AND entity_id = $2", row => row.GetInt64(0),
            entity.Kind, entity.Id)[0],
        cancellationToken);

    public async Task<IReadOnlyList<StoredResult>> FindResultsAsync(IReadOnlyList<Guid> commandIds, CancellationToken cancellationToken) =>
        await journal.Readers.ReadAsync(
            What,
            connection =>
            {
                var found = new List<StoredResult>();
                foreach (var commandId in commandIds.Distinct())
                {
                    var id = SqliteValues.Blob(commandId);
                    found.AddRange(SqliteReaders.Query(
                        connection, $"SELECT {AnswerColumns} FROM journal WHERE command_id = $1 AND answer IS NOT NULL", Result, id));
                    found.AddRange(SqliteReaders.Query(
                        connection, $"SELECT {ResultColumns} FROM command_result WHERE command_id = $1", Result, id));
                }

                return found;
            },
            cancellationToken);

    public async Task<IReadOnlyList<JournalEvent>> ReadEntityAsync(
        EntityKey entity, long afterSequenceNr, int limit, IReadOnlyList<string>? eventTypes, CancellationToken cancellationToken) =>
        await journal.Readers.ReadAsync(
            What,
            connection =>
            {
                var types = eventTypes is null
                    ? ""
                    : $"AND event_type IN ({string.Join(", ", eventTypes.Select((_, index) => string.Create(CultureInfo.InvariantCulture, $"${index + 5}")))})";
                object[] values = [entity.Kind, entity.Id, afterSequenceNr, limit, .. eventTypes ?? []];
                return SqliteReaders.Query(
                    connection,
                    $"""
                    SELECT {EventColumns} FROM journal
                    WHERE entity_kind = $1 AND entity_id = $2 AND sequence_nr > $3 {types}
                    ORDER BY sequence_nr LIMIT $4
                    """,
                    Event,
                    values);
            },
            cancellationToken);

    public async Task<IReadOnlyList<JournalEvent>> ReadShardAsync(
        int shard, long afterPosition, int limit, CancellationToken cancellationToken) =>
        await journal.Readers.ReadAsync(
            What,
            connection => SqliteReaders.Query(
                connection,
                $"SELECT {EventColumns} FROM journal WHERE shard = $1 AND position > $2 ORDER BY position LIMIT $3",
                Event,
                shard, afterPosition, limit),
            cancellationToken);

    public async Task<IReadOnlyList<ShardOwner>> ReadOwnersAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken) =>
        await journal.Readers.ReadAsync(
            What,
            connection => SqliteReaders.Query(
                connection,
                $"SELECT {SqliteReading.OwnerColumns} FROM shard_owner WHERE shard IN ({SqliteValues.List(shards)})",
                SqliteReading.Owner),
            cancellationToken);

    public async Task<IReadOnlyList<OwnershipRecord>> ReadOwnershipAsync(int shard, CancellationToken cancellationToken) =>
        await journal.Readers.ReadAsync(
            What,
            connection => SqliteReaders.Query(
                connection,
                "SELECT shard, epoch, owner, acquired_by, at FROM shard_ownership WHERE shard = $1 ORDER BY epoch",
                row => new OwnershipRecord(
                    row.GetInt32(0), row.GetInt64(1), SqliteValues.Incarnation(row, 2), row.GetString(3), SqliteValues.At(row, 4)),
                shard),
            cancellationToken);

    // In portions, each under the lock for a moment only.
    public async Task<int> PruneResultsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        for (var pruned = 0; ;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var portion = await journal.WriteAsync(
                "Old answers cannot be removed", session => session.Statement(PruneSql, 1).Execute(SqliteValues.Microseconds(before)));
            pruned += portion;
            if (portion < 1000)
            {
                return pruned;
            }
        }
    }

    /// <summary>Loads one entity within one read transaction.</summary>
    public Task<RememberedResults> RecoverAsync(
        EntityKey entity, int stateVersion, RecoveryWindow window, IRecoveryFold fold, CancellationToken cancellationToken) =>
        journal.Readers.ReadAsync($"{entity} cannot be loaded", connection => Recover(connection, entity, stateVersion, window, fold), cancellationToken);

    private static RememberedResults Recover(
        SqliteConnection connection, EntityKey entity, int stateVersion, RecoveryWindow window, IRecoveryFold fold)
    {
        var after = 0L;
        SqliteReaders.Each(
            connection,
            "SELECT sequence_nr, position, payload, at FROM snapshot WHERE entity_kind = $1 AND entity_id = $2 AND state_version = $3",
            row =>
            {
                after = row.GetInt64(0);
                fold.Snapshot(new EntitySnapshot(
                    entity, after, row.GetInt64(1), stateVersion, SqliteValues.Bytes(row, 2), SqliteValues.At(row, 3)));
            },
            entity.Kind, entity.Id, stateVersion);
        SqliteReaders.Each(
            connection,
            $"SELECT {EventColumns} FROM journal WHERE entity_kind = $1 AND entity_id = $2 AND sequence_nr > $3 ORDER BY sequence_nr",
            row => fold.Event(Event(row)),
            entity.Kind, entity.Id, after);

        // One row more than the limit tells that there is more.
        object[] remembered = [entity.Kind, entity.Id, SqliteValues.Microseconds(window.Since), window.Limit + 1];
        var answers = SqliteReaders.Query(
            connection,
            $"""
            SELECT {AnswerColumns} FROM journal WHERE entity_kind = $1 AND entity_id = $2 AND answer IS NOT NULL AND at >= $3
            ORDER BY sequence_nr DESC LIMIT $4
            """,
            Result,
            remembered);
        var results = SqliteReaders.Query(
            connection,
            $"""
            SELECT {ResultColumns} FROM command_result WHERE entity_kind = $1 AND entity_id = $2 AND at >= $3
            ORDER BY at DESC, command_id DESC LIMIT $4
            """,
            Result,
            remembered);
        return RememberedAnswers.Merge(answers, results, window.Limit);
    }

    internal static JournalEvent Event(SqliteDataReader row) => new(
        row.GetInt32(0),
        row.GetInt64(1),
        row.GetInt64(2),
        new EntityKey(row.GetString(3), row.GetString(4)),
        row.GetInt64(5),
        row.GetString(6),
        SqliteValues.Bytes(row, 7),
        SqliteValues.Id(row, 8),
        SqliteValues.Hash(row, 9),
        SqliteValues.Bytes(row, 10),
        SqliteValues.At(row, 11));

    internal static StoredResult Result(SqliteDataReader row) => new(
        new EntityKey(row.GetString(0), row.GetString(1)),
        SqliteValues.Id(row, 2),
        SqliteValues.Hash(row, 3),
        row.GetInt64(4),
        SqliteValues.Bytes(row, 5),
        SqliteValues.At(row, 6));

    private static ShardStats Stats(SqliteConnection connection, int shard)
    {
        var (snapshots, snapshotBytes) = SqliteReaders.Query(
            connection, SnapshotStatsSql, static row => (row.GetInt64(0), row.GetInt64(1)), shard)[0];
        return SqliteReaders.Query(
            connection, StatsSql,
            row => new ShardStats(shard, row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), snapshots, snapshotBytes), shard)[0];
    }
}
