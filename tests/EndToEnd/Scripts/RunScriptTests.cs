using AkkaScale.TestKit;
using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.EndToEnd.Scripts;

/// <summary>What run.sh does beside starting and stopping three nodes.</summary>
public sealed class RunScriptTests : RunScript
{
    [Fact]
    public async Task A_killed_node_is_started_again_and_one_that_has_left_is_not_until_it_is_told()
    {
        Succeeded(await StartAsync("--nodes", "1", "--", "--shards", "8", "--AkkaScale:Sharding:Allocation:QuietFor", "00:00:01"));
        Succeeded(await RunAsync("--join", "--detach"));
        var before = ProcessOf("node-2");
        using (var victim = System.Diagnostics.Process.GetProcessById(before))
        {
            victim.Kill();
        }

        await Eventually.Holds("node-2 is ready again, as another process", Bound, async () =>
        {
            var seen = await RunAsync("--status");
            return CountOf(seen, " ready ") == 2 && ProcessOf("node-2") != before ? null : seen.Output;
        });
        Assert.Contains($"node-2 (process {before}) has ended: it was killed (exit code 137); it is started again", Notes);

        // Node-1 hears of it a moment after node-2 itself.
        await Eventually.Holds("node-2 is told to leave", Bound, async () =>
            await PbmAsync("cluster", "leave", "node-2") is { ExitCode: not 0 } refused ? refused.ToString() : null);
        await Eventually.Holds("node-2 has left and stays so", Bound, async () => CountOf(await RunAsync("--status"), " ended ") == 1 ? null : "it runs");
        Assert.Contains("has left the cluster (exit code 0); again with ./run.sh --start node-2", Notes);
        Succeeded(await RunAsync("--start", "node-2"));
        Assert.Equal(2, CountOf(Succeeded(await RunAsync("--status")), " ready "));

        // Node-1 is the oldest now, and has the coordinators: it comes last, although its name is the first.
        var (first, second) = (ProcessOf("node-1"), ProcessOf("node-2"));
        var rolled = Succeeded(await RunAsync("--rolling-restart", "--program", Path.GetDirectoryName(Repository.NodeProgram)!)).ToString();
        Assert.Contains("(1 of 2) node-2", rolled, StringComparison.Ordinal);
        Assert.Contains("(2 of 2) node-1", rolled, StringComparison.Ordinal);
        Assert.Equal(2, CountOf(Succeeded(await RunAsync("--status")), " ready "));
        Assert.NotEqual((first, second), (ProcessOf("node-1"), ProcessOf("node-2")));
    }

    [Fact]
    public async Task A_port_in_use_is_named()
    {
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, ManagementPort + 1);
        listener.Start();

        var run = await StartAsync();

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains($"port {ManagementPort + 1} (management of node-2) is in use", run.Error);
    }

    [Fact]
    public async Task A_start_that_fails_shows_what_the_log_says_and_leaves_nothing_running()
    {
        var run = await StartAsync("--nodes", "1", "--", "--shards", "0");

        Assert.Equal(64, run.ExitCode);
        Assert.Contains("Cluster:ShardCount", run.Error);
        Assert.Equal(3, (await RunAsync("--status")).ExitCode);
    }
}
