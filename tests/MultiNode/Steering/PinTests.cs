using AkkaScale.TestKit;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode.Steering;

/// <summary>A pinned shard is where its node is.</summary>
[Collection(SqliteCluster.Collection)]
public sealed class PinTests(SqliteCluster shared)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_pinned_shard_goes_to_its_node_lives_elsewhere_while_that_is_lost_and_returns()
    {
        var cluster = await shared.MendedAsync();
        var node = cluster.Node("node-3");
        var shard = await ShardAsync(cluster, shard => shard is { Region: "task", Owner: "node-1" });

        var pinned = await Pbm.RunAsync(cluster, "shards", "pin", shard.Key, "node-3", "--reason", "large", "--by", "jo");
        Assert.True(pinned.ExitCode == 0, pinned.ToString());
        await IsOnAsync(cluster, shard.Key, "node-3");
        Assert.Equal("node-3", (await ShardAsync(cluster, each => each.Key == shard.Key)).PinnedTo);
        var move = await Pbm.RunAsync(cluster, "shards", "move", shard.Key, "node-1");
        Assert.Equal(2, move.ExitCode);
        Assert.Contains("is pinned to node-3", move.Error, StringComparison.Ordinal);

        await node.KillAsync();
        await cluster.WaitUntilAllOwned(Bound);
        await cluster.RestartAsync(node);
        await IsOnAsync(cluster, shard.Key, "node-3");
        await cluster.WaitUntilBalanced(Bound);
        await IsOnAsync(cluster, shard.Key, "node-3");

        var unpinned = await Pbm.RunAsync(cluster, "shards", "unpin", shard.Key);
        Assert.True(unpinned.ExitCode == 0, unpinned.ToString());
        Assert.Null((await ShardAsync(cluster, each => each.Key == shard.Key)).PinnedTo);
        await cluster.VerifyJournalAsync();
    }

    private static Task IsOnAsync(ClusterFixture cluster, string key, string node) => Eventually.Holds($"{key} is on {node}", Bound, async () =>
        await ShardAsync(cluster, shard => shard.Key == key) is { Target: null } shard && shard.Owner == node ? null : "it is not");

    private static async Task<ShardView> ShardAsync(ClusterFixture cluster, Func<ShardView, bool> isWanted)
    {
        using var management = cluster.Management();
        return (await management.ShardsAsync()).First(isWanted);
    }
}
