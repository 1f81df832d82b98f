using System.Globalization;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Postgres;
using Npgsql;

namespace AkkaScale.LegacyJournal.Care;

/// <summary>What a store that was restored to PostgreSQL is asked and told before nodes run on it.</summary>
internal static class PostgresRestore
{
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
}
