using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

public sealed class LeavingTests(ITestOutputHelper output)
{
    /// <summary>Node:ShutdownTimeout is 10 s; the rest is for a busy machine.</summary>
    private static readonly TimeSpan StopBound = TimeSpan.FromSeconds(20);

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task A_node_told_to_stop_gives_its_shards_away_and_no_client_sees_an_error(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(store, nodes: 3);
        var leaving = cluster.Node("node-2");
        await using var load = await TaskLoad.StartAsync(cluster.Gateways(but: leaving));

        leaving.Terminate();
        var exitCode = await leaving.WaitForExitAsync(StopBound);
        Assert.True(exitCode == 0, $"{leaving.Name} ended with {exitCode}:\n{leaving.Tail()}");
        await cluster.WaitUntilAllOwned(StopBound);
        await load.ProgressAsync(500);

        var acknowledged = await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());
        Assert.Empty(load.Troubles);
        Assert.True(await cluster.VerifyJournalAsync() >= acknowledged);
    }
}
