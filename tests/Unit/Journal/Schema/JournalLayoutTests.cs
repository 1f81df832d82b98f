using AkkaScale.Cluster.Options;
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
    public void A_journal_of_another_layout_is_refused_with_what_it_lacks()
    {
        var refused = Assert.Throws<JournalRefusedException>(() => JournalLayout.Check(Stock.Except(["writer_uuid"]).ToList()));
        Assert.Contains("no writer_uuid", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public void Migrations_are_numbered_without_gaps_and_a_newer_schema_is_refused(StoreKind store)
    {
        var migrations = JournalSchema.Journal(store);
        var known = migrations.All.Count;
        Assert.Equal(Enumerable.Range(1, known), migrations.All.Select(migration => migration.Number));
        Assert.Empty(migrations.Pending(known, mayApply: false));
        Assert.Throws<JournalRefusedException>(() => migrations.Pending(known + 1, mayApply: true));
        Assert.Throws<JournalRefusedException>(() => migrations.Pending(known - 1, mayApply: false));
    }
}
