using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Storage;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Storage;

[Collection(ClusterCollection.Name)]
public sealed class TermsTests(PostgresServer server)
{
    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_second_cluster_on_one_database_is_refused(StoreKind kind)
    {
        using var database = await OpenedAsync(kind);
        Assert.Contains(
            "serves the cluster test, and one database serves one cluster",
            Refused(database, StoreDatabase.Terms("other")), StringComparison.Ordinal);
        Assert.Equal(1L, database.Read<long>("SELECT count(*) FROM cluster"));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Another_number_of_shards_is_refused_and_a_new_region_is_added(StoreKind kind)
    {
        using var database = await OpenedAsync(kind);
        Assert.Contains(
            "Set its number of shards to 128", Refused(database, StoreDatabase.Terms(counts: [("task", 64)])), StringComparison.Ordinal);
        Open(database, StoreDatabase.Terms(counts: [("user", 8)]));
        Open(database, StoreDatabase.Terms(counts: [("task", 128), ("user", 8)]));
        Assert.Contains(
            "user", Refused(database, StoreDatabase.Terms(counts: [("task", 128), ("user", 9)])), StringComparison.Ordinal);
        Assert.Equal("""{"task":128,"user":8}""", database.Read<string>("SELECT shard_counts FROM cluster"));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Another_certificate_authority_is_refused(StoreKind kind)
    {
        using var database = await OpenedAsync(kind);
        Assert.Contains(
            "no certificate authority, this process the certificate authority ab12",
            Refused(database, StoreDatabase.Terms(fingerprint: "ab12")), StringComparison.Ordinal);
        database.Execute("UPDATE cluster SET ca_fingerprint = 'ab12'");
        Open(database, StoreDatabase.Terms(fingerprint: "ab12"));
        Assert.Contains("ab12, this process cd34", Refused(database, StoreDatabase.Terms(fingerprint: "cd34"))
            .Replace("the certificate authority ", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_newer_schema_is_refused(StoreKind kind)
    {
        using var database = await OpenedAsync(kind);
        database.Execute("UPDATE cluster SET schema = schema + 1");
        Assert.Contains("start a newer version", Refused(database, StoreDatabase.Terms()), StringComparison.Ordinal);
        database.Execute("INSERT INTO cluster_schema (number, name) VALUES (99, 'of the future')");
        Assert.Contains("has number 99", Refused(database, StoreDatabase.Terms()), StringComparison.Ordinal);
        database.Execute("DELETE FROM cluster_schema WHERE number = 99");
        database.Execute("UPDATE cluster SET schema = schema - 1");
        database.Execute("INSERT INTO lease_schema (number, name) VALUES (99, 'of the future')");
        Assert.Contains("schema of the leases has number 99", Refused(database, StoreDatabase.Terms()), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_program_that_may_not_migrate_refuses_an_empty_database_and_takes_a_made_one(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        using var store = database.Create("a");
        var refused = Assert.Throws<ClusterRefusedException>(() => store.Open(StoreDatabase.Terms(), migrate: false));
        Assert.Contains(kind == StoreKind.Postgres ? "lacks 6 migrations" : "lacks 5 migrations", refused.Message, StringComparison.Ordinal);
        store.Open(StoreDatabase.Terms(), migrate: true);
        store.Open(StoreDatabase.Terms(), migrate: false);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Several_who_start_at_one_moment_on_an_empty_database_agree(StoreKind kind)
    {
        for (var round = 0; round < 5; round++)
        {
            using var database = await StoreDatabase.CreateAsync(kind, server);
            var refused = await AtOnce.RunAsync(Enumerable.Range(0, 6)
                .Select(number => (Func<string?>)(() => TryOpen(database, $"node-{number}", number % 2 == 0 ? "even" : "odd")))
                .ToArray());
            Assert.Equal(3, refused.Count(message => message is null));
            Assert.Equal(3, refused.Count(message => message?.Contains("one database serves one cluster", StringComparison.Ordinal) == true));
            Assert.Equal(1L, database.Read<long>("SELECT count(*) FROM cluster"));
        }
    }

    private static string? TryOpen(StoreDatabase database, string incarnation, string cluster)
    {
        try
        {
            database.Create(incarnation).Open(StoreDatabase.Terms(cluster), migrate: true);
            return null;
        }
        catch (ClusterRefusedException refused)
        {
            return refused.Message;
        }
    }

    private async Task<StoreDatabase> OpenedAsync(StoreKind kind)
    {
        var database = await StoreDatabase.CreateAsync(kind, server);
        Open(database, StoreDatabase.Terms(counts: [("task", 128)]));
        return database;
    }

    private static void Open(StoreDatabase database, ClusterTerms terms)
    {
        using var store = database.Create("a");
        store.Open(terms, migrate: true);
    }

    private static string Refused(StoreDatabase database, ClusterTerms terms) =>
        Assert.Throws<ClusterRefusedException>(() => Open(database, terms)).Message;
}
