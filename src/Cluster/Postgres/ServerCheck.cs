using Npgsql;

namespace AkkaScale.Cluster.Postgres;

/// <summary>Refuses a server that would make promises void.</summary>
internal static class ServerCheck
{
    private const int OldestServer = 140_000;

    /// <param name="refuse">Makes the exception that tells people what to change.</param>
    public static void Run(NpgsqlConnection connection, Func<string, Exception> refuse)
    {
        using var command = new NpgsqlCommand(
            """
            SELECT current_setting('server_version_num')::int, current_setting('fsync'), current_setting('synchronous_commit'),
                   current_setting('full_page_writes'), pg_backend_pid()
            """, connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        if (reader.GetInt32(0) < OldestServer)
        {
            throw refuse($"This PostgreSQL is version {connection.PostgreSqlVersion}; 14 or newer is needed.");
        }

        if (reader.GetString(1) != "on" || reader.GetString(3) != "on")
        {
            throw refuse(
                "PostgreSQL runs with fsync=off or full_page_writes=off: acknowledged events would not survive a crash. Set both on.");
        }

        if (reader.GetString(2) is not ("on" or "remote_apply") and var commit)
        {
            throw refuse(
                $"PostgreSQL runs with synchronous_commit={commit}: acknowledged events would not survive a crash. "
                + "Set it to on or remote_apply.");
        }

        // A pooler hands out a cancel key of its own, so the process id in it is not the backend's.
        if (reader.GetInt32(4) != connection.ProcessID)
        {
            throw refuse(
                "A pooling proxy stands between this process and PostgreSQL: session locks would not be this process's, and an unknown "
                + "outcome could not be settled. Connect directly.");
        }
    }
}
