using AkkaScale.Cluster.Inspection;
using Npgsql;

namespace AkkaScale.Cluster.Postgres;

/// <summary>Reads a server's settings and statistics.</summary>
internal static class PostgresInspection
{
    private const string SettingsSql =
        """
        SELECT current_setting('server_version_num')::int, current_setting('fsync') = 'on', current_setting('synchronous_commit'),
               current_setting('full_page_writes') = 'on', current_setting('data_checksums') = 'on', pg_backend_pid(),
               current_setting('synchronous_standby_names'), current_setting('max_connections')::int,
               current_setting('superuser_reserved_connections')::int,
               (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend'),
               pg_database_size(current_database()),
               current_setting('archive_mode') <> 'off',
               coalesce(nullif(current_setting('archive_command', true), '(disabled)'), '') <> ''
                   OR coalesce(current_setting('archive_library', true), '') <> '',
               (SELECT setting::int FROM pg_settings WHERE name = 'archive_timeout'),
               a.last_archived_time, a.last_failed_time, a.failed_count, current_setting('wal_level')
        FROM pg_stat_archiver a
        """;

    private const string ReplicasSql =
        """
        SELECT coalesce(application_name, ''), coalesce(state, 'unknown'), coalesce(sync_state, 'unknown'),
               coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn), 0)::bigint
        FROM pg_stat_replication ORDER BY application_name, pid
        """;

    public static async Task<PostgresFacts> RunAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await connection.OpenAsync(cancellationToken);
        var replicas = new List<PostgresReplica>();
        await using (var command = new NpgsqlCommand(ReplicasSql, connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
            {
                replicas.Add(new PostgresReplica(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetInt64(3)));
            }
        }

        await using var settings = new NpgsqlCommand(SettingsSql, connection);
        await using var row = await settings.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var place = new NpgsqlConnectionStringBuilder(connection.ConnectionString);
        return Facts(row, connection.ProcessID, replicas) with
        {
            WalLevel = row.GetString(17),
            Place = new PostgresPlace(place.Host ?? "", place.Port, connection.Database, place.Username ?? ""),
        };
    }

    private static PostgresFacts Facts(NpgsqlDataReader row, int processId, IReadOnlyList<PostgresReplica> replicas) => new(
        row.GetInt32(0),
        row.GetBoolean(1),
        row.GetString(2),
        row.GetBoolean(3),
        row.GetBoolean(4),
        row.GetInt32(5) != processId,
        row.GetString(6),
        replicas,
        row.GetBoolean(11)
            ? new PostgresArchive(row.GetBoolean(12), TimeSpan.FromSeconds(row.GetInt32(13)), At(row, 14), At(row, 15), row.GetInt64(16))
            : null,
        row.GetInt32(7),
        row.GetInt32(8),
        row.GetInt32(9),
        row.GetInt64(10));

    private static DateTimeOffset? At(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
