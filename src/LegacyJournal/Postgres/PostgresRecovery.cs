using AkkaScale.Entities;
using AkkaScale.LegacyJournal.Events;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using Npgsql;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>Loads one entity in one round trip. All statements share a snapshot: a stored snapshot that is replaced in between must not
/// hide events that only it holds.</summary>
internal sealed class PostgresRecovery(PostgresConnections connections)
{
    private const string SnapshotSql =
        """
        SELECT sequence_nr, position, payload, at FROM snapshot
        WHERE entity_kind = $1 AND entity_id = $2 AND state_version = $3
        """;

    private const string EventsSql =
        $"""
        SELECT {PostgresJournalReading.EventColumns} FROM journal
        WHERE entity_kind = $1 AND entity_id = $2 AND sequence_nr > coalesce((
            SELECT sequence_nr FROM snapshot WHERE entity_kind = $1 AND entity_id = $2 AND state_version = $3), 0)
        ORDER BY sequence_nr
        """;

    // The two come apart, each with its own limit and one row more, which tells that there was more.
    private const string AnswersSql =
        """
        SELECT entity_kind, entity_id, command_id, command_hash, sequence_nr, answer, at FROM journal
        WHERE entity_kind = $1 AND entity_id = $2 AND answer IS NOT NULL AND at >= $3
        ORDER BY sequence_nr DESC LIMIT $4
        """;

    private const string ResultsSql =
        """
        SELECT entity_kind, entity_id, command_id, payload_hash, sequence_nr, answer, at FROM command_result
        WHERE entity_kind = $1 AND entity_id = $2 AND at >= $3
        ORDER BY at DESC, command_id DESC LIMIT $4
        """;

    public async Task<RememberedResults> RecoverAsync(
        EntityKey entity, int stateVersion, RecoveryWindow window, IRecoveryFold fold, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenPooledAsync(cancellationToken);
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"),
                    Past(SnapshotSql, entity, stateVersion),
                    Past(EventsSql, entity, stateVersion),
                    Remembered(AnswersSql, entity, window),
                    Remembered(ResultsSql, entity, window),
                    new("COMMIT"),
                },
            };
            await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
            if (await reader.ReadAsync(cancellationToken))
            {
                fold.Snapshot(new EntitySnapshot(
                    entity, reader.GetInt64(0), reader.GetInt64(1), stateVersion, reader.GetFieldValue<byte[]>(2),
                    reader.GetFieldValue<DateTimeOffset>(3)));
            }

            await reader.NextResultAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                fold.Event(PostgresJournalReading.Event(reader));
            }

            var answers = await ResultsAsync(reader, cancellationToken);
            var results = await ResultsAsync(reader, cancellationToken);
            return RememberedAnswers.Merge(answers, results, window.Limit);
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable($"{entity} cannot be loaded", error);
        }
    }

    private static async Task<List<StoredResult>> ResultsAsync(NpgsqlDataReader reader, CancellationToken cancellationToken)
    {
        await reader.NextResultAsync(cancellationToken);
        var results = new List<StoredResult>();
        while (await reader.ReadAsync(cancellationToken))
        {
            results.Add(PostgresJournalReading.Result(reader));
        }

        return results;
    }

    private static NpgsqlBatchCommand Past(string sql, EntityKey entity, int stateVersion) => new(sql)
    {
        Parameters = { new() { Value = entity.Kind }, new() { Value = entity.Id }, new() { Value = stateVersion } },
    };

    private static NpgsqlBatchCommand Remembered(string sql, EntityKey entity, RecoveryWindow window) => new(sql)
    {
        Parameters =
        {
            new() { Value = entity.Kind },
            new() { Value = entity.Id },
            new() { Value = window.Since.UtcDateTime },
            new() { Value = window.Limit + 1 },
        },
    };
}
