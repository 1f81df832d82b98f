using System.Globalization;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Membership;

/// <summary>How processes end that are told to stop, under load.</summary>
public abstract class ShutdownTests
{
    /// <summary>It stopped, but had not handed everything over.</summary>
    protected const int NotHandedOver = 85;

    protected const int Killed = 137;

    /// <summary>What a node says at the end when it has handed everything over, and when it has not.</summary>
    protected const string Left = "Left the cluster";
    protected const string NotLeft = "Not everything was handed over";

    protected static readonly string[] Names = ["node-1", "node-2", "node-3"];

    protected static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    /// <summary>Node:ShutdownTimeout is 10 s; the rest is for a busy machine.</summary>
    protected static readonly TimeSpan StopBound = TimeSpan.FromSeconds(20);

    /// <summary>The process ends by itself, with 0, and nothing of it is left for others to find.</summary>
    protected static async Task LeavesAsync(NodeProcess node)
    {
        var exitCode = await node.WaitForExitAsync(StopBound);
        Assert.True(exitCode == 0, $"{node.Name} ended with {exitCode}:\n{node.Tail()}");
        Assert.Contains(Left, node.Log, StringComparison.Ordinal);
        Assert.DoesNotContain(NotLeft, node.Log, StringComparison.Ordinal);
    }

    /// <summary>SIGTERM, and SIGKILL when the process is still there after the patience, as supervisors do it.</summary>
    protected static async Task StopAsync(NodeProcess node, TimeSpan patience)
    {
        node.Terminate();
        if (await Task.WhenAny(node.WaitForExitAsync(Bound), Task.Delay(patience)) is Task<int>)
        {
            await LeavesAsync(node);
            return;
        }

        await node.KillAsync();
        Assert.Equal(Killed, await node.WaitForExitAsync(StopBound));
    }

    /// <summary>Starts those that have ended again.</summary>
    protected static Task RestartAsync(ClusterFixture cluster, IEnumerable<string> names) =>
        Task.WhenAll(names.Select(cluster.Node).Where(node => node.HasExited).Select(cluster.RestartAsync));

    protected static async Task AllAtOnceAsync(ClusterFixture cluster)
    {
        var nodes = cluster.Running.ToList();
        nodes.ForEach(node => node.Terminate());
        await Task.WhenAll(nodes.Select(LeavesAsync));
    }
}

[Collection(PostgresCluster.Collection)]
public sealed class PostgresShutdownTests(PostgresCluster shared, ITestOutputHelper output) : ShutdownTests
{
    /// <summary>From SIGTERM to SIGKILL. AKKASCALE_STOP_SECONDS names others: "1 5 15 60".</summary>
    private static readonly IReadOnlyList<TimeSpan> Patience =
    [
        .. (Environment.GetEnvironmentVariable("AKKASCALE_STOP_SECONDS") ?? "1 5").Split(' ')
            .Select(seconds => TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture))),
    ];

    /// <summary>Too little for any node.</summary>
    private static readonly TimeSpan NoPatience = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task Whoever_has_little_time_to_stop_hands_everything_over_or_is_killed_and_taken_over()
    {
        var cluster = await shared.MendedAsync();
        await using var clients = await ShutdownClients.StartAsync(cluster);
        foreach (var (first, second) in Patience.Append(NoPatience).Chunk(2).Select(pair => (pair[0], pair[^1])))
        {
            await RestartAsync(cluster, Names);
            await cluster.WaitUntilBalanced(Bound);
            foreach (var (name, patience) in new[] { ("node-2", first), ("node-3", second) })
            {
                await StopAsync(cluster.Node(name), patience);
                await cluster.WaitUntilAllOwned(Bound);
                await clients.ProgressAsync();
            }
        }

        await clients.CheckAsync();
        output.WriteLine($"{clients}");
    }

    [Fact]
    public async Task The_coordinators_node_may_go_first_or_last()
    {
        var cluster = await shared.MendedAsync();
        await using var clients = await ShutdownClients.StartAsync(cluster);

        var first = cluster.Node(await cluster.CoordinatorAsync());
        first.Terminate();
        await LeavesAsync(first);
        await cluster.WaitUntilAllOwned(Bound);
        await clients.ProgressAsync();

        var last = cluster.Node(await cluster.CoordinatorAsync());
        var other = cluster.Running.Single(node => node != last);
        other.Terminate();
        await LeavesAsync(other);
        await clients.ProgressAsync();
        last.Terminate();
        await LeavesAsync(last);

        await RestartAsync(cluster, Names);
        await clients.ProgressAsync();
        await clients.CheckAsync();
        output.WriteLine($"{clients}");
    }

    [Fact]
    public async Task All_nodes_may_go_at_once_and_everything_acknowledged_is_there_when_they_are_back()
    {
        var cluster = await shared.MendedAsync();
        await using var clients = await ShutdownClients.StartAsync(cluster);

        await AllAtOnceAsync(cluster);
        await RestartAsync(cluster, Names);
        await cluster.WaitUntilAllOwned(Bound);
        await clients.ProgressAsync();
        await clients.CheckAsync();
        output.WriteLine($"{clients}");
    }
}

[Collection(SqliteCluster.Collection)]
public sealed class SqliteShutdownTests(SqliteCluster shared, ITestOutputHelper output) : ShutdownTests
{
    [Fact]
    public async Task One_is_killed_while_it_stops_and_then_all_others_go_at_once()
    {
        var cluster = await shared.MendedAsync();
        await using var clients = await ShutdownClients.StartAsync(cluster);

        await StopAsync(cluster.Node("node-2"), TimeSpan.FromMilliseconds(50));
        await cluster.WaitUntilAllOwned(Bound);
        await clients.ProgressAsync();

        await AllAtOnceAsync(cluster);
        await RestartAsync(cluster, Names);
        await cluster.WaitUntilAllOwned(Bound);
        await clients.ProgressAsync();
        await clients.CheckAsync();
        output.WriteLine($"{clients}");
    }
}
