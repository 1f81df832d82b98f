using System.Globalization;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Membership;

/// <summary>What the ports of a node answer while it ends.</summary>
[Collection(PostgresCluster.Collection)]
public sealed class ShutdownPortTests(PostgresCluster shared, ITestOutputHelper output) : ShutdownTests
{
    private const int SentAway = 81;
    private const int DeclaredDead = 82;

    private static readonly TimeSpan Stopped = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task Who_stops_is_not_ready_before_it_refuses_anybody_and_closes_its_ports_before_its_shards_go()
    {
        var cluster = await shared.MendedAsync();
        await using var clients = await ShutdownClients.StartAsync(cluster);
        var node = cluster.Node("node-3");
        await using PortPoll gateway = new(new Uri(node.Gateway, $"/tasks/{clients.Task}")), ready = new(new Uri(node.Management, "/ready"), clients: 16, pauseMilliseconds: 0);
        await PolledAsync(gateway, ready);

        node.Terminate();
        await LeavesAsync(node);
        await PolledAsync(gateway, ready);
        await Task.WhenAll(gateway.StopAsync(), ready.StopAsync());

        var refused = gateway.Polls.First(poll => poll.Status is not 200);
        var readyAfter = ready.Polls.Where(poll => poll.SentAt > refused.EndedAt && poll.Status is 200);
        Assert.True(!readyAfter.Any(), $"{refused}, and yet {readyAfter.FirstOrDefault()}");

        var closed = LoggedAt(node, "Leaving: giving the shards away");
        Assert.All(gateway.Polls.Concat(ready.Polls).Where(poll => poll.SentAt > closed), poll => Assert.Null(poll.Status));
        await clients.CheckAsync();
        output.WriteLine($"{clients}");
    }

    [Fact]
    public async Task Who_was_sent_away_or_declared_dead_answers_nothing_as_if_it_were_still_there()
    {
        var cluster = await shared.MendedAsync();
        await using var clients = await ShutdownClients.StartAsync(cluster);
        using var management = new ManagementClient(cluster.Node("node-1").Management);
        await EndsAsync("node-2", SentAway, async node => await management.OrderAsync(node.Name, "Down"));
        await RestartAsync(cluster, Names);
        await cluster.WaitUntilBalanced(Bound);
        await EndsAsync("node-3", DeclaredDead, async node =>
        {
            node.Pause();
            await Task.Delay(Stopped);
            node.Resume();
        });
        await cluster.WaitUntilAllOwned(Bound);
        await clients.ProgressAsync();
        await clients.CheckAsync();
        output.WriteLine($"{clients}");

        async Task EndsAsync(string name, int exitCode, Func<NodeProcess, Task> end)
        {
            var node = cluster.Node(name);
            await using PortPoll gateway = new(new Uri(node.Gateway, $"/tasks/{clients.Task}")), ready = new(new Uri(node.Management, "/ready"));
            await PolledAsync(gateway, ready);
            await end(node);
            Assert.Equal(exitCode, await node.WaitForExitAsync(StopBound));
            await PolledAsync(gateway, ready);
            await Task.WhenAll(gateway.StopAsync(), ready.StopAsync());

            // 503 with its reason, or a closed door; never a fault of the program.
            var ended = LoggedAt(node, "This process ends as a member");
            Assert.All(gateway.Polls.Concat(ready.Polls).Where(poll => poll.SentAt > ended), poll => Assert.True(poll.Status is null or 503, $"{poll} after {ended:O}"));
            Assert.DoesNotContain(gateway.Polls.Concat(ready.Polls), poll => poll.Status is 500);
            Assert.DoesNotContain("ObjectDisposedException", node.Log, StringComparison.Ordinal);
        }
    }

    /// <summary>Both have been answered, or found a closed door, some more times.</summary>
    private static async Task PolledAsync(params PortPoll[] polls)
    {
        foreach (var poll in polls)
        {
            var goal = poll.Polls.Count + 50;
            await Until.TrueAsync(() => poll.Polls.Count >= goal, "50 more requests have ended");
        }
    }

    /// <summary>By the machine's clock, which is also the polls'.</summary>
    private static DateTimeOffset LoggedAt(NodeProcess node, string message)
    {
        var line = node.Log.Split('\n').First(line => line.Contains(message, StringComparison.Ordinal));
        return DateTimeOffset.Parse(line.Split(' ')[0], CultureInfo.InvariantCulture);
    }
}
