using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using Npgsql;
using NpgsqlTypes;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>Reads of the journal: heads, entities, shards, ownership history, stored answers.</summary>
internal sealed class PostgresJournalReading(PostgresConnections connections)
{
    public const string EventColumns =
        "shard, position, epoch, entity_kind, entity_id, sequence_nr, event_type, payload, command_id, command_hash, answer, at";

    private const string ResultsSql =
        """
        SELECT entity_kind, entity_id, command_id, command_hash, sequence_nr, answer, at
        FROM journal WHERE command_id = ANY ($1) AND answer IS NOT NULL
        UNION ALL
        SELECT entity_kind, entity_id, command_id, payload_hash, sequence_nr, answer, at
        FROM command_result WHERE command_id = ANY ($1)
        """;

    // Pruned in portions, so that no transaction is long and no lock is held for long.
    private const string PruneSql =
        """
        DELETE FROM command_result WHERE (entity_kind, entity_id, command_id) IN (
            SELECT entity_kind, entity_id, command_id FROM command_result WHERE at < $1 ORDER BY at LIMIT 1000)
        """;

    // Lengths stand in the rows' heads, so that no payload is read. An entity is counted by its first event, which also finds its snapshot: snapshots have no
    // index by shard.
    private const string StatsSql =
        """
        SELECT j.shard, count(*), count(*) FILTER (WHERE j.sequence_nr = 1), max(j.position),
            sum(octet_length(j.payload) + coalesce(octet_length(j.answer), 0))::bigint,
            count(s.entity_id), coalesce(sum(octet_length(s.payload)), 0)::bigint
        FROM journal j
        LEFT JOIN snapshot s ON j.sequence_nr = 1 AND s.entity_kind = j.entity_kind AND s.entity_id = j.entity_id
        WHERE j.shard = ANY ($1) GROUP BY j.shard
        """;

