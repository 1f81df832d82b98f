using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Hosting;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>Leases are the truth for a coordinator, and all the same shards are shared out among those who come later.</summary>
[Collection(ClusterCollection.Name)]
public sealed class BalanceTests(PostgresServer server)
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task Shards_are_shared_out_among_those_who_join_later_and_then_stay() => await ProbeCluster.PlayAsync(
        await ProbeDatabase.CreateAsync(server), "balance", async cluster =>
        {
            var nodes = new List<ProbeNode> { await cluster.StartHereAsync("n1") };
            await cluster.AreOneClusterAsync(nodes, "at the start");
            await cluster.BeginTrafficAsync();
            nodes.Add(await cluster.StartHereAsync("n2"));
            nodes.Add(await cluster.StartHereAsync("n3"));
            await cluster.AreOneClusterAsync(nodes, "after two more came");

            await cluster.ShardsAreSharedOutAsync(nodes);
            var before = await cluster.Database.LeasesAsync();
            await Task.Delay(Quiet);
            Assert.Equal(before, await cluster.Database.LeasesAsync());
            await cluster.OnlyTheseWentAsync();
            await cluster.IsSoundAsync(nodes);
        });
}
