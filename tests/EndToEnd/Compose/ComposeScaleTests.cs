using System.Text.Json;
using AkkaScale.TestKit;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Dynamics;
using Xunit.Abstractions;

namespace AkkaScale.Tests.EndToEnd.Compose;

/// <summary>What "docker-compose up --scale" does, to a cluster that is asked through nginx all the while.</summary>
public sealed class ComposeScaleTests(ITestOutputHelper output)
{
    private const int Refused = 64;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [ComposeFact]
    public async Task Nodes_and_gateways_come_and_go_and_no_request_fails()
    {
        await using var cluster = await ComposedCluster.StartAsync(nodes: 3);
        await SeesAsync(cluster, nodes: 3, gateways: 1);
        await using var load = await SteadyLoad.StartAsync(() => [cluster.Edge], rate: 60, tasks: 60);

        await DoAsync(load, "five nodes", () => cluster.ScaleNodesAsync(5), () => SeesAsync(cluster, nodes: 5, gateways: 1));
        await DoAsync(load, "two gateways", () => cluster.ScaleGatewaysAsync(2), () => SeesAsync(cluster, nodes: 5, gateways: 2));
        var second = cluster.Gateways[1];
        await Eventually.Holds("nginx found the second gateway", Bound, () =>
            cluster.EdgeLog.Contains($"\"upstream\":\"{second.Host.Address}:", StringComparison.Ordinal) ? null : "it has sent it nothing");
        await DoAsync(load, "two nodes", () => cluster.ScaleNodesAsync(2), () => SeesAsync(cluster, nodes: 2, gateways: 2));
        await DoAsync(load, "one gateway", () => cluster.ScaleGatewaysAsync(1), () => SeesAsync(cluster, nodes: 2, gateways: 1));

        await load.StopAndReadBackAsync();
        using var management = new ManagementClient(cluster.Nodes[0].Management);
        await load.CheckJournalAsync(management);
        Assert.Empty(load.Failures);
        Assert.Empty(load.Violations);
        await cluster.SeeByPbmAsync("a sound journal", answer => answer.GetProperty("violations").GetArrayLength() == 0 ? null : $"{answer}", "journal", "verify");

        // What is refused once is not tried for ever.
        var wrong = await cluster.AddWrongNodeAsync("AKKASCALE__CLUSTER__NAME", "another");
        await Eventually.Holds($"{wrong.Name} is refused and waits", Bound, () =>
            wrong.Log.Contains("This container waits to be stopped", StringComparison.Ordinal) ? null : string.Join(' ', wrong.Exits));
        Assert.Equal(Refused, await wrong.StopAsync());
        Assert.Equal([Refused], wrong.Exits);
    }

    private async Task DoAsync(SteadyLoad load, string what, Func<Task> scale, Func<Task> see)
    {
        var window = load.Begin(what);
        await scale();
        await see();
        output.WriteLine(
            $"{what}: {window.Requests} requests, {window.Failed} failed, {window.Repeated} repeated, p99 {window.Quantile(0.99).TotalMilliseconds:0} ms, "
            + $"longest {window.LongestPause.Pause.TotalMilliseconds:0} ms");
    }

    /// <summary>pbm shows these members and no others, and all shards shared out among the nodes.</summary>
    private static async Task SeesAsync(ComposedCluster cluster, int nodes, int gateways)
    {
        var expected = cluster.Nodes.Concat(cluster.Gateways).Select(container => container.Name).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(nodes + gateways, expected.Count);
        await cluster.SeeByPbmAsync(string.Join(", ", expected), answer =>
        {
            var up = answer.GetProperty("members").EnumerateArray().Where(member => Text(member, "status") == "Up")
                .Select(member => Text(member, "name")).Order(StringComparer.Ordinal).ToList();
            return up.SequenceEqual(expected) ? null : string.Join(", ", up);
        }, "cluster", "show");
        await cluster.SeeByPbmAsync("all shards shared out", answer =>
        {
            var owners = answer.GetProperty("shards").EnumerateArray().Select(shard => (Region: Text(shard, "region"), Owner: Text(shard, "owner"))).ToList();
            var uneven = owners.GroupBy(shard => shard.Region).FirstOrDefault(region =>
            {
                var shares = region.CountBy(shard => shard.Owner).ToDictionary();
                return !shares.Keys.Order(StringComparer.Ordinal).SequenceEqual(cluster.Nodes.Select(node => node.Name).Order(StringComparer.Ordinal))
                    || shares.Values.Max() - shares.Values.Min() > 1;
            });
            return uneven is null && owners.Count > 0 ? null : string.Join(", ", owners.CountBy(shard => shard.Owner));
        }, "shards", "map", "--all");
    }

    private static string Text(JsonElement of, string name) => of.TryGetProperty(name, out var value) ? $"{value}" : "";
}
