using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>Several processes: roles, and a member that is told to leave.</summary>
public sealed class SeveralNodesTests
{
    private const int Tasks = 20;

    [Fact]
    public async Task A_gateway_asks_the_nodes_that_host_entities()
    {
        await using var nodes = new SmallCluster();
        await nodes.StartAsync("node-1", "entity");
        var gateway = await nodes.StartAsync("edge", "gateway");
        using var client = new GatewayClient(TimeSpan.FromSeconds(20));
        await SmallCluster.FillAsync(client, gateway.Gateway, Tasks);
        await SmallCluster.AnswersAsync(client, gateway.Gateway, Tasks);

        // For the whole cluster, with nothing of it in its own memory.
        var commented = await client.PostAsync(gateway.Gateway, "/tasks/t-1/comment", new { text = "by way of the gateway" });
        Assert.True(commented.IsSuccess, commented.ToString());
        var confirmed = await client.GetAsync(gateway.Gateway, "/tasks/t-1?consistency=confirmed");
        Assert.Equal((2L, 1), (confirmed.Version!.Value, confirmed.Member("commentCount")!.Value.GetInt32()));
        Assert.Equal(1, (await client.GetAsync(gateway.Gateway, "/tasks/t-1/comments")).Member("items")?.GetArrayLength());

        using var management = new ManagementClient(gateway.Management);
        Assert.Equal(
            [("edge", false), ("node-1", true)], (await management.MembersAsync()).Select(member => (member.Name, member.Shards > 0)));
        Assert.Equal("node-1", (await management.WhereAsync("task", "t-1")).Owner);

        await management.OrderAsync("edge", "Leave");
        Assert.Equal(0, await gateway.WaitForExitAsync(TimeSpan.FromSeconds(20)));
    }
}
