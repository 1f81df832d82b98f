using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

[Collection(Stores.Collection)]
public sealed class CrashTests(Stores stores, ITestOutputHelper output)
{
    private static readonly TimeSpan TakeoverBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BalanceBound = TimeSpan.FromSeconds(40);

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task Nothing_is_lost_when_a_node_is_killed_and_its_shards_come_back_with_it(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 3);
        var coordinator = await cluster.CoordinatorAsync();
        var victim = cluster.Nodes.First(node => node.Name != coordinator);
        await using var load = await TaskLoad.StartAsync(cluster.Gateways());
        var before = await cluster.IncarnationAsync(victim);

        await victim.KillAsync();
        await cluster.WaitUntilAllOwned(TakeoverBound);
        await load.ProgressAsync(500);

        var back = await cluster.RestartAsync(victim);
        await cluster.WaitUntilBalanced(BalanceBound);
        await load.ProgressAsync(500);

        await CheckAsync(cluster, load);
        Assert.NotEqual(before, await cluster.IncarnationAsync(back));
    }

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task Another_node_coordinates_when_the_coordinator_is_killed(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 3);
        var coordinator = await cluster.CoordinatorAsync();
        await using var load = await TaskLoad.StartAsync(cluster.Gateways());

        await cluster.Node(coordinator).KillAsync();
        await cluster.WaitUntilAllOwned(TakeoverBound);
        await load.ProgressAsync(500);

        Assert.NotEqual(coordinator, await cluster.CoordinatorAsync());
        await CheckAsync(cluster, load);
    }

    private async Task CheckAsync(ClusterFixture cluster, TaskLoad load)
    {
        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());
        await cluster.VerifyJournalAsync(load);
    }
}
