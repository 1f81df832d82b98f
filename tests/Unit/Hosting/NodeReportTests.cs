using System.Text.Json.Nodes;
using AkkaScale.Sharding.Entities;
using AkkaScale.TestKit.InProcess;

namespace AkkaScale.Tests.Unit.Hosting;

public sealed class NodeReportTests
{
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
