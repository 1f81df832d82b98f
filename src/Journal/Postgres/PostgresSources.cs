using Npgsql;

namespace AkkaScale.Journal.Postgres;

/// <summary>The sources of connections, with their settings and why they are so.</summary>
internal static class PostgresSources
{
    /// <summary>In seconds: a page that is not had by then is not had, and its caller is told.</summary>
    private const int LookingTimeout = 10;

    /// <summary>For recoveries and snapshots: bounded, statements prepared once a connection.</summary>
    public static NpgsqlDataSource Pool(PostgresStoreSettings settings, PostgresWatch watch)
    {
        var connection = Common(settings);
        connection.MinPoolSize = 1;
        connection.MaxPoolSize = settings.Readers;
        // A recovery storm waits for its turn rather than failing: Akka bounds how many recover at once.
        connection.Timeout = 60;
        connection.MaxAutoPrepare = 32;
        connection.AutoPrepareMinUsages = 2;
        return Build(connection, watch);
    }

    /// <summary>For pages and for whoever looks into the tables: of its own, so that neither keeps a recovery waiting, and bounded.</summary>
    public static NpgsqlDataSource Looking(PostgresStoreSettings settings, PostgresWatch watch)
    {
        var connection = Common(settings);
        connection.MaxPoolSize = settings.Readers;
        connection.Timeout = LookingTimeout;
        return Build(connection, watch);
    }

    /// <summary>For appends and settlements: a connection that was left in doubt must not come back from a pool.</summary>
    public static NpgsqlDataSource Unpooled(PostgresStoreSettings settings, PostgresWatch watch)
    {
        var connection = Common(settings);
        connection.Pooling = false;
        return Build(connection, watch);
    }

    private static NpgsqlConnectionStringBuilder Common(PostgresStoreSettings settings)
    {
        var connection = new NpgsqlConnectionStringBuilder(settings.ConnectionString)
        {
            // A timed-out statement breaks its connection at once. To cancel it first would wait on a connection that may be dead, and
            // a cancelled commit is one more way not to know.
            CancellationTimeout = -1,
            CommandTimeout = (int)settings.Timeout.TotalSeconds,
            NoResetOnClose = true,
        };
        if (string.IsNullOrEmpty(connection.ApplicationName))
        {
            // Whoever takes over from a dead process finds its backends by this name.
            connection.ApplicationName = settings.Names.Owner;
        }

        return connection;
    }

    private static NpgsqlDataSource Build(NpgsqlConnectionStringBuilder connection, PostgresWatch watch)
    {
        var builder = new NpgsqlDataSourceBuilder(connection.ConnectionString);
        builder.UsePhysicalConnectionInitializer(watch.Look, watch.LookAsync);
        return builder.Build();
    }
}
