using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Membership;

public abstract class LeavingTests
{
    /// <summary>Node:ShutdownTimeout is 10 s; the rest is for a busy machine.</summary>
    protected static readonly TimeSpan StopBound = TimeSpan.FromSeconds(20);

    /// <summary>What a node says that could not hand everything over.</summary>
    protected const string Remains = "it still holds";
}

[Collection(PostgresCluster.Collection)]
public sealed class PostgresLeavingTests(PostgresCluster shared, ITestOutputHelper output) : LeavingTests
{
    [Fact]
    public async Task A_node_told_to_stop_gives_its_shards_away_and_no_client_sees_an_error()
    {
        var cluster = await shared.MendedAsync();
        var before = await cluster.VerifyJournalAsync();
        var leaving = cluster.Node("node-2");
        await using var load = await TaskLoad.StartAsync(cluster.Gateways()); // clients of the leaving node's own gateway among them

        leaving.Terminate();
        var exitCode = await leaving.WaitForExitAsync(StopBound);
        Assert.True(exitCode == 0, $"{leaving.Name} ended with {exitCode}:\n{leaving.Tail()}");

        // Given, not left behind for others to take over.
        Assert.DoesNotContain(Remains, leaving.Log, StringComparison.Ordinal);
        await cluster.WaitUntilAllOwned(StopBound);
        await load.ProgressAsync(500);

        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());

        // Its own gateway ends with it: there, and only there, a client finds a closed door and goes to the next one.
        Assert.All(load.Troubles, trouble => Assert.Equal((LoadTroubleKind.Disconnected, leaving.Gateway), (trouble.Kind, trouble.Gateway)));
        await cluster.VerifyJournalAsync(load, before);
    }
}

[Collection(SqliteCluster.Collection)]
public sealed class SqliteLeavingTests(SqliteCluster shared) : LeavingTests
{
    [Fact]
    public async Task A_member_told_to_leave_hands_everything_over_and_its_process_ends_in_order()
    {
        var cluster = await shared.MendedAsync();
        var leaving = cluster.Node("node-2");
        using var management = cluster.Management(but: leaving);

        var order = await management.OrderAsync(leaving.Name, "Leave");
        Assert.Equal(("Leaving", null), (order.Status, order.TakeoverWithinSeconds));
        Assert.Equal(0, await leaving.WaitForExitAsync(StopBound));
        Assert.DoesNotContain(Remains, leaving.Log, StringComparison.Ordinal);
        await cluster.WaitUntilBalanced(StopBound);

        Assert.Equal(409, await management.RefusedOrderAsync(leaving.Name, "Down"));
        Assert.Equal(404, await management.RefusedOrderAsync("nobody", "Down"));
        Assert.Equal(400, await management.RefusedOrderAsync("node-1", "Dance"));
    }
}