    public async Task<IReadOnlyList<ShardStats>> ReadStatsAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken)
    {
        var known = (await QueryAsync(StatsSql, Stats, cancellationToken, new NpgsqlParameter { Value = shards.ToArray() }))
            .ToDictionary(stats => stats.Shard);
        return [.. shards.Select(shard => known.GetValueOrDefault(shard) ?? new ShardStats(shard, 0, 0, 0, 0, 0, 0))];
    }

    public async Task<long> ReadHeadAsync(int shard, CancellationToken cancellationToken)
    {
        var heads = await QueryAsync(
            "SELECT coalesce(max(position), 0) FROM journal WHERE shard = $1", row => row.GetInt64(0), cancellationToken,
            new NpgsqlParameter { Value = shard });
        return heads[0];
    }

    public async Task<long> ReadVersionAsync(EntityKey entity, CancellationToken cancellationToken)
    {
        var versions = await QueryAsync(
            "SELECT coalesce(max(sequence_nr), 0) FROM journal WHERE entity_kind = $1 AND entity_id = $2", row => row.GetInt64(0), cancellationToken,
            new NpgsqlParameter { Value = entity.Kind }, new NpgsqlParameter { Value = entity.Id });
        return versions[0];
    }

    public async Task<IReadOnlyList<StoredResult>> FindResultsAsync(IReadOnlyList<Guid> commandIds, CancellationToken cancellationToken) =>
        await QueryAsync(ResultsSql, Result, cancellationToken, new NpgsqlParameter { Value = commandIds.ToArray() });

    public async Task<IReadOnlyList<JournalEvent>> ReadEntityAsync(
        EntityKey entity, long afterSequenceNr, int limit, IReadOnlyList<string>? eventTypes, CancellationToken cancellationToken) =>
        await QueryAsync(
            $"""
            SELECT {EventColumns} FROM journal
            WHERE entity_kind = $1 AND entity_id = $2 AND sequence_nr > $3 AND ($5::text[] IS NULL OR event_type = ANY ($5))
            ORDER BY sequence_nr LIMIT $4
            """,
            Event,
            cancellationToken,
            new NpgsqlParameter { Value = entity.Kind },
            new NpgsqlParameter { Value = entity.Id },
            new NpgsqlParameter { Value = afterSequenceNr },
            new NpgsqlParameter { Value = limit },
            new NpgsqlParameter { Value = (object?)eventTypes?.ToArray() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text });

    public async Task<IReadOnlyList<JournalEvent>> ReadShardAsync(
        int shard, long afterPosition, int limit, CancellationToken cancellationToken) =>
        await QueryAsync(
            $"SELECT {EventColumns} FROM journal WHERE shard = $1 AND position > $2 ORDER BY position LIMIT $3",
            Event,
            cancellationToken,
            new NpgsqlParameter { Value = shard },
            new NpgsqlParameter { Value = afterPosition },
            new NpgsqlParameter { Value = limit });

    public async Task<IReadOnlyList<ShardOwner>> ReadOwnersAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken) =>
        await QueryAsync(
            $"SELECT {PostgresReading.OwnerColumns} FROM shard_owner WHERE shard = ANY ($1)",
            PostgresReading.Owner,
            cancellationToken,
            new NpgsqlParameter { Value = shards.ToArray() });

    public async Task<IReadOnlyList<OwnershipRecord>> ReadOwnershipAsync(int shard, CancellationToken cancellationToken) =>
        await QueryAsync(
            "SELECT shard, epoch, owner, acquired_by, at FROM shard_ownership WHERE shard = $1 ORDER BY epoch",
            row => new OwnershipRecord(
                row.GetInt32(0), row.GetInt64(1), new Incarnation(row.GetGuid(2)), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4)),
            cancellationToken,
            new NpgsqlParameter { Value = shard });

    public async Task<int> PruneResultsAsync(DateTimeOffset before, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenPooledAsync(cancellationToken);
            for (var pruned = 0; ;)
            {
                await using var command = new NpgsqlCommand(PruneSql, connection) { Parameters = { new() { Value = before.UtcDateTime } } };
                var portion = await command.ExecuteNonQueryAsync(cancellationToken);
                pruned += portion;
                if (portion < 1000)
                {
                    return pruned;
                }
            }
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("Old answers cannot be removed", error);
        }
    }

    public static JournalEvent Event(NpgsqlDataReader row) => new(
        row.GetInt32(0),
        row.GetInt64(1),
        row.GetInt64(2),
        new EntityKey(row.GetString(3), row.GetString(4)),
        row.GetInt64(5),
        row.GetString(6),
        row.GetFieldValue<byte[]>(7),
        row.GetGuid(8),
        Hash(row, 9),
        row.IsDBNull(10) ? default : row.GetFieldValue<byte[]>(10),
        row.GetFieldValue<DateTimeOffset>(11));

    public static StoredResult Result(NpgsqlDataReader row) => new(
        new EntityKey(row.GetString(0), row.GetString(1)),
        row.GetGuid(2),
        Hash(row, 3),
        row.GetInt64(4),
        row.GetFieldValue<byte[]>(5),
        row.GetFieldValue<DateTimeOffset>(6));

    private static ShardStats Stats(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6));

    private static PayloadHash Hash(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? default : PayloadHash.FromBytes(row.GetFieldValue<byte[]>(column));

    private Task<List<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters) =>
        QueryAsync(connections, sql, read, cancellationToken, parameters);

    /// <exception cref="LegacyCluster.StoreUnavailableException">No answer.</exception>
    public static async Task<List<T>> QueryAsync<T>(
        PostgresConnections connections, string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
        try
        {
            await using var connection = await connections.OpenPooledAsync(cancellationToken);
            await using var command = new NpgsqlCommand(sql, connection);
            command.Parameters.AddRange(parameters);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var rows = new List<T>();
            while (await reader.ReadAsync(cancellationToken))
            {
                rows.Add(read(reader));
            }

            return rows;
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("The journal cannot be read", error);
        }
    }
}
