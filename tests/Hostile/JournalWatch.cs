using Npgsql;

namespace AkkaScale.Tests.Hostile;

/// <summary>The journal as the database has it, asked behind the product's back.</summary>
public sealed class JournalWatch(string connectionString)
{
    /// <param name="Foreign">Events of entities that are not the bystander's.</param>
    /// <param name="Fault">Empty when positions are gapless in every shard and sequence numbers in every entity.</param>
    public sealed record Reading(long Foreign, string Fault);

    public async Task<Reading> ReadAsync()
    {
        var foreign = await AskAsync<long>($"SELECT count(*) FROM journal WHERE entity_id NOT LIKE '{Bystander.IdPrefix}%'");
        var shards = await AskAsync<long>("SELECT count(*) FROM (SELECT 1 FROM journal GROUP BY shard HAVING count(*) <> max(position) OR min(position) <> 1) AS broken");
        var entities = await AskAsync<long>(
            "SELECT count(*) FROM (SELECT 1 FROM journal GROUP BY entity_kind, entity_id HAVING count(*) <> max(sequence_nr) OR min(sequence_nr) <> 1) AS broken");
        return new Reading(foreign, shards + entities == 0 ? "" : $"gaps in {shards} shards and {entities} entities");
    }

    /// <summary>The last few foreign events, for a failure's message.</summary>
    public Task<string> LatestAsync() => AskAsync<string>(
        $"""
        SELECT coalesce(string_agg(entity_kind || '/' || entity_id || ' ' || event_type, ', '), 'none')
        FROM (SELECT * FROM journal WHERE entity_id NOT LIKE '{Bystander.IdPrefix}%' ORDER BY at DESC LIMIT 8) AS latest
        """);

    /// <summary>Every entity that is not the bystander's, as kind/id, with its version.</summary>
    public async Task<IReadOnlyDictionary<string, long>> ForeignAsync()
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"SELECT entity_kind || '/' || entity_id, max(sequence_nr) FROM journal WHERE entity_id NOT LIKE '{Bystander.IdPrefix}%' GROUP BY 1", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            versions.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return versions;
    }

    public Task<long> VersionOfAsync(string kind, string id) =>
        AskAsync<long>("SELECT coalesce(max(sequence_nr), 0) FROM journal WHERE entity_kind = $1 AND entity_id = $2", kind, id);

    private async Task<T> AskAsync<T>(string sql, params string[] values)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.AddWithValue(value);
        }

        return (T)(await command.ExecuteScalarAsync())!;
    }
}
