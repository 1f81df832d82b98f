using AkkaScale.LegacyCluster;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>
/// Every connection of this incarnation: a small pool for reads and ownership, and single ones for lanes and the lease. All carry
/// the incarnation as application_name, and each is checked against the known database when it is made.
/// </summary>
internal sealed class PostgresConnections : IAsyncDisposable
{
    private readonly PostgresStoreOptions _options;
    private readonly NpgsqlDataSource _pool;

    public PostgresConnections(PostgresStoreOptions options, ILoggerFactory loggers)
    {
        _options = options;
        Guard = new DatabaseGuard(loggers.CreateLogger<DatabaseGuard>());
        var builder = new NpgsqlDataSourceBuilder(PoolString());
        builder.UsePhysicalConnectionInitializer(
            connection => throw new NotSupportedException("Pooled connections are opened asynchronously."),
            connection => CheckAsync(connection, CancellationToken.None));
        _pool = builder.Build();
    }

    public DatabaseGuard Guard { get; }

    /// <exception cref="StoreUnavailableException">No connection within the timeout, or not the database it was.</exception>
    public async ValueTask<NpgsqlConnection> OpenPooledAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _pool.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("PostgreSQL cannot be reached", error);
        }
    }

    /// <summary>A connection outside the pool, not yet checked: the schema may not exist.</summary>
    public async Task<NpgsqlConnection> OpenUncheckedAsync(CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnection(SingleString(_options.ReadTimeout, ""));
        return await OpenAsync(connection, checkIdentity: false, cancellationToken);
    }

    /// <summary>A lane's own connection. Its planner is held to index lookups: plans are made while the journal is still empty and
    /// must not turn into scans of it when it has grown.</summary>
    public async Task<NpgsqlConnection> OpenWriterAsync()
    {
        const string planner = " -c enable_seqscan=off -c enable_hashjoin=off -c enable_mergejoin=off -c enable_bitmapscan=off"
            + " -c plan_cache_mode=force_generic_plan -c jit=off";
        var connection = new NpgsqlConnection(SingleString(_options.AppendTimeout, planner));
        return await OpenAsync(connection, checkIdentity: true, CancellationToken.None);
    }

    /// <summary>The lease's connection; its socket waits no longer than <paramref name="timeout"/>.</summary>
    public NpgsqlConnection OpenLease(TimeSpan timeout)
    {
        var builder = Builder(timeout, "");
        builder.Pooling = false;
        builder.Timeout = Seconds(timeout);
        var connection = new NpgsqlConnection(builder.ConnectionString);
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static int Seconds(TimeSpan timeout) => Math.Max(1, (int)Math.Ceiling(timeout.TotalSeconds));

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    private async Task<NpgsqlConnection> OpenAsync(NpgsqlConnection connection, bool checkIdentity, CancellationToken cancellationToken)
    {
        try
        {
            await connection.OpenAsync(cancellationToken);
            if (checkIdentity)
            {
                await CheckAsync(connection, cancellationToken);
            }

            return connection;
        }
        catch (Exception error)
        {
            await connection.DisposeAsync();
            if (PostgresErrors.IsStoreFault(error))
            {
                throw PostgresErrors.Unavailable("PostgreSQL cannot be reached", error);
            }

            throw;
        }
    }

    private async Task CheckAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        string observed, recorded;
        long generation;
        await using (var command = new NpgsqlCommand("SELECT " + DatabaseGuard.Columns, connection))
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            await reader.ReadAsync(cancellationToken);
            (observed, recorded, generation) = (reader.GetString(0), reader.GetString(1), reader.GetInt64(2));
        }

        if (Guard.Look(observed, recorded, generation) == DatabaseGuard.Verdict.MustRaise)
        {
            await Guard.RaiseAsync(connection, observed, recorded, generation, cancellationToken);
        }
    }

    private string PoolString()
    {
        var builder = Builder(_options.ReadTimeout, "");
        builder.Pooling = true;
        builder.MinPoolSize = 0;
        builder.MaxPoolSize = _options.MaxPoolSize;
        builder.MaxAutoPrepare = 32;
        builder.AutoPrepareMinUsages = 2;
        return builder.ConnectionString;
    }

    private string SingleString(TimeSpan commandTimeout, string settings)
    {
        var builder = Builder(commandTimeout, settings);
        builder.Pooling = false;
        return builder.ConnectionString;
    }

    private NpgsqlConnectionStringBuilder Builder(TimeSpan commandTimeout, string settings)
    {
        var third = (long)_options.ThirdOfLease.TotalMilliseconds;
        var builder = new NpgsqlConnectionStringBuilder(_options.ConnectionString);
        builder.ApplicationName = _options.Incarnation.ToString();
        builder.CommandTimeout = Seconds(commandTimeout);
        builder.Timeout = Seconds(_options.ReadTimeout);

        // A cancelled wait for a synchronous replica reports success: nothing here ever asks the server to cancel.
        builder.CancellationTimeout = -1;
        builder.Enlist = false;
        builder.Multiplexing = false;
        builder.Options = $"{builder.Options} -c idle_in_transaction_session_timeout={third} -c tcp_user_timeout={third}"
            + $" -c client_connection_check_interval={third}{settings}";
        return builder;
    }
}
