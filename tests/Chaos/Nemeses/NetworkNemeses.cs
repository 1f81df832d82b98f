using System.Net;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>Wires that are cut, slow or lossy.</summary>
internal static class NetworkNemeses
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan Disturbed = TimeSpan.FromSeconds(6);

    public static IEnumerable<Nemesis> All =>
    [
        new("cut-database", "cuts a node from both database servers, both ways", Area.Network, strike => CutDatabaseAsync(strike, true, true)) { NeedsDatabase = true },
        new("cut-database-out", "nothing a node sends reaches the database", Area.Network, strike => CutDatabaseAsync(strike, true, false)) { NeedsDatabase = true },
        new("cut-database-in", "nothing the database sends reaches a node", Area.Network, strike => CutDatabaseAsync(strike, false, true)) { NeedsDatabase = true },
        new("cut-nodes", "cuts two entity nodes from each other", Area.Network, strike => CutNodesAsync(strike, both: true)),
        new("cut-nodes-one-way", "cuts one direction between two entity nodes", Area.Network, strike => CutNodesAsync(strike, both: false)),
        new("cut-peers", "cuts a node from all other nodes; both reach the store", Area.Network, CutPeersAsync),
        new("cut-gateway", "cuts the gateway from all entity nodes", Area.Network, CutGatewayAsync),
        new("delay", "delays everything from and to a node by 40 to 120 ms each way", Area.Network,
            strike => DisturbAsync(strike, new Disturbance(TimeSpan.FromMilliseconds(40), TimeSpan.FromMilliseconds(80), 0))),
        new("loss", "loses a fifth of everything from and to a node", Area.Network,
            strike => DisturbAsync(strike, new Disturbance(TimeSpan.Zero, TimeSpan.Zero, 0.2))),
    ];

    private static async Task CutDatabaseAsync(Strike strike, bool sends, bool hears)
    {
        var (cluster, node) = (strike.Cluster, await strike.ChooseNodeAsync());
        var before = await cluster.ShardsAsync();
        strike.Begin(node.Name, $"{(sends, hears) switch { (true, true) => "both ways", (true, _) => "what it sends", _ => "what it hears" }}, until it is taken over", Strike.CrashBound);
        cluster.Silence(node);
        foreach (var server in cluster.Databases!.Servers)
        {
            await (sends ? cluster.Wires.CutAsync(cluster.HostOf(node), server.Host) : Task.CompletedTask);
            await (hears ? cluster.Wires.CutAsync(server.Host, cluster.HostOf(node)) : Task.CompletedTask);
        }

        var taken = await cluster.TakenOverAsync(before, node.Name, Bound);
        using var management = new ManagementClient(node.Management);
        var isReady = await management.IsReadyAsync();
        foreach (var server in cluster.Databases.Servers)
        {
            await (sends ? cluster.Wires.HealAsync(cluster.HostOf(node), server.Host) : Task.CompletedTask);
            await (hears ? cluster.Wires.HealAsync(server.Host, cluster.HostOf(node)) : Task.CompletedTask);
        }

        strike.End();
        cluster.Unsilence(node);
        strike.Effect(taken > 0 && !isReady, $"it was {(isReady ? "ready all the same" : "not ready")}, and its {taken} shards were taken over");
    }

    private static async Task CutNodesAsync(Strike strike, bool both)
    {
        var (cluster, one, other) = (strike.Cluster, await strike.ChooseNodeAsync(), await strike.ChooseNodeAsync());
        strike.Begin($"{one.Name} {other.Name}", both ? "both ways" : $"what {one.Name} sends", TimeSpan.FromSeconds(30));
        await cluster.Wires.CutAsync(cluster.HostOf(one), cluster.HostOf(other));
        await (both ? cluster.Wires.CutAsync(cluster.HostOf(other), cluster.HostOf(one)) : Task.CompletedTask);
        await strike.EffectAsync(async () =>
            await cluster.EntityOfAsync(other.Name) is { } owned && await AskAsync(one, owned) is { } refusal
                ? $"{one.Name} could not answer for {owned} of {other.Name}: {refusal}"
                : null);
        await strike.HoldAsync(Strike.Lease * 2);
        await cluster.Wires.HealAsync(cluster.HostOf(one), cluster.HostOf(other));
        await (both ? cluster.Wires.HealAsync(cluster.HostOf(other), cluster.HostOf(one)) : Task.CompletedTask);
    }

    private static async Task CutPeersAsync(Strike strike)
    {
        var (cluster, node) = (strike.Cluster, await strike.ChooseNodeAsync());
        var before = await cluster.ShardsAsync();
        var others = cluster.All.Where(other => other != node && !other.HasExited).ToArray();
        strike.Begin(node.Name, "from all other nodes, until the coordinator sends it away", TimeSpan.FromSeconds(40));
        foreach (var other in others)
        {
            await cluster.Wires.CutBothAsync(cluster.HostOf(node), cluster.HostOf(other));
        }

        cluster.Silence(node);
        var taken = await cluster.TakenOverAsync(before, node.Name, Bound);
        foreach (var other in others)
        {
            await cluster.Wires.HealBothAsync(cluster.HostOf(node), cluster.HostOf(other));
        }

        strike.End();
        cluster.Unsilence(node);
        strike.Effect(taken > 0, $"the others sent it away and took its {taken} shards");
    }

    private static async Task CutGatewayAsync(Strike strike)
    {
        var (cluster, gateway) = (strike.Cluster, strike.Cluster.Gateway);
        var nodes = cluster.Entities;
        const string any = "task-0"; // it hosts none
        strike.Begin(gateway.Name, "from all entity nodes", Strike.CrashBound);
        foreach (var node in nodes)
        {
            await cluster.Wires.CutBothAsync(cluster.HostOf(gateway), cluster.HostOf(node));
        }

        cluster.Silence(gateway);
        await strike.EffectAsync(async () => await AskAsync(gateway, any) is { } refusal ? $"it could not answer for {any}: {refusal}" : null);
        await strike.HoldAsync(Strike.Lease);
        foreach (var node in nodes)
        {
            await cluster.Wires.HealBothAsync(cluster.HostOf(gateway), cluster.HostOf(node));
        }

        cluster.Unsilence(gateway);
    }

    private static async Task DisturbAsync(Strike strike, Disturbance disturbance)
    {
        var (cluster, node) = (strike.Cluster, await strike.ChooseNodeAsync());
        var host = cluster.HostOf(node);
        var others = cluster.Network.Hosts.Where(other => other != host).ToArray();
        strike.Begin(node.Name, $"delay {disturbance.Delay.TotalMilliseconds} ms + {disturbance.Jitter.TotalMilliseconds} ms, loss {disturbance.Loss:P0}, for {Disturbed.TotalSeconds} s", TimeSpan.FromSeconds(30));
        var routes = new List<Route>();
        foreach (var other in others)
        {
            routes.AddRange(await cluster.Wires.DisturbAsync(host, other, disturbance));
        }

        await strike.HoldAsync(Disturbed);
        foreach (var other in others)
        {
            await cluster.Wires.CalmAsync(host, other);
        }

        var (passed, lost) = (routes.Sum(route => route.Passed), routes.Sum(route => route.Lost));
        strike.Effect(
            disturbance.Loss > 0 ? lost > 0 && passed > 0 : passed > 0,
            $"{passed} frames of its {routes.Count} directions were passed on{(disturbance.Delay > TimeSpan.Zero ? " late" : "")}, {lost} lost");
    }

    /// <returns>Null if the node answered, else what it said instead.</returns>
    private static async Task<string?> AskAsync(NodeProcess node, string entity)
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(3) };
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(node.Gateway, $"/tasks/{entity}"));
        request.Headers.Add("Prefer", "wait=1");
        try
        {
            using var answer = await http.SendAsync(request);
            return answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound ? null : $"{(int)answer.StatusCode}";
        }
        catch (Exception silence) when (silence is OperationCanceledException or HttpRequestException)
        {
            return "no answer";
        }
    }
}
