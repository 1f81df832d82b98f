using System.Text.Json;

namespace AkkaScale.Cluster.Storage;

/// <summary>Statements on the table of decisions that both stores understand alike.</summary>
internal static class DecisionSql
{
    private const string Columns = "nr, at, region, shard, kind, from_node, to_node, reason, numbers, coordinator";

    public const string After = $"SELECT {Columns} FROM shard_decision WHERE cluster = $1 AND nr > $2 ORDER BY nr LIMIT $3";

    public const string Latest =
        $"SELECT {Columns} FROM shard_decision WHERE cluster = $1 AND region = $2 AND shard = $3 ORDER BY nr DESC LIMIT $4";

    public const string Arrivals =
        $"""
        SELECT {Columns} FROM shard_decision WHERE cluster = $1 AND region = $2 AND at >= $3 AND kind = 3 AND nr IN (
            SELECT max(nr) FROM shard_decision WHERE cluster = $1 AND region = $2 AND at >= $3 AND kind = 3 GROUP BY shard)
        ORDER BY shard
        """;

    public const string Highest = "SELECT coalesce(max(nr), 0) FROM shard_decision";

    public const string Delete = "DELETE FROM shard_decision WHERE nr <= $1";

    public static string ToText(IReadOnlyDictionary<string, double> numbers) => JsonSerializer.Serialize(numbers);

    public static IReadOnlyDictionary<string, double> Parse(string numbers) =>
        JsonSerializer.Deserialize<Dictionary<string, double>>(numbers) ?? [];
}
