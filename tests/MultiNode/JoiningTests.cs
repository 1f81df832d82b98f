using AkkaScale.TestKit;
using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

[Collection(Stores.Collection)]
public sealed class JoiningTests(Stores stores, ITestOutputHelper output)
{
    private static readonly TimeSpan BalanceBound = TimeSpan.FromSeconds(40);

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task Three_nodes_form_one_cluster_that_every_node_describes_alike(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 3);

        var coordinators = new HashSet<string?>();
        foreach (var node in cluster.Nodes)
        {
            using var management = new ManagementClient(node.Management);
            await Eventually.Holds($"{node.Name} sees three members up and every shard owned", BalanceBound, async () =>
            {
                var up = (await management.MembersAsync()).Where(member => member.Status == "Up").Select(member => member.Name).Order();
                var status = await management.StatusAsync();
                return up.SequenceEqual(["node-1", "node-2", "node-3"]) && status.Shards is { Owned: ClusterFixture.ShardCount, Unowned: 0, Moving: 0 }
                    ? null
                    : $"{string.Join(", ", up)}; {status}";
            });
            coordinators.Add((await management.StatusAsync()).Coordinator?.Name);
        }

        Assert.Single(coordinators);
        Assert.NotNull(coordinators.Single());
    }

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task A_fourth_node_gets_its_share_under_load_and_no_client_sees_an_error(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 3);
        await using var load = await TaskLoad.StartAsync(cluster.Gateways());

        var fourth = await cluster.JoinAsync("node-4");
        await cluster.WaitUntilBalanced(BalanceBound);
        await load.ProgressAsync(500);

        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());
        Assert.Empty(load.Troubles);
        await cluster.VerifyJournalAsync(load);
        Assert.False(fourth.HasExited);
    }
}
