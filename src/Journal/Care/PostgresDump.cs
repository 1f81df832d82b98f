using System.Globalization;
using System.Runtime.CompilerServices;
using AkkaScale.Cluster.Ownership;
using AkkaScale.Journal.Postgres;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using Npgsql;

namespace AkkaScale.Journal.Care;

/// <summary>Reads and writes of PostgreSQL that concern the whole store.</summary>
internal static class PostgresDump
{
    private static readonly (string Sql, Func<NpgsqlDataReader, StoreRow> Row)[] Parts =
    [
        ($"SELECT {PostgresJournalReading.EventColumns} FROM journal ORDER BY shard, position", row => new StoreRow.Event(PostgresJournalReading.Event(row))),
        ("SELECT entity_kind, entity_id, command_id, payload_hash, sequence_nr, answer, at FROM command_result ORDER BY entity_kind, entity_id, command_id",
            row => new StoreRow.Result(PostgresJournalReading.Result(row))),
    ];

    public static async Task<ClusterIdentity?> PeekAsync(PostgresConnections connections, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenUncheckedAsync(cancellationToken);
            await using (var look = new NpgsqlCommand("SELECT to_regclass('cluster') IS NOT NULL", connection))
            {
                if (await look.ExecuteScalarAsync(cancellationToken) is not true)
                {
                    return null;
                }
            }

            await using var command = new NpgsqlCommand(PostgresReading.IdentitySql, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? PostgresReading.Identity(reader) : null;
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("PostgreSQL cannot be read", error);
        }
    }

    /// <summary>As when the database was seen to have lost a tail, and whoever was a member is none any more.</summary>
    public static async Task<long> RaiseAsync(PostgresConnections connections, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenUncheckedAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using var raise = new NpgsqlCommand(
                $"UPDATE cluster SET generation = generation + 1, database_identity = {DatabaseIdentity.Sql} RETURNING generation", connection);
            var generation = (long)(await raise.ExecuteScalarAsync(cancellationToken))!;
            await using var rest = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new("SELECT count(*) FROM (SELECT 1 FROM shard_owner ORDER BY shard FOR UPDATE) locked"),
                    new(string.Create(
                        CultureInfo.InvariantCulture,
                        $"UPDATE shard_owner SET owner = NULL, epoch = {checked(generation << 32)}, acquired_by = '{ShardOwner.ByGeneration}'")),
                    new("UPDATE member SET status = 'dead', reason = 'the store was restored' WHERE status IN ('joining', 'up', 'leaving', 'down')"),
                },
            };
            await rest.ExecuteNonQueryAsync(cancellationToken);
            await transaction.CommitAsync(CancellationToken.None);
            return generation;
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("The generation cannot be raised", error);
        }
    }

    /// <summary>In one transaction that sees one moment. Rows come as they are read: the whole journal is in no memory.</summary>
    public static async IAsyncEnumerable<StoreRow> ReadAsync(PostgresConnections connections, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await connections.OpenUncheckedAsync(cancellationToken);
        await ExecuteAsync(connection, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY", cancellationToken);

        // Whoever takes the rows may be slow, and that is no transaction that was forgotten.
        await ExecuteAsync(connection, "SET LOCAL idle_in_transaction_session_timeout = 0", cancellationToken);
        foreach (var (sql, row) in Parts)
        {
            await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0 };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                yield return row(reader);
            }
        }
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
