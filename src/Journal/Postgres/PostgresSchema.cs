using AkkaScale.Journal.Options;
using AkkaScale.Journal.Schema;
using Npgsql;

namespace AkkaScale.Journal.Postgres;

/// <summary>
/// What happens before anything else: a server that would make promises void is refused, and the schema brought up to date.
/// </summary>
internal sealed class PostgresSchema(NpgsqlDataSource source)
{
    // Any constant will do; this one spells "AkkaJrnl" in ASCII.
    private const long MigrationLock = 0x416B6B614A726E6C;
    private const int OldestServer = 140_000;

    public async Task OpenAsync(bool migrate, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await CheckServerAsync(connection, cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        await ExecuteAsync(connection, $"SELECT pg_advisory_xact_lock({MigrationLock})", cancellationToken);
        JournalLayout.Check(await ColumnsAsync(connection, cancellationToken));
        await MigrateAsync(connection, migrate, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    private static async Task CheckServerAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            SELECT current_setting('server_version_num')::int, current_setting('fsync'), current_setting('synchronous_commit'),
                   current_setting('full_page_writes'), pg_backend_pid()
            """, connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        if (reader.GetInt32(0) < OldestServer)
        {
            throw new JournalRefusedException($"This PostgreSQL is version {connection.PostgreSqlVersion}; 14 or newer is needed.");
        }

        if (reader.GetString(1) != "on" || reader.GetString(3) != "on")
        {
            throw new JournalRefusedException(
                "PostgreSQL runs with fsync=off or full_page_writes=off: acknowledged events would not survive a crash. Set both on.");
        }

        if (reader.GetString(2) is not ("on" or "remote_apply") and var commit)
        {
            throw new JournalRefusedException(
                $"PostgreSQL runs with synchronous_commit={commit}: acknowledged events would not survive a crash. "
                + "Set it to on or remote_apply.");
        }

        // A pooler hands out a cancel key of its own, so the process id in it is not the backend's.
        if (reader.GetInt32(4) != connection.ProcessID)
        {
            throw new JournalRefusedException(
                "A pooling proxy stands between this process and PostgreSQL, and an unknown outcome could not be settled: "
                + "connect directly.");
        }
    }

    private static async Task MigrateAsync(NpgsqlConnection connection, bool migrate, CancellationToken cancellationToken)
    {
        if (migrate)
        {
            await ExecuteAsync(connection, Migration.CreateTable, cancellationToken);
        }

        var pending = Migration.Pending(Migration.Of("Postgres"), await PresentAsync(connection, cancellationToken)).ToList();
        if (pending.Count > 0 && !migrate)
        {
            throw new JournalRefusedException(
                $"The journal's schema lacks {pending.Count} migrations, and this program may not apply them.");
        }

        foreach (var migration in pending)
        {
            await ExecuteAsync(connection, migration.Sql, cancellationToken);
            await using var record = new NpgsqlCommand($"INSERT INTO {Migration.Table} (number, name) VALUES ($1, $2)", connection)
            {
                Parameters = { new() { Value = migration.Number }, new() { Value = migration.Name } },
            };
            await record.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private static async Task<int> PresentAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var exists = new NpgsqlCommand($"SELECT to_regclass('{Migration.Table}') IS NOT NULL", connection);
        if (await exists.ExecuteScalarAsync(cancellationToken) is not true)
        {
            return 0;
        }

        await using var present = new NpgsqlCommand($"SELECT coalesce(max(number), 0) FROM {Migration.Table}", connection);
        return (int)(await present.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<List<string>> ColumnsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT attname::text FROM pg_attribute WHERE attrelid = to_regclass('journal') AND attnum > 0 AND NOT attisdropped",
            connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var columns = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            columns.Add(reader.GetString(0));
        }

        return columns;
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
