using System.Globalization;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Schema;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>What happens once, before anything else: settings that would make promises void are refused, the schema is brought up to
/// date, and the cluster's row is written or compared.</summary>
internal sealed partial class PostgresOpening(PostgresConnections connections, ILogger logger)
{
    // Any constant will do; this one spells "AkkaScal" in ASCII.
    private const long MigrationLock = 0x416B6B615363616C;
    private const int OldestServer = 140_000;

    public async Task<ClusterIdentity> OpenAsync(string clusterName, int shardCount, CancellationToken cancellationToken)
    {
        ClusterRow.CheckRequest(clusterName, shardCount);
        try
        {
            await using var connection = await connections.OpenUncheckedAsync(cancellationToken);
            await CheckServerAsync(connection, cancellationToken);
            await using (var transaction = await connection.BeginTransactionAsync(cancellationToken))
            {
                await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({MigrationLock})", cancellationToken);
                await MigrateAsync(connection, cancellationToken);
                await RecordAsync(connection, clusterName, shardCount, cancellationToken);
                await transaction.CommitAsync(cancellationToken);
            }

            var identity = await ReadIdentityAsync(connection, cancellationToken);
            ClusterRow.CheckRecorded(identity, clusterName, shardCount);
            return await RememberAsync(connection, identity, cancellationToken);
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("PostgreSQL cannot be opened", error);
        }
    }

    private async Task CheckServerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT current_setting('server_version_num')::int, current_setting('fsync'), current_setting('synchronous_commit'),
                   current_setting('synchronous_standby_names'), pg_is_in_recovery(), pg_backend_pid(),
                   (SELECT count(*) FROM pg_stat_replication)
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetInt32(0) < OldestServer)
        {
            throw new ClusterRefusedException($"This PostgreSQL is version {connection.PostgreSqlVersion}; 14 or newer is needed.");
        }

        if (reader.GetString(1) != "on")
        {
            throw new ClusterRefusedException("PostgreSQL runs with fsync=off: acknowledged events would not survive a crash. Set fsync=on.");
        }

        if (reader.GetString(2) is not ("on" or "remote_apply") and var commit)
        {
            throw new ClusterRefusedException(
                $"PostgreSQL runs with synchronous_commit={commit}: acknowledged events would not survive a crash. Set it to on or remote_apply.");
        }

        if (reader.GetBoolean(4))
        {
            throw new StoreUnavailableException("This PostgreSQL is a standby in recovery; it may be promoted later.");
        }

        // A pooler hands out a cancel key of its own, so the process id in it is not the backend's.
        if (reader.GetInt32(5) != connection.ProcessID)
        {
            throw new ClusterRefusedException("A pooling proxy stands between this node and PostgreSQL: connect to the server directly.");
        }

        if (reader.GetInt64(6) > 0 && reader.GetString(3).Length == 0)
        {
            LogAsynchronousReplicas(logger, reader.GetInt64(6));
        }
    }

    private async Task MigrateAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await ExecuteAsync(connection,
            "CREATE TABLE IF NOT EXISTS schema_migration (version integer PRIMARY KEY, name text NOT NULL, at timestamptz NOT NULL DEFAULT now())",
            cancellationToken);
        var present = await SchemaVersionAsync(connection, cancellationToken);
        foreach (var migration in Migration.Pending(Migration.Of("Postgres"), present))
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
            await using var record = new NpgsqlCommand("INSERT INTO schema_migration (version, name) VALUES ($1, $2)", connection)
            {
                Parameters = { new() { Value = migration.Version }, new() { Value = migration.Name } },
            };
            await record.ExecuteNonQueryAsync(cancellationToken);
            LogMigrated(logger, migration.Version, migration.Name);
        }
    }

    private static async Task RecordAsync(NpgsqlConnection connection, string clusterName, int shardCount, CancellationToken cancellationToken)
    {
        await using var record = new NpgsqlCommand(
            $"""
            INSERT INTO cluster (cluster_name, shard_count, database_identity, generation)
            VALUES ($1, $2, {DatabaseIdentity.Sql}, 0) ON CONFLICT DO NOTHING
            """, connection)
        {
            Parameters = { new() { Value = clusterName }, new() { Value = shardCount } },
        };
        if (await record.ExecuteNonQueryAsync(cancellationToken) == 1)
        {
            await ExecuteAsync(connection, string.Create(CultureInfo.InvariantCulture,
                $"INSERT INTO shard_owner (shard, owner, epoch, acquired_by) SELECT n, NULL, 0, '' FROM generate_series(0, {shardCount - 1}) n"),
                cancellationToken);
        }
    }

    private async Task<ClusterIdentity> RememberAsync(NpgsqlConnection connection, ClusterIdentity identity, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT " + DatabaseIdentity.Sql, connection);
        var observed = (string)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (connections.Guard.Look(observed, identity.DatabaseIdentity, identity.Generation) == DatabaseGuard.Verdict.MustRaise)
        {
            await connections.Guard.RaiseAsync(connection, observed, identity.DatabaseIdentity, identity.Generation, cancellationToken);
            identity = await ReadIdentityAsync(connection, cancellationToken);
        }

        connections.Guard.Remember(observed, identity.Generation);
        return identity;
    }

    private static async Task<ClusterIdentity> ReadIdentityAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(PostgresReading.IdentitySql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return PostgresReading.Identity(reader);
    }

    private static async Task<int> SchemaVersionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM schema_migration", connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [LoggerMessage(EventId = 2001, Level = LogLevel.Information, Message = "Schema migrated to version {Version} ({Name})")]
    private static partial void LogMigrated(ILogger logger, int version, string name);

    [LoggerMessage(EventId = 2002, Level = LogLevel.Warning,
        Message = "PostgreSQL has {Replicas} asynchronous replicas: events acknowledged within the replication lag are lost if one of them is promoted")]
    private static partial void LogAsynchronousReplicas(ILogger logger, long replicas);
}
