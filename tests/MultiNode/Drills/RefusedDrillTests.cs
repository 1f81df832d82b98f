using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode.Drills;

public sealed class RefusedDrillTests : IAsyncLifetime
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(90);

    private readonly TestStoreFactory _stores = new();

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _stores.DisposeAsync();

    [Fact]
    public async Task No_drill_without_leave_without_yes_or_without_an_heir()
    {
        await using var cluster = await ClusterFixture.StartAsync(await _stores.CreateAsync(TestStore.Sqlite), 1, "--AkkaScale:Node:AllowDrills", "true");
        Refused(await Pbm.RunAsync(cluster, "drill", "kill", "node-1", "--yes"), "No other node could take over");

        var second = await cluster.JoinAsync(new NodeSettings { Name = "node-2", Store = cluster.Store });
        await cluster.WaitUntilBalanced(Bound);
        Refused(await Pbm.RunAsync(cluster, "drill", "kill", "node-2", "--yes"), "AllowDrills");
        Refused(await Pbm.RunAsync(cluster, "drill", "kill", "node-1"), "Add --yes");
        Refused(await Pbm.RunAsync(cluster, "drill", "kill", "node-9", "--yes"), "There is no member node-9");
        Assert.False(second.HasExited);
        Assert.All(cluster.Nodes, node => Assert.False(node.HasExited));
    }

    private static void Refused(ProgramRun run, string why)
    {
        Assert.True(run.ExitCode == 2, run.ToString());
        Assert.Contains(why, run.Error);
    }
}
