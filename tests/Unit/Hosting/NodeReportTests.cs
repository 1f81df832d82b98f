using System.Text.Json.Nodes;
using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.TestKit.InProcess;

namespace AkkaScale.Tests.Unit.Hosting;

public sealed class NodeReportTests
{
    [Fact]
    public async Task What_was_asked_and_written_in_the_last_seconds_is_in_the_figures()
    {
        await using var cluster = await InProcessCluster.StartAsync(
            1, node => node.AddEntity(EntityKind.Define<Cart, CartCommand, CartEvent>("cart", new Cart([]), Cart.Decide, Cart.Evolve)));
        for (var nr = 0; nr < 20; nr++)
        {
            await cluster.AskAsync("cart", $"c-{nr}", new AddItem("pear"));
        }

        await cluster.AdvanceAsync(TimeSpan.FromSeconds(3));

        using var http = new HttpClient { BaseAddress = cluster.Nodes[0].Management };
        var report = JsonNode.Parse(await http.GetStringAsync("/nodes"))!["nodes"]![0]!["report"]!;
        Assert.True((double)report["traffic"]!["asksPerSecond"]! > 0, report.ToJsonString());
        Assert.True((double)report["traffic"]!["messagesPerSecond"]! > 0, report.ToJsonString());
        Assert.NotNull(report["traffic"]!["p99Seconds"]);
        Assert.True((double)report["appends"]!["eventsPerSecond"]! > 0, report.ToJsonString());
        Assert.Equal(20, (int)report["pressure"]!["residents"]!);
        Assert.True((long)report["process"]!["memoryBytes"]! > 1_000_000);

        await cluster.AdvanceAsync(TimeSpan.FromSeconds(30));
        var later = JsonNode.Parse(await http.GetStringAsync("/nodes"))!["nodes"]![0]!["report"]!;
        Assert.Equal(0, (double)later["traffic"]!["asksPerSecond"]!);
        Assert.Null(later["traffic"]!["p99Seconds"]);
    }

    [Fact]
    public async Task Each_node_tells_what_every_node_says_of_itself()
    {
        var options = new InProcessOptions
        {
            Nodes = 2,
            Configure = node => node.AddEntity(EntityKind.Define<Cart, CartCommand, CartEvent>("cart", new Cart([]), Cart.Decide, Cart.Evolve)),
        };
        await using var cluster = await InProcessCluster.StartAsync(options);
        using var http = new HttpClient { BaseAddress = cluster.Nodes[1].Management };

        // The clock stands still, and with it every time limit: the answer must come without it.
        var nodes = JsonNode.Parse(await http.GetStringAsync("/nodes"))!["nodes"]!.AsArray();

        Assert.Equal(["node-1", "node-2"], nodes.Select(node => (string)node!["name"]!));
        Assert.All(nodes, node => Assert.True((bool)node!["answered"]!));
        Assert.All(nodes, node => Assert.Equal(Environment.ProcessId, (int)node!["report"]!["processId"]!));
        Assert.All(nodes, node => Assert.InRange((double)node!["report"]!["lease"]!["ageSeconds"]!, 0, (double)node["report"]!["lease"]!["ttlSeconds"]!));
        Assert.Equal(options.ShardCount, nodes.Sum(node => (int)node!["report"]!["shards"]!));
    }
}
