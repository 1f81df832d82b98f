using Npgsql;
using NpgsqlTypes;

namespace AkkaScale.Cluster.Postgres;

/// <summary>
/// A connection with its statements prepared. What is run together is sent together and is one transaction: a process that is stopped
/// between two statements would hold row locks that others need in order to renew.
/// </summary>
internal sealed class PostgresSession : IDisposable
{
    // Any transaction that writes something to the log waits, at its end, until everything before it is as durable as the server is set to
    // make it: on its disk, and on its replicas.
    private static readonly Statements Mark = new("SELECT pg_logical_emit_message(true, 'akkascale', '')");

    private readonly PatientThread _thread;
    private readonly Dictionary<Statements, NpgsqlBatch> _batches = [];
    private NpgsqlConnection? _connection;

    private PostgresSession(PatientThread thread) => _thread = thread;

    /// <param name="patience">After which a statement is given up, and the session with it.</param>
    /// <exception cref="NpgsqlException">No server, one in recovery, or a pooling proxy in between.</exception>
    public static PostgresSession Open(NpgsqlDataSource source, string settings, TimeSpan patience)
    {
        var session = new PostgresSession(new PatientThread("cluster session", patience));
        try
        {
            session._thread.Run(() => session.Connect(source, settings));
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    /// <returns>How many rows were written.</returns>
    public int Execute(Statements statements, params object?[] values) =>
        Run(statements, values, batch => batch.ExecuteNonQuery());

    /// <summary>The first column of the first row of the last statement that answers with rows; null when there is none.</summary>
    public object? Scalar(Statements statements, params object?[] values) =>
        Read(statements, reader => reader.Read() && !reader.IsDBNull(0) ? reader.GetValue(0) : null, values);

    /// <summary>What the rows of the last statement that answers with rows say.</summary>
    public T Read<T>(Statements statements, Func<NpgsqlDataReader, T> rows, params object?[] values) => Run(statements, values, batch =>
    {
        using var reader = batch.ExecuteReader();
        for (var i = 1; i < statements.Answering; i++)
        {
            reader.NextResult();
        }

        return rows(reader);
    });

    public void Dispose() => _thread.End(() =>
    {
        foreach (var batch in _batches.Values)
        {
            batch.Dispose();
        }

        _connection?.Dispose();
    });

    private bool Connect(NpgsqlDataSource source, string settings)
    {
        _connection = source.OpenConnection();
        using var command = new NpgsqlCommand($"{settings} SELECT pg_is_in_recovery(), pg_backend_pid()", _connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        if (reader.GetBoolean(0))
        {
            throw new NpgsqlException("This PostgreSQL is a standby in recovery; it may be promoted later.");
        }

        return reader.GetInt32(1) == _connection.ProcessID
            ? true
            : throw new NpgsqlException("A pooling proxy stands between this process and PostgreSQL: connect directly.");
    }

    private T Run<T>(Statements statements, object?[] values, Func<NpgsqlBatch, T> run)
    {
        var answer = _thread.Run(() => run(Prepare(statements, values)));
        if (statements.AreFlushed)
        {
            _thread.Run(() => Prepare(Mark, []).ExecuteNonQuery());
        }

        return answer;
    }

    private NpgsqlBatch Prepare(Statements statements, object?[] values)
    {
        if (!_batches.TryGetValue(statements, out var batch))
        {
            batch = Create(statements, values);
            batch.Prepare();
            _batches.Add(statements, batch);
            return batch;
        }

        foreach (var command in batch.BatchCommands)
        {
            for (var i = 0; i < values.Length; i++)
            {
                command.Parameters[i].Value = values[i] ?? DBNull.Value;
            }
        }

        return batch;
    }

    private NpgsqlBatch Create(Statements statements, object?[] values)
    {
        var batch = _connection!.CreateBatch();
        foreach (var text in statements.Texts)
        {
            var command = new NpgsqlBatchCommand(text);
            foreach (var value in values)
            {
                command.Parameters.Add(new NpgsqlParameter { NpgsqlDbType = TypeOf(value), Value = value ?? DBNull.Value });
            }

            batch.BatchCommands.Add(command);
        }

        return batch;
    }

    /// <summary>Whatever may be null is text.</summary>
    private static NpgsqlDbType TypeOf(object? value) => value switch
    {
        null or string => NpgsqlDbType.Text,
        long => NpgsqlDbType.Bigint,
        int => NpgsqlDbType.Integer,
        DateTime => NpgsqlDbType.TimestampTz,
        string[] => NpgsqlDbType.Array | NpgsqlDbType.Text,
        long[] => NpgsqlDbType.Array | NpgsqlDbType.Bigint,
        int[] => NpgsqlDbType.Array | NpgsqlDbType.Integer,
        DateTime[] => NpgsqlDbType.Array | NpgsqlDbType.TimestampTz,
        _ => throw new ArgumentException($"No column has the type {value.GetType()}.", nameof(value)),
    };
}
