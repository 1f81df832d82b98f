using AkkaScale.Cluster.Orders;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Hosting;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>Shards go where an operator wants them, the rest is shared out, and every node knows where all of them are.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SteeringTests(PostgresServer server)
{
    private static readonly TimeSpan Answer = TimeSpan.FromSeconds(2);

    [Fact]
    public Task Ordered_shards_get_to_their_node_and_the_balance_moves_others_to_make_room() => PlayAsync("orders", async cluster =>
    {
        var nodes = await StartAsync(cluster, 2);
        await cluster.ShardsAreSharedOutAsync(nodes);
        var ordered = await ShardsOfAsync(nodes[0]);
        foreach (var shard in ordered)
        {
            await nodes[1].Membership.OrderAsync(new ShardOrder(ProbeShards.TypeName, shard, "n2", "jo", "all of them"));
        }

        await OrdersAreOverAsync(nodes[0]);
        await Until.TrueAsync(
            async () => (await ShardsOfAsync(nodes[1])).SetEquals(ordered), $"n2 has just the ordered shards {string.Join(' ', ordered)}");
        await cluster.ShardsAreSharedOutAsync(nodes);
        await MapsAreRightAsync(nodes, coordinator: nodes[0]);
        await cluster.OnlyTheseWentAsync();
        await cluster.IsSoundAsync(nodes);
    });

    [Fact]
    public Task The_next_coordinator_carries_out_orders_and_publishes_the_map() => PlayAsync("next-coordinator", async cluster =>
    {
        var nodes = await StartAsync(cluster, 3);
        await cluster.ShardsAreSharedOutAsync(nodes);
        await MapsAreRightAsync(nodes, coordinator: nodes[0]);

        var shard = (await ShardsOfAsync(nodes[0])).First();
        await nodes[2].Membership.OrderAsync(new ShardOrder(ProbeShards.TypeName, shard, "n3", "jo", ""));
        await OrdersAreOverAsync(nodes[1]);
        Assert.Contains(shard, await ShardsOfAsync(nodes[2]));

        cluster.Spare(nodes[0]);
        await nodes[0].LeaveAsync();
        await nodes[1].Membership.OrderAsync(new ShardOrder(ProbeShards.TypeName, shard, "n2", "jo", "back"));
        await OrdersAreOverAsync(nodes[1]);
        Assert.Contains(shard, await ShardsOfAsync(nodes[1]));
        await cluster.ShardsAreSharedOutAsync(nodes[1..]);
        await MapsAreRightAsync(nodes[1..], coordinator: nodes[1]);
        await cluster.IsSoundAsync(nodes[1..]);
    });

    [Fact]
    public Task Without_traffic_every_shard_is_started_and_a_lost_nodes_shards_start_elsewhere() => PlayAsync("untouched", async cluster =>
    {
        var nodes = await StartAsync(cluster, 3, hasTraffic: false);
        await cluster.ShardsAreSharedOutAsync(nodes);
        await MapsAreRightAsync(nodes, coordinator: nodes[0]);

        await nodes[0].EndAsync();
        await cluster.ShardsAreSharedOutAsync(nodes[1..]);
        await MapsAreRightAsync(nodes[1..], coordinator: nodes[1]);
    });

    private async Task PlayAsync(string story, Func<ProbeCluster, Task> play) => await ProbeCluster.PlayAsync(
        await ProbeDatabase.CreateAsync(server), $"steering-{story}", play, settings => settings with { IsSteered = true });

    /// <summary>The first is the oldest, and so has the coordinator.</summary>
    private static async Task<List<ProbeNode>> StartAsync(ProbeCluster cluster, int count, bool hasTraffic = true)
    {
        var nodes = new List<ProbeNode>();
        for (var number = 1; number <= count; number++)
        {
            nodes.Add(await cluster.StartHereAsync($"n{number}"));
            await cluster.AreOneClusterAsync(nodes, $"after n{number} was started");
        }

        if (hasTraffic)
        {
            await cluster.BeginTrafficAsync();
        }

        return nodes;
    }

    private static async Task<HashSet<int>> ShardsOfAsync(ProbeNode node) =>
        [.. (await node.ReportAsync(Answer))?.RunningShards?.Select(int.Parse) ?? []];

    private static Task OrdersAreOverAsync(ProbeNode node) => Until.TrueAsync(
        async () => (await node.Membership.OrdersAsync()).Shards.Count == 0, "every order has been carried out");

    /// <summary>Every node has a map of this coordinator's, and by it each shard is where it runs.</summary>
    private static Task MapsAreRightAsync(List<ProbeNode> nodes, ProbeNode coordinator) => Until.TrueAsync(
        async () =>
        {
            var running = new Dictionary<int, string>();
            foreach (var node in nodes)
            {
                foreach (var shard in await ShardsOfAsync(node))
                {
                    running[shard] = node.Settings.Address;
                }
            }

            return running.Count == nodes[0].Settings.Shards && nodes.TrueForAll(node =>
                node.Map.Find(ProbeShards.TypeName) is { } map && map.Coordinator == coordinator.Settings.Address
                && map.Homes.Count == running.Count && map.Homes.All(each => running[each.Key] == each.Value));
        },
        $"the maps of {string.Join(' ', nodes.Select(node => node.Settings.Name))} say where shards are, by {coordinator.Settings.Name}");
}
