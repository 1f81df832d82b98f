using System.Diagnostics;
using System.Globalization;
using System.Net;
using AkkaScale.TestKit.Networks;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Chaos.Rig;

namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>Wires that are slow or lossy: all that a node has, also those to the database and to clients. Nobody need be sent away for it.</summary>
internal static class DisturbanceNemeses
{
    private const int Calls = 5;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(6);
    private static readonly Disturbance Delay = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromMilliseconds(20), 0);
    private static readonly Disturbance Loss = new(TimeSpan.Zero, TimeSpan.Zero, 0.05);

    public static IEnumerable<Nemesis> All =>
    [
        new("delay", "delays everything from and to a node by 50 ms ± 20 ms each way", Area.Network, DelayAsync),
        new("loss", "loses 5 % of everything from and to a node", Area.Network, LoseAsync),
    ];

    private static async Task DelayAsync(Strike strike)
    {
        var node = await strike.ChooseNodeAsync();
        var before = await RoundTripAsync(strike.Cluster, node);
        var during = TimeSpan.Zero;
        var routes = await DisturbAsync(strike, node, Delay, async () => during = await RoundTripAsync(strike.Cluster, node));
        strike.Effect(
            during >= (Delay.Delay - Delay.Jitter) * 2,
            $"connecting took {during.TotalMilliseconds:0} ms rather than {before.TotalMilliseconds:0}, {routes.Sum(route => route.Passed)} packets came late; {Fate(node)}");
    }

    private static async Task LoseAsync(Strike strike)
    {
        var node = await strike.ChooseNodeAsync();
        var before = await RepeatedAsync(node);
        var repeated = 0L;
        var routes = await DisturbAsync(strike, node, Loss, async () => repeated = await RepeatedAsync(node) - before);
        var lost = routes.Sum(route => route.Lost);
        strike.Effect(
            lost > 0 && repeated > 0,
            $"{lost} of {lost + routes.Sum(route => route.Passed)} packets were lost, it sent {repeated} segments again; {Fate(node)}");
    }

    /// <param name="look">What is looked at before it is taken back.</param>
    private static async Task<IReadOnlyList<Route>> DisturbAsync(Strike strike, NodeProcess node, Disturbance disturbance, Func<Task> look)
    {
        var (cluster, host) = (strike.Cluster, ChaosCluster.HostOf(node));
        strike.Begin(node.Name, $"{disturbance} for {Time.TotalSeconds} s", Strike.CrashBound);
        var (fault, routes) = await cluster.Wires.DisturbAsync(
            Direction.BothWays([host], [.. cluster.Network.Hosts.Where(other => other != host)]), disturbance, strike.Random.Next());
        await using var disturbed = fault;
        await strike.HoldAsync(Time);
        await look();
        await disturbed.HealAsync();
        strike.End();
        return routes;
    }

    /// <summary>The shortest of some connections from a client's host to the node's.</summary>
    private static async Task<TimeSpan> RoundTripAsync(ChaosCluster cluster, NodeProcess node)
    {
        using var sockets = new NamespaceSockets(cluster.ClientHosts[0].Namespace);
        using var bound = new CancellationTokenSource(Bound);
        var shortest = TimeSpan.MaxValue;
        for (var call = 0; call < Calls; call++)
        {
            var begun = Stopwatch.GetTimestamp();
            await using var connection = await sockets.ConnectAsync(new DnsEndPoint(node.Gateway.Host, node.Gateway.Port), bound.Token);
            var time = Stopwatch.GetElapsedTime(begun);
            shortest = time < shortest ? time : shortest;
        }

        return shortest;
    }

    /// <summary>How many segments of TCP the node's host has sent again, since it is there.</summary>
    private static async Task<long> RepeatedAsync(NodeProcess node)
    {
        // Two lines begin with "Tcp:": the names and the numbers.
        var lines = (await HostCommand.RunAsync(Bound, [.. ChaosCluster.HostOf(node).Entering, "cat", "/proc/net/snmp"])).Split('\n')
            .Where(line => line.StartsWith("Tcp:", StringComparison.Ordinal)).Select(line => line.Split(' ')).ToArray();
        return long.Parse(lines[1][Array.IndexOf(lines[0], "RetransSegs")], CultureInfo.InvariantCulture);
    }

    private static string Fate(NodeProcess node) => node.HasExited ? "it was sent away" : "it stayed";
}
