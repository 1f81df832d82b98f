using AkkaScale.Cluster.Postgres;
using AkkaScale.Journal.Writing;
using Npgsql;

namespace AkkaScale.Journal.Postgres;

/// <summary>A connection for appends, with its statements prepared and the backend's identity known in case it must be ended.</summary>
internal sealed class WriteSession : IDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly Func<bool, AppendCommand> _prepare;
    private AppendCommand? _plain;
    private AppendCommand? _tagged;
    private bool _warned;

    private WriteSession(NpgsqlConnection connection, Backend backend, Func<NpgsqlConnection, bool, AppendCommand> command)
    {
        _connection = connection;
        Backend = backend;
        _prepare = tagged =>
        {
            var append = command(connection, tagged);
            append.Prepare();
            return append;
        };
        connection.Notice += (_, notice) => _warned |= notice.Notice.SqlState == PostgresErrors.Warning;
    }

    public Backend Backend { get; }

    public static WriteSession Open(NpgsqlDataSource source, Func<NpgsqlConnection, bool, AppendCommand> command)
    {
        var connection = source.OpenConnection();
        try
        {
            // One plan for all sizes of a batch: planning anew costs more than a better plan saves. Only index scans are wanted: a table that
            // is small, or was when the plan was made, would be read whole for every slice.
            using var settings = new NpgsqlCommand(
                $"""
                SET plan_cache_mode = force_generic_plan; SET jit = off; SET enable_seqscan = off; SET enable_bitmapscan = off;
                {Backend.Sql}
                """, connection);
            using var reader = settings.ExecuteReader();
            reader.Read();
            var backend = new Backend(reader.GetInt32(0), reader.GetDateTime(1));
            reader.Close();
            return new WriteSession(connection, backend, command);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Before a batch is sent, so that a failure to prepare is not taken for an unknown outcome.</summary>
    public AppendCommand Prepare(bool tagged) => tagged ? _tagged ??= _prepare(true) : _plain ??= _prepare(false);

    /// <summary>What the batch's slices got; null when the commit was answered by a warning, so that its outcome is not known.</summary>
    public bool[]? Execute(AppendCommand command, Batch batch)
    {
        _warned = false;
        var held = command.Execute(batch);
        return _warned ? null : held;
    }

    public void Dispose()
    {
        _plain?.Dispose();
        _tagged?.Dispose();
        _connection.Dispose();
    }
}
