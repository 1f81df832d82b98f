using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

[Collection(Stores.Collection)]
public sealed class LeavingTests(Stores stores, ITestOutputHelper output)
{
    /// <summary>Node:ShutdownTimeout is 10 s; the rest is for a busy machine.</summary>
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(20);

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task A_node_told_to_stop_gives_its_shards_away_and_no_client_sees_an_error(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 3);
        var leaving = cluster.Node("node-2");
        await using var load = await TaskLoad.StartAsync(cluster.Gateways()); // clients of the leaving node's own gateway among them

        var given = await cluster.ShardsOfAsync(leaving);
        leaving.Terminate();
        var exitCode = await leaving.WaitForExitAsync(StopBound);
        Assert.True(exitCode == 0, $"{leaving.Name} ended with {exitCode}:\n{leaving.Tail()}");
        await cluster.WaitUntilAllOwned(StopBound);
        // Given, not left behind for others to take over.
        using var management = cluster.Management();
        Assert.All((await management.ShardsAsync()).Where(shard => given.Contains(shard.Shard)), shard => Assert.StartsWith("handoff/", shard.AcquiredBy));
        await load.ProgressAsync(500);

        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());
        // Its own gateway ends with it: there, and only there, a client finds a closed door and goes to the next one.
        Assert.All(load.Troubles, trouble => Assert.Equal((LoadTroubleKind.Disconnected, leaving.Gateway), (trouble.Kind, trouble.Gateway)));
        await cluster.VerifyJournalAsync(load);
    }
}
