using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Membership;

/// <summary>Each node on a host of its own, over PostgreSQL.</summary>
[Collection(CutNetwork.Collection)]
public sealed class CutTests(CutNetwork network, ITestOutputHelper output)
{
    /// <summary>How timeout(1) ends a call that came to nothing.</summary>
    private const int Silence = 124;

    private const int SentAway = 81;
    private const int Removed = 84;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    /// <summary>
    /// Remoting's connection-timeout: an attempt to connect that others began while the host was cut lasts so long, all for that address wait for it, and a
    /// process that is started there meanwhile may be sent away again.
    /// </summary>
    private static readonly TimeSpan LongestAttempt = TimeSpan.FromSeconds(5);

    /// <summary>
    /// All reach the store, nobody the third: first what the others own is served on, then it is sent away and they serve what it had as well.
    /// </summary>
    [NamespacesFact]
    public async Task A_node_that_nobody_reaches_is_sent_away_its_shards_are_served_elsewhere_and_nothing_is_lost()
    {
        var cluster = network.Cluster;
        var rows = await cluster.VerifyJournalAsync();
        var (first, second, third) = (cluster.Node("node-1"), cluster.Node("node-2"), cluster.Node("node-3"));
        var before = await cluster.IncarnationAsync(third);
        await using var load = await TaskLoad.StartAsync(cluster.Gateways(but: third), attemptTimeout: TimeSpan.FromSeconds(5));

        await cluster.Spec.IsolateAsync("node-3");
        Assert.Equal(Silence, await CallAsync(first, third.Settings.Address, third.Settings.ClusterPort));
        Assert.Equal(0, await CallAsync(first, second.Settings.Address, second.Settings.ClusterPort));
        Assert.Equal(SentAway, await third.WaitForExitAsync(Bound));
        await cluster.WaitUntilBalanced(Bound);
        await load.ProgressAsync(500);
        Assert.Equal(["node-1", "node-2"], (await cluster.MembersAsync()).Select(member => member.Split(' ')[0]));

        await cluster.Spec.RejoinAsync("node-3");
        await Task.Delay(LongestAttempt);
        third = await cluster.RestartAsync(third);
        await cluster.WaitUntilBalanced(Bound);
        Assert.NotEqual(before, await cluster.IncarnationAsync(third));
        await CheckAsync(load, rows);
    }

    /// <summary>
    /// A node without its store serves nothing past its deadline; what it owned is taken over, and it ends when it hears from the others that
    /// it is no member any more. It comes back when it reaches the store.
    /// </summary>
    [NamespacesFact]
    public async Task What_a_node_owned_that_cannot_reach_the_store_is_served_by_the_others_until_it_is_back()
    {
        var cluster = network.Cluster;
        var rows = await cluster.VerifyJournalAsync();
        var cut = cluster.Node("node-3");
        var before = await cluster.IncarnationAsync(cut);
        await using var load = await TaskLoad.StartAsync(cluster.Gateways(but: cut), attemptTimeout: TimeSpan.FromSeconds(5));

        await cluster.Spec.CutStoreAsync("node-3");
        Assert.Equal(Removed, await cut.WaitForExitAsync(Bound));
        await cluster.WaitUntilBalanced(Bound);
        await load.ProgressAsync(500);

        await cluster.Spec.HealStoreAsync("node-3");
        cut = await cluster.RestartAsync(cut);
        await cluster.WaitUntilBalanced(Bound);
        Assert.NotEqual(before, await cluster.IncarnationAsync(cut));
        await CheckAsync(load, rows);
    }

    private async Task CheckAsync(TaskLoad load, long rows)
    {
        await load.ProgressAsync(500);
        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());
        await network.Cluster.VerifyJournalAsync(load, rows);
    }

    /// <summary>Connects from a node's host: 0 if it could, <see cref="Silence"/> if nobody said anything.</summary>
    private static async Task<int> CallAsync(NodeProcess from, string address, int port)
    {
        string[] command = [.. from.Settings.Host!.Entering, "timeout", "1", "bash", "-c", $"exec 3<>/dev/tcp/{address}/{port}"];
        return (await ProgramRun.ExecuteAsync(command[0], command[1..], TimeSpan.FromSeconds(30))).ExitCode;
    }
}
