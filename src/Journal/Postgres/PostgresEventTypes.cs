using AkkaScale.Cluster;
using AkkaScale.Cluster.Ownership;
using Npgsql;

namespace AkkaScale.Journal.Postgres;

/// <summary>The registry of event types. Who joins and who registers take the same lock, so that neither overlooks the other.</summary>
internal sealed class PostgresEventTypes(PostgresConnections connections, TimeProvider time)
{
    /// <summary>
    /// A statement of its own, before the one that decides: that one's snapshot then shows whatever was committed before the lock was granted.
    /// Any constant will do as its name, this one spells "AkkaType"; a table lock needs a transaction block, and with it more round trips.
    /// </summary>
    public const string LockSql = "SELECT pg_advisory_xact_lock(x'416b6b6154797065'::bigint)";

    // A member that does not say what it reads holds every new type back: it may be a program of before the registry.
    private const string RegisterSql =
        """
        INSERT INTO event_type (entity_kind, event_type, since, written_by)
        SELECT $1, $2, $3, $4
        WHERE NOT EXISTS (
            SELECT FROM member m
            WHERE m.status IN ('joining', 'up', 'leaving') AND 'entity' = ANY (string_to_array(m.roles, ','))
              AND NOT coalesce(jsonb_exists(m.reads::jsonb -> $1 -> 'events', $2), false))
        ON CONFLICT DO NOTHING
        """;

    private const string ReadSql = "SELECT entity_kind, event_type, since, written_by FROM event_type ORDER BY entity_kind, event_type";

    public async Task<WriteOutcome> RegisterAsync(string kind, string eventType, string by, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch
        {
            BatchCommands =
            {
                new(LockSql),
                new(RegisterSql)
                {
                    Parameters =
                    {
                        new() { Value = kind },
                        new() { Value = eventType },
                        new() { Value = time.GetUtcNow().UtcDateTime },
                        new() { Value = by },
                    },
                },
            },
        };
        return await PostgresWrites.ExecuteAsync(connections, batch, commands => commands[1].RecordsAffected == 1, cancellationToken);
    }

    public async Task<IReadOnlyList<WrittenEventType>> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenPooledAsync(cancellationToken);
            await using var command = new NpgsqlCommand(ReadSql, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var types = new List<WrittenEventType>();
            while (await reader.ReadAsync(cancellationToken))
            {
                types.Add(new WrittenEventType(reader.GetString(0), reader.GetString(1), reader.GetFieldValue<DateTimeOffset>(2), reader.GetString(3)));
            }

            return types;
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("The registry of event types cannot be read", error);
        }
    }
}
