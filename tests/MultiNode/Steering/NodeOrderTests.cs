using AkkaScale.TestKit;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Steering;

/// <summary>Operators cordon, drain and take back nodes through pbm, on real processes.</summary>
public abstract class NodeOrderTests(SharedCluster shared, ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_is_drained_under_load_and_taken_back_and_no_client_sees_an_error()
    {
        var cluster = await shared.MendedAsync();
        var before = await cluster.VerifyJournalAsync();
        var drained = cluster.Node("node-2");
        await using var load = await TaskLoad.StartAsync(cluster.Gateways());

        await SucceedAsync(cluster, "node", "drain", "node-2", "--wait", "--reason", "patches", "--by", "jo");
        Assert.Empty(await cluster.ShardsOfAsync(drained));
        Assert.Contains("drained by jo: patches", await SucceedAsync(cluster, "cluster", "show"), StringComparison.Ordinal);
        await load.ProgressAsync(500);

        // The order outlives the process.
        drained.Terminate();
        Assert.Equal(0, await drained.WaitForExitAsync(Bound));
        drained = await cluster.RestartAsync(drained);
        await load.ProgressAsync(500);
        Assert.Equal("drain", (await MemberAsync(cluster, "node-2")).Order?.Kind);
        Assert.Empty(await cluster.ShardsOfAsync(drained));
        Assert.Contains("takes shards again", await SucceedAsync(cluster, "node", "uncordon", "node-2"), StringComparison.Ordinal);
        await cluster.WaitUntilBalanced(Bound);

        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());

        // Its gateway, and it alone, was away while it was started again.
        Assert.All(load.Troubles, trouble => Assert.Equal(LoadTroubleKind.Disconnected, trouble.Kind));
        await cluster.VerifyJournalAsync(load, before);
        Assert.Contains("nodes/drain", await SucceedAsync(cluster, "audit", "--limit", "50"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cordoned_node_gets_none_of_a_lost_nodes_shards_and_a_shard_still_gets_a_home_when_all_are_cordoned()
    {
        var cluster = await shared.MendedAsync();
        await SucceedAsync(cluster, "node", "cordon", "node-2", "--reason", "disk");
        var kept = await cluster.ShardsOfAsync(cluster.Node("node-2"));

        var lost = cluster.Node("node-3");
        await lost.KillAsync();
        await cluster.WaitUntilAllOwned(Bound);
        foreach (var other in (await cluster.ShardsOfAsync(cluster.Node("node-2"))).Except(kept))
        {
            Assert.Fail($"node-2 got {other}:\n{await SucceedAsync(cluster, "shards", "why", other)}");
        }

        Assert.Superset(kept.ToHashSet(), (await cluster.ShardsOfAsync(cluster.Node("node-2"))).ToHashSet());
        var unknown = await Pbm.RunAsync(cluster, "node", "cordon", "node-9");
        Assert.Equal(2, unknown.ExitCode);
        Assert.Contains("known are", unknown.Error, StringComparison.Ordinal);

        await SucceedAsync(cluster, "node", "cordon", "node-1");
        Assert.Contains("nodes/all-closed", (await Pbm.RunAsync(cluster, "doctor")).Output, StringComparison.Ordinal);
        await cluster.Node("node-2").KillAsync();
        await cluster.WaitUntilAllOwned(Bound);
    }

    private static async Task<MemberView> MemberAsync(ClusterFixture cluster, string name)
    {
        using var management = cluster.Management();
        return (await management.MembersAsync()).Single(member => member.Name == name);
    }

    private static async Task<string> SucceedAsync(ClusterFixture cluster, params string[] arguments)
    {
        var run = await Pbm.RunAsync(cluster, arguments);
        Assert.True(run.ExitCode == 0, run.ToString());
        return run.Output;
    }
}

[Collection(SqliteCluster.Collection)]
public sealed class SqliteNodeOrderTests(SqliteCluster shared, ITestOutputHelper output) : NodeOrderTests(shared, output);

[Collection(PostgresCluster.Collection)]
public sealed class PostgresNodeOrderTests(PostgresCluster shared, ITestOutputHelper output) : NodeOrderTests(shared, output);
