using AkkaScale.TestKit;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Membership;

public abstract class JoiningTests(SharedCluster shared)
{
    protected static readonly TimeSpan BalanceBound = TimeSpan.FromSeconds(40);

    protected SharedCluster Shared => shared;

    [Fact]
    public async Task Three_nodes_form_one_cluster_that_every_node_describes_alike()
    {
        var cluster = await Shared.MendedAsync();

        var coordinators = new HashSet<string?>();
        foreach (var node in cluster.Running)
        {
            using var management = new ManagementClient(node.Management);
            await Eventually.Holds($"{node.Name} sees three members up and every shard owned", BalanceBound, async () =>
            {
                var up = (await management.MembersAsync()).Where(member => member.Status == "Up").Select(member => member.Name).Order();
                var status = await management.StatusAsync();
                return up.SequenceEqual(["node-1", "node-2", "node-3"]) && status.ShardCount > 0
                    && status.Shards is { Unowned: 0, Moving: 0 } shards && shards.Owned == status.ShardCount
                    ? null
                    : $"{string.Join(", ", up)}; {status}";
            });
            coordinators.Add((await management.StatusAsync()).Coordinator?.Name);
        }

        Assert.Single(coordinators);
        Assert.NotNull(coordinators.Single());
    }
}

[Collection(SqliteCluster.Collection)]
public sealed class SqliteJoiningTests(SqliteCluster shared) : JoiningTests(shared);

[Collection(PostgresCluster.Collection)]
public sealed class PostgresJoiningTests(PostgresCluster shared, ITestOutputHelper output) : JoiningTests(shared)
{
    [Fact]
    public async Task A_fourth_node_gets_its_share_under_load_and_no_client_sees_an_error()
    {
        var cluster = await Shared.MendedAsync();
        var before = await cluster.VerifyJournalAsync();
        await using var load = await TaskLoad.StartAsync(cluster.Gateways());

        var fourth = await cluster.JoinAsync("node-4");
        await cluster.WaitUntilBalanced(BalanceBound);
        await load.ProgressAsync(500);

        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());
        Assert.Empty(load.Troubles);
        await cluster.VerifyJournalAsync(load, before);
        Assert.False(fourth.HasExited);
    }
}
