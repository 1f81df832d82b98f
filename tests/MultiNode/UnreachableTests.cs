using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

/// <summary>Peers reach the third node through a relay only, and all reach the store.</summary>
[Collection(Stores.Collection)]
public sealed class UnreachableTests(Stores stores, ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task A_node_that_its_peers_cannot_reach_goes_stays_out_and_comes_back_when_it_can_be_reached(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 2);
        var port = FreePorts.Take();
        await using var relay = new TcpRelay(port);
        var third = await cluster.JoinAsync(new NodeSettings
        {
            Name = "node-3",
            Store = cluster.Store,
            ClusterPort = port,
            Arguments = ["--AkkaScale:Node:ClusterAdvertise", relay.Address],
        });
        await cluster.WaitUntilBalanced(Bound);
        var first = await cluster.IncarnationAsync(third);
        await using var load = await TaskLoad.StartAsync(cluster.Gateways(but: third));
        using var management = cluster.Management();

        relay.Cut();
        await cluster.WaitUntilBalanced(Bound, but: third);
        await load.ProgressAsync(500);
        Assert.Contains("2 of 2 peers (node-1, node-2) are not connected with it", string.Join('\n', cluster.Nodes.Select(node => node.Log)), StringComparison.Ordinal);

        // Its process lives and has joined anew, but does not come up; and it says why.
        await Eventually.Holds("it says whom it waits for", Bound, () => third.Log.Contains("there is no connection with node-1, node-2", StringComparison.Ordinal) ? null : third.Tail(3));
        var waiting = Assert.Single(await management.MembersAsync(), member => member.Name == third.Name && member.Status is "Up" or "Joining");
        Assert.Equal("Joining", waiting.Status);
        Assert.NotEqual(first, waiting.NodeUid);

        relay.Heal();
        await cluster.WaitUntilBalanced(Bound);
        Assert.Equal(waiting.NodeUid, await cluster.IncarnationAsync(third));
        await load.StopAndCheckAsync();
        output.WriteLine($"{store}: {load}");
        await cluster.VerifyJournalAsync(load);
    }
}
