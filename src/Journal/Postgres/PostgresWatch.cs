using System.Globalization;
using AkkaScale.Journal.Options;
using Npgsql;

namespace AkkaScale.Journal.Postgres;

/// <summary>
/// Looks at each new connection's server: a replica is not written to, and one that stands before what was seen earlier, or on another
/// timeline, may have lost acknowledged events; whoever holds leases and memory is told before the connection is used.
/// </summary>
internal sealed class PostgresWatch(Action<PostgresPosition, PostgresPosition>? lostItsTail)
{
    private readonly Lock _lock = new();
    private PostgresPosition? _seen;

    private PostgresPosition? Seen
    {
        get
        {
            lock (_lock)
            {
                return _seen;
            }
        }
    }

    public void Look(NpgsqlConnection connection)
    {
        var before = Seen;
        using var command = new NpgsqlCommand($"SELECT {PostgresPosition.Columns}", connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        Look(before, reader);
    }

    public async Task LookAsync(NpgsqlConnection connection)
    {
        var before = Seen;
        await using var command = new NpgsqlCommand($"SELECT {PostgresPosition.Columns}", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        Look(before, reader);
    }

    private void Look(PostgresPosition? before, NpgsqlDataReader reader)
    {
        if (reader.GetBoolean(0))
        {
            throw new NpgsqlException("This PostgreSQL is a standby in recovery; it may be promoted later.");
        }

        var timeline = long.Parse(reader.GetString(1).AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Look(before, new PostgresPosition(timeline, reader.GetInt64(2)));
    }

    /// <summary>Compares with what had been seen before the server was asked.</summary>
    /// <remarks>Connections open side by side: what another one saw meanwhile may be newer than this answer, and nothing is lost.</remarks>
    internal void Look(PostgresPosition? before, PostgresPosition now)
    {
        lock (_lock)
        {
            var lost = before is not null && before.MayHaveLostItsTail(now);
            if (lost)
            {
                lostItsTail?.Invoke(before!, now);
            }

            if (lost || _seen is null || !_seen.MayHaveLostItsTail(now))
            {
                _seen = now;
            }
        }
    }
}
