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

    public void Look(NpgsqlConnection connection)
    {
        using var command = new NpgsqlCommand($"SELECT {PostgresPosition.Columns}", connection);
        using var reader = command.ExecuteReader();
        reader.Read();
        Look(reader);
    }

    public async Task LookAsync(NpgsqlConnection connection)
    {
        await using var command = new NpgsqlCommand($"SELECT {PostgresPosition.Columns}", connection);
        await using var reader = await command.ExecuteReaderAsync();
        await reader.ReadAsync();
        Look(reader);
    }

    private void Look(NpgsqlDataReader reader)
    {
        if (reader.GetBoolean(0))
        {
            throw new NpgsqlException("This PostgreSQL is a standby in recovery; it may be promoted later.");
        }

        var timeline = long.Parse(reader.GetString(1).AsSpan(0, 8), NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        Look(new PostgresPosition(timeline, reader.GetInt64(2)));
    }

    private void Look(PostgresPosition now)
    {
        lock (_lock)
        {
            if (_seen is { } seen && seen.MayHaveLostItsTail(now))
            {
                lostItsTail?.Invoke(seen, now);
            }

            _seen = now;
        }
    }
}
