using System.Runtime.CompilerServices;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;

namespace AkkaScale.Tests.Journal.Smoke;

/// <summary>The tables outlive every deploy, and the stock plugin uses them too: a change shows here as a change of a file.</summary>
public sealed class SchemaTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string OfPostgres =
        """
        SELECT string_agg(line, E'\n' ORDER BY line) || E'\n' FROM (
            SELECT table_name || '.' || column_name || ' ' || data_type || CASE is_nullable WHEN 'NO' THEN ' not null' ELSE '' END
                || coalesce(' default ' || column_default, '') || CASE is_identity WHEN 'YES' THEN ' identity' ELSE '' END AS line
            FROM information_schema.columns WHERE table_schema = 'public'
            UNION ALL
            SELECT indexdef FROM pg_indexes WHERE schemaname = 'public') AS lines
        """;

    private const string OfSqlite = "SELECT group_concat(sql, char(10) || char(10)) || char(10) FROM sqlite_master WHERE sql IS NOT NULL";

    [Theory]
    [InlineData(StoreKind.Postgres, OfPostgres)]
    [InlineData(StoreKind.Sqlite, OfSqlite)]
    public async Task The_schema_is_the_checked_in_one(StoreKind kind, string query)
    {
        using var database = await TestDatabase.CreateAsync(kind, postgres.Server);
        await using var host = await JournalHost.StartAsync(database.Use);
        Assert.Equal(await File.ReadAllTextAsync(Golden(kind)), await database.TextAsync(query));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Tables_that_the_stock_plugin_made_are_taken_over_with_their_rows(StoreKind kind)
    {
        using var database = await TestDatabase.CreateAsync(kind, postgres.Server);
        var stock = AkkaScale.Journal.Schema.JournalSchema.Journal(kind).All[0].Sql;
        await database.ExecuteAsync(stock);
        await database.ExecuteAsync(
            "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message, manifest, identifier, writer_uuid) VALUES "
            + (kind == StoreKind.Postgres
                ? "(1, false, 'plain-1', 1, '\"a\"', '', 1, 'w')"
                : "(1, 0, 'plain-1', 1, x'226122', '', 1, 'w')"));
        await using var host = await JournalHost.StartAsync(database.Use);
        Assert.Equal("ab", await JournalHost.AskAsync(host.Start("plain-1"), "b"));
        Assert.Empty((await host.Journal.Inspection.VerifyAsync([], CancellationToken.None)).Violations);
    }

    [Fact]
    public async Task The_settings_that_keep_events_and_actors_alive_are_in_force()
    {
        using var database = await TestDatabase.CreateAsync(StoreKind.Sqlite, postgres.Server);
        await using var host = await JournalHost.StartAsync(database.Use);
        var journal = host.System.Settings.Config.GetConfig("akka.persistence.journal.sql");
        Assert.Equal("off", journal.GetString("replay-filter.mode"));
        Assert.False(journal.GetBoolean("auto-initialize"));
        Assert.Equal(1000, journal.GetInt("circuit-breaker.max-failures"));
        Assert.Equal(TimeSpan.FromSeconds(60), journal.GetTimeSpan("circuit-breaker.call-timeout"));
        Assert.Equal(TimeSpan.FromSeconds(70), journal.GetTimeSpan("recovery-event-timeout"));
    }

    private static string Golden(StoreKind kind, [CallerFilePath] string source = "") =>
        Path.Combine(Path.GetDirectoryName(source)!, "Golden", $"{kind.ToString().ToLowerInvariant()}-schema.txt");
}
