using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using Npgsql;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>Renews on a connection of its own, synchronously, on the caller's thread. Every renewal also looks at the database's identity.</summary>
internal sealed class PostgresLease(PostgresConnections connections, Incarnation self, TimeProvider time) : ILease
{
    // Only this incarnation raises its counter; each attempt without an answer may have raised it once, at any later moment.
    private const string RenewSql =
        """
        WITH renewed AS (
            UPDATE member SET renew_counter = renew_counter + 1
            WHERE incarnation = $1 AND renew_counter BETWEEN $2 AND $3 AND status IN ('joining', 'up', 'leaving')
            RETURNING renew_counter)
        SELECT (SELECT renew_counter FROM renewed),
        """ + " " + DatabaseGuard.Columns;

    private NpgsqlConnection? _connection;
    private NpgsqlCommand? _command;
    private bool _notReplicated;
    private long _unanswered;

    public WriteOutcome Renew(long expected, TimeSpan timeout, out long counter)
    {
        counter = expected;
        var sent = false;
        var started = time.GetTimestamp();
        try
        {
            var command = Command(timeout);
            var left = timeout - time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
            {
                return WriteOutcome.Unknown;
            }

            command.CommandTimeout = PostgresConnections.Seconds(left);
            command.Parameters[1].Value = expected;
            command.Parameters[2].Value = expected + _unanswered;
            sent = true;
            return Execute(command, ref counter);
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error) || error is StoreUnavailableException)
        {
            if (sent && !PostgresErrors.IsDefinite(error))
            {
                _unanswered++;
            }

            Close();
            return WriteOutcome.Unknown;
        }
    }

    public void Dispose() => Close();

    private WriteOutcome Execute(NpgsqlCommand command, ref long counter)
    {
        _notReplicated = false;
        long? renewed;
        string observed, recorded;
        long generation;
        using (var reader = command.ExecuteReader())
        {
            reader.Read();
            renewed = reader.IsDBNull(0) ? null : reader.GetInt64(0);
            (observed, recorded, generation) = (reader.GetString(1), reader.GetString(2), reader.GetInt64(3));
        }

        var verdict = connections.Guard.Look(observed, recorded, generation);
        if (verdict == DatabaseGuard.Verdict.MustRaise)
        {
            connections.Guard.Raise(_connection!, observed, recorded, generation);
        }

        if (verdict != DatabaseGuard.Verdict.Same)
        {
            // What this incarnation holds in memory may include a tail that the database lost: it ends, and its process joins anew.
            return WriteOutcome.Refused;
        }

        if (_notReplicated)
        {
            _unanswered++;
            return WriteOutcome.Unknown;
        }

        counter = renewed ?? counter;
        return renewed is null ? WriteOutcome.Refused : WriteOutcome.Applied;
    }

    private NpgsqlCommand Command(TimeSpan timeout)
    {
        if (_command is not null)
        {
            return _command;
        }

        _connection = connections.OpenLease(timeout);
        _connection.Notice += (_, notice) => _notReplicated |= notice.Notice.SqlState == PostgresErrorCodes.Warning;
        var command = new NpgsqlCommand(RenewSql, _connection)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = self.Value },
                new NpgsqlParameter<long> { TypedValue = 0 },
                new NpgsqlParameter<long> { TypedValue = 0 },
            },
        };
        command.Prepare();
        return _command = command;
    }

    private void Close()
    {
        _command?.Dispose();
        _connection?.Dispose();
        (_command, _connection) = (null, null);
    }
}
