using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Hosting;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>Who does not fit the database is refused with a word and an exit code; who is too early waits.</summary>
[Collection(LossesCollection.Name)]
public sealed class RefusalTests(PostgresServer server)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Who_does_not_fit_is_refused(StoreKind store)
    {
        var database = store == StoreKind.Sqlite ? ProbeDatabase.Sqlite() : await ProbeDatabase.CreateAsync(server);
        await ProbeCluster.PlayAsync(database, $"refused-{store}", async cluster =>
        {
            var member = cluster.StartProcess("member");
            await cluster.AreOneClusterAsync([member], "at the start");
            await cluster.BeginTrafficAsync();

            var otherCount = cluster.StartProcess("other-count", settings => settings with { Shards = settings.Shards + 1 });
            var otherName = cluster.StartProcess("other-name", settings => settings with { Cluster = "another" });
            await IsRefusedAsync(cluster, otherCount, "shard");
            await IsRefusedAsync(cluster, otherName, "another");

            await database.ExecuteAsync("UPDATE cluster SET schema = schema + 1");
            await IsRefusedAsync(cluster, cluster.StartProcess("other-schema"), "schema");
            await database.ExecuteAsync("UPDATE cluster SET schema = schema - 1");

            await cluster.AreOneClusterAsync([member], "after three were refused");
            await cluster.OnlyTheseWentAsync();
            await cluster.IsSoundAsync([member]);
        });
    }

    [Fact]
    public async Task A_database_that_starts_late_is_waited_for()
    {
        await using var own = await PrivatePostgres.StartAsync("max_connections=100");
        var database = ProbeDatabase.Postgres(await own.CreateDatabaseAsync());
        await own.CrashAsync();
        await ProbeCluster.PlayAsync(database, "late", async cluster =>
        {
            // Whoever gives up is started again, as run.sh and every supervisor do.
            var nodes = Enumerable.Range(1, 3).Select(number => new Supervised(cluster, $"n{number}")).ToList();
            await Task.Delay(Rounds.Late);
            await own.CrashAndRestartAsync();

            await Until.TrueAsync(
                async () => await Task.WhenAll(nodes.Select(node => node.Current.ReportAsync(Soon))) is var reports
                    && reports.All(report => report?.SeesAllUp(nodes.Count) == true),
                "three become one cluster after their database started", TimeSpan.FromSeconds(60));
            Assert.Equal(1, (await database.FoundedAsync())?.Generation);
            await cluster.BeginTrafficAsync();
            await Task.WhenAll(nodes.Select(node => node.ReleaseAsync()));
            await cluster.IsSoundAsync([.. nodes.Select(node => node.Current)]);
        });
    }

    private static async Task IsRefusedAsync(ProbeCluster cluster, IProbeNode node, string word)
    {
        cluster.Spare(node);
        await cluster.EndsAsync(node, Soon, NodeEnd.Refused);
        Assert.Contains(node.Tail(20), line => line.Contains(word, StringComparison.OrdinalIgnoreCase));
    }
}
