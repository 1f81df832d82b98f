using Npgsql;

namespace AkkaScale.Tests.Hostile;

/// <summary>The journal as the database has it, asked behind the product's back.</summary>
public sealed class JournalWatch(string connectionString)
{
    private const string IsEvent = "manifest <> 'answered@1'";
    private const string IsForeign = $"position('-{Bystander.IdPrefix}' IN persistence_id) = 0";

    /// <summary>kind/id of kind-id: kinds have no hyphen.</summary>
    private const string Entity = "split_part(persistence_id, '-', 1) || '/' || substr(persistence_id, position('-' IN persistence_id) + 1)";

    /// <param name="Foreign">Events of entities that are not the bystander's.</param>
    /// <param name="Fault">Empty when numbers are gapless in every entity, and no row is without its owner's epoch.</param>
    public sealed record Reading(long Foreign, string Fault);

    public async Task<Reading> ReadAsync()
    {
        var foreign = await AskAsync<long>($"SELECT count(*) FROM journal WHERE {IsEvent} AND {IsForeign}");
        var entities = await AskAsync<long>(
            "SELECT count(*) FROM (SELECT 1 FROM journal GROUP BY persistence_id HAVING count(*) <> max(sequence_number) OR min(sequence_number) <> 1) AS broken");
        var unfenced = await AskAsync<long>("SELECT count(*) FROM journal WHERE lease_name IS NULL OR epoch IS NULL");
        return new Reading(foreign, entities + unfenced == 0 ? "" : $"gaps in {entities} entities, {unfenced} rows without an epoch");
    }

    /// <summary>The last few foreign events, for a failure's message.</summary>
    public Task<string> LatestAsync() => AskAsync<string>(
        $"""
        SELECT coalesce(string_agg(persistence_id || ' ' || manifest, ', '), 'none')
        FROM (SELECT * FROM journal WHERE {IsEvent} AND {IsForeign} ORDER BY ordering DESC LIMIT 8) AS latest
        """);

    /// <summary>Every entity that is not the bystander's, as kind/id, with its version: the number of its events.</summary>
    public async Task<IReadOnlyDictionary<string, long>> ForeignAsync()
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"SELECT {Entity}, count(*) FROM journal WHERE {IsEvent} AND {IsForeign} GROUP BY 1", connection);
        await using var reader = await command.ExecuteReaderAsync();
        var versions = new Dictionary<string, long>(StringComparer.Ordinal);
        while (await reader.ReadAsync())
        {
            versions.Add(reader.GetString(0), reader.GetInt64(1));
        }

        return versions;
    }

    public Task<long> VersionOfAsync(string kind, string id) =>
        AskAsync<long>($"SELECT count(*) FROM journal WHERE {IsEvent} AND persistence_id = $1", $"{kind}-{id}");

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
