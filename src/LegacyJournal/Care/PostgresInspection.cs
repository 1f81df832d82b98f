using AkkaScale.LegacyCluster;
using AkkaScale.LegacyJournal.Postgres;
using Npgsql;

namespace AkkaScale.LegacyJournal.Care;

/// <summary>Reads a server's settings and statistics.</summary>
internal static class PostgresInspection
{
    private const string SettingsSql =
        """
        SELECT current_setting('server_version_num')::int, current_setting('fsync') = 'on', current_setting('synchronous_commit'),
               current_setting('full_page_writes') = 'on', current_setting('data_checksums') = 'on', current_setting('synchronous_standby_names'),
               current_setting('wal_level'), current_setting('max_wal_senders')::int, current_setting('max_connections')::int,
               current_setting('superuser_reserved_connections')::int,
               (SELECT count(*)::int FROM pg_stat_activity WHERE backend_type = 'client backend'),
               (SELECT rolsuper OR rolreplication FROM pg_roles WHERE rolname = current_user),
               pg_database_size(current_database()),
               current_setting('archive_mode') <> 'off',
               coalesce(nullif(current_setting('archive_command', true), '(disabled)'), '') <> '' OR coalesce(current_setting('archive_library', true), '') <> '',
               (SELECT setting::int FROM pg_settings WHERE name = 'archive_timeout'),
               a.last_archived_time, a.last_failed_time, a.failed_count
        FROM pg_stat_archiver a
        """;

    private const string ReplicasSql =
        """
        SELECT coalesce(application_name, ''), coalesce(state, 'unknown'), coalesce(sync_state, 'unknown'),
               coalesce(pg_wal_lsn_diff(pg_current_wal_lsn(), flush_lsn), 0)::bigint
        FROM pg_stat_replication ORDER BY application_name, pid
        """;

    /// <exception cref="StoreUnavailableException">No answer.</exception>
    public static async Task<PostgresFacts> InspectAsync(PostgresConnections connections, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenPooledAsync(cancellationToken);
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
            return Facts(row, replicas);
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("PostgreSQL's settings cannot be read", error);
        }
    }

    private static PostgresFacts Facts(NpgsqlDataReader row, IReadOnlyList<PostgresReplica> replicas) => new(
        row.GetInt32(0),
        row.GetBoolean(1),
        row.GetString(2),
        row.GetBoolean(3),
        row.GetBoolean(4),
        row.GetString(5),
        replicas,
        row.GetBoolean(13)
            ? new PostgresArchive(row.GetBoolean(14), TimeSpan.FromSeconds(row.GetInt32(15)), At(row, 16), At(row, 17), row.GetInt64(18))
            : null,
        row.GetString(6),
        row.GetInt32(7),
        row.GetInt32(8),
        row.GetInt32(9),
        row.GetInt32(10),
        row.GetBoolean(11),
        row.GetInt64(12));

    private static DateTimeOffset? At(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<DateTimeOffset>(column);
}
