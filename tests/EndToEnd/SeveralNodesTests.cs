using System.Net.Sockets;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd;

/// <summary>Several processes: roles, and a member that is told to leave.</summary>
public sealed class SeveralNodesTests
{
    private const int Tasks = 20;

    [Fact]
    public async Task A_gateway_opens_when_there_are_nodes_that_host_entities_and_asks_them()
    {
        await using var nodes = new SmallCluster();
        var gateway = nodes.Launch("edge", "gateway");
        await Eventually.Holds("the gateway says why it is not ready", SmallCluster.Bound, async () =>
            await ReadinessAsync(gateway) is var said && said.Contains("no member hosts entities", StringComparison.Ordinal) ? null : said);
        Assert.Equal(SocketError.ConnectionRefused, await KnockAsync(gateway));

        await nodes.StartAsync("node-1", "entity");
        await gateway.WaitUntilReady(SmallCluster.Bound);
        Assert.Equal(SocketError.Success, await KnockAsync(gateway));
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

    private static async Task<string> ReadinessAsync(NodeProcess node)
    {
        using var management = new HttpClient { BaseAddress = node.Management };
        using var answer = await management.GetAsync("/ready");
        return await answer.Content.ReadAsStringAsync();
    }

    /// <summary>What whoever connects to its gateway gets at once.</summary>
    private static async Task<SocketError> KnockAsync(NodeProcess node)
    {
        using var client = new TcpClient();
        try
        {
            await client.ConnectAsync(node.Gateway.Host, node.Gateway.Port);
            return SocketError.Success;
        }
        catch (SocketException refused)
        {
            return refused.SocketErrorCode;
        }
    }
}
