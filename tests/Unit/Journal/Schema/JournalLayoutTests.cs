using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using AkkaScale.Journal.Schema;

namespace AkkaScale.Tests.Unit.Journal.Schema;

public sealed class JournalLayoutTests
{
    private static readonly string[] Stock =
        ["ordering", "created", "deleted", "persistence_id", "sequence_number", "message", "manifest", "identifier", "writer_uuid"];

    [Fact]
    public void An_empty_database_and_the_stock_plugins_are_taken()
    {
        JournalLayout.Check([]);
        JournalLayout.Check(Stock);
        JournalLayout.Check([.. Stock, "lease_name"]);
    }

    [Fact]
    public void The_engine_before_Akka_is_refused_by_name()
    {
        var refused = Assert.Throws<JournalRefusedException>(
            () => JournalLayout.Check(["shard", "position", "epoch", "entity_kind", "entity_id", "sequence_nr"]));
        Assert.Contains("engine before it was put on Akka.NET", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_journal_of_another_layout_is_refused_with_what_it_lacks()
    {
        var refused = Assert.Throws<JournalRefusedException>(() => JournalLayout.Check(Stock.Except(["writer_uuid"]).ToList()));
        Assert.Contains("no writer_uuid", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Postgres")]
    [InlineData("Sqlite")]
    public void Migrations_are_numbered_without_gaps_and_a_newer_schema_is_refused(string store)
    {
        var known = Migration.Of(store);
        Assert.Equal(Enumerable.Range(1, known.Count), known.Select(migration => migration.Number));
        Assert.Empty(Migration.Pending(known, known.Count));
        Assert.Throws<JournalRefusedException>(() => Migration.Pending(known, known.Count + 1));
    }
}
