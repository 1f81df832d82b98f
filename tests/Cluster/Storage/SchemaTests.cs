using System.Runtime.CompilerServices;
using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Storage;

/// <summary>The tables outlive every deploy: a change shows here as a change of a file.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SchemaTests(PostgresServer server)
{
    private const string OfPostgres =
        """
        SELECT string_agg(line, E'\n' ORDER BY line) || E'\n' FROM (
            SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
                || coalesce(' default ' || column_default, '') AS line
            FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL
            SELECT indexdef FROM pg_indexes WHERE schemaname = 'public') AS lines
        """;

    private const string OfSqlite = "SELECT group_concat(sql, char(10) || char(10)) || char(10) FROM sqlite_master WHERE sql IS NOT NULL";

    // The word tells in which of SQLite's files to look.
    private const string OfLeases = OfSqlite + " AND 'lease' <> ''";

    [Theory]
    [InlineData(StoreKind.Postgres, "postgres", OfPostgres)]
    [InlineData(StoreKind.Sqlite, "sqlite-members", OfSqlite)]
    [InlineData(StoreKind.Sqlite, "sqlite-leases", OfLeases)]
    public async Task The_schema_is_the_checked_in_one(StoreKind kind, string golden, string query)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        database.Create("a").Open(StoreDatabase.Terms(), migrate: true);
        Assert.Equal(await File.ReadAllTextAsync(Golden(golden)), database.Read<string>(query));
    }

    private static string Golden(string name, [CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "Golden", $"{name}.txt");
}
