using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>
/// Wires that are cut. Nodes that do not reach each other, while all reach the database, are a partition: one side of it is sent away, and what it
/// owned is served by the other before anything is healed.
/// </summary>
internal static class CutNemeses
{
    /// <summary>How a process ends that is no member any more; the last two where it hears it by gossip first, or could not end in time.</summary>
    private static readonly int[] SentAway = [81, 82, 84, 137];

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    /// <summary>Who is unreachable for 6 s of 30 s is sent away: after some rounds of any length.</summary>
    private static readonly TimeSpan Flapping = TimeSpan.FromSeconds(40);

    public static IEnumerable<Nemesis> All =>
    [
        Of("cut-node", "cuts a node from all others, not from the database", CutNodeAsync),
        Of("cut-pair", "cuts two nodes from each other; the others reach both", CutPairAsync),
        Of("cut-one-way", "nothing a node sends reaches the other nodes; what they send reaches it", CutOneWayAsync),
        Of("cut-halves", "cuts one half of all nodes from the other", CutHalvesAsync) with { IsWhole = true },
        Of("cut-database", "cuts a node from the database alone", CutDatabaseAsync) with { NeedsDatabase = true },
        Of("cut-gateway", "cuts the gateway from all entity nodes", CutGatewayAsync),
        Of("flap-4", "cuts a node from all others for 4 s and heals it for 4 s, until it is sent away", strike => FlapAsync(strike, TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(4))),
        Of("flap-2", "the same with 2 s cut and 1.5 s healed", strike => FlapAsync(strike, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1.5))),
    ];

    private static Nemesis Of(string name, string does, Func<Strike, Task> strikeAsync) => new(name, does, Area.Network, strikeAsync);

    private static async Task CutNodeAsync(Strike strike)
    {
        var node = await strike.ChooseNodeAsync();
        await IsolateAsync(strike, node, "from all other nodes, both ways", Direction.BothWays([ChaosCluster.HostOf(node)], strike.Cluster.PeersOf(node)));
    }

    private static async Task CutOneWayAsync(Strike strike)
    {
        var node = await strike.ChooseNodeAsync();
        await IsolateAsync(strike, node, "what it sends to other nodes", Direction.OneWay([ChaosCluster.HostOf(node)], strike.Cluster.PeersOf(node)));
    }

    /// <summary>It hosts nothing, so there is nothing to be taken over.</summary>
    private static async Task CutGatewayAsync(Strike strike)
    {
        var (cluster, gateway) = (strike.Cluster, strike.Cluster.Gateway);
        strike.Begin(gateway.Name, "from all entity nodes, both ways", Strike.CrashBound);
        cluster.Silence(gateway);
        await using var cut = await cluster.Wires.CutAsync(Direction.BothWays([ChaosCluster.HostOf(gateway)], cluster.PeersOf(gateway)));
        var end = await EndAsync(strike, gateway);
        await cut.HealAsync();
        strike.End();
        cluster.Unsilence(gateway);
        strike.Effect(true, end);
    }

    /// <summary>Until it has been sent away and others serve what it owned.</summary>
    private static async Task IsolateAsync(Strike strike, NodeProcess node, string detail, IReadOnlyList<Direction> directions)
    {
        var cluster = strike.Cluster;
        var before = await cluster.ShardsAsync();
        strike.Begin(node.Name, $"{detail}, until it is sent away", Strike.CrashBound);
        cluster.Silence(node);
        await using var cut = await cluster.Wires.CutAsync(directions);
        var end = await EndAsync(strike, node);
        var taken = await cluster.TakenOverAsync(before, node.Name, Bound);
        await cut.HealAsync();
        strike.End();
        cluster.Unsilence(node);
        strike.Effect(taken > 0, $"{end}; {taken} shards were taken over under higher epochs");
    }

    /// <summary>Whoever reaches both has no part in it: one of the two goes.</summary>
    private static async Task CutPairAsync(Strike strike)
    {
        var (cluster, one, other) = (strike.Cluster, await strike.ChooseNodeAsync(), await strike.ChooseNodeAsync());
        var before = await cluster.ShardsAsync();
        strike.Begin($"{one.Name} {other.Name}", "both ways, until one of them is sent away", Strike.CrashBound);
        await using var cut = await cluster.Wires.CutAsync(Direction.BothWays([ChaosCluster.HostOf(one)], [ChaosCluster.HostOf(other)]));
        await Eventually.Holds($"{one.Name} or {other.Name} is sent away ({cluster.Logs})", Bound, () => one.HasExited || other.HasExited ? null : "both run");
        var gone = one.HasExited ? one : other;
        var end = await EndAsync(strike, gone);
        var taken = await cluster.TakenOverAsync(before, gone.Name, Bound);
        var isOneGone = !(gone == one ? other : one).HasExited;
        await cut.HealAsync();
        strike.End();
        strike.Effect(taken > 0 && isOneGone, $"{end}{(isOneGone ? "" : ", AND SO DID THE OTHER")}; {taken} shards were taken over under higher epochs");
    }

    private static async Task CutHalvesAsync(Strike strike)
    {
        var cluster = strike.Cluster;
        NodeProcess[] entities = [.. cluster.Entities];
        strike.Random.Shuffle(entities);
        var middle = (entities.Length + 1) / 2;
        NodeProcess[] one = entities[..middle], other = [.. entities[middle..], cluster.Gateway];
        strike.Begin($"{Names(one)} | {Names(other)}", "both ways, until one side is sent away", Strike.CrashBound);
        await using var cut = await cluster.Wires.CutAsync(Direction.BothWays(one.Select(ChaosCluster.HostOf), [.. other.Select(ChaosCluster.HostOf)]));
        await Eventually.Holds($"one of two sides is sent away ({cluster.Logs})", Bound,
            () => HaveAllEnded(one) || HaveAllEnded(other) ? null : "members of both sides run");
        var (gone, stay) = HaveAllEnded(one) ? (one, other) : (other, one);
        var ends = new List<string>();
        foreach (var node in gone)
        {
            ends.Add(await EndAsync(strike, node));
        }

        var heirs = stay.Select(node => node.Name).ToHashSet();
        await Eventually.Holds($"{Names(stay)} own all shards ({cluster.Logs})", Bound, async () =>
            (await cluster.ShardsAsync()).Count(shard => shard.Owner is null || !heirs.Contains(shard.Owner)) is var strays and > 0 ? $"{strays} are not theirs" : null);
        var isOneSide = stay.All(node => !node.HasExited);
        await cut.HealAsync();
        strike.End();
        strike.Effect(isOneSide, $"{string.Join("; ", ends)}; {Names(stay)} {(isOneSide ? "serve everything" : "DID NOT ALL STAY")}");
    }

    private static async Task CutDatabaseAsync(Strike strike)
    {
        var (cluster, node) = (strike.Cluster, await strike.ChooseNodeAsync());
        var before = await cluster.ShardsAsync();
        strike.Begin(node.Name, "from the database, both ways, until it is taken over", Strike.CrashBound);
        cluster.Silence(node);
        await using var cut = await cluster.Wires.CutAsync(Direction.BothWays([ChaosCluster.HostOf(node)], [cluster.Database!.Host]));
        var taken = await cluster.TakenOverAsync(before, node.Name, Bound);
        var isReady = await IsReadyAsync(node);
        await cut.HealAsync();
        strike.End();
        var end = await EndAsync(strike, node);
        cluster.Unsilence(node);
        strike.Effect(taken > 0 && !isReady, $"it was {(isReady ? "READY all the same" : "not ready")}, {taken} shards were taken over under higher epochs; {end}");
    }

    /// <summary>A cut of 4 s may be decided as any other; one of 2 s is too short for that, and it is sent away when there have been several.</summary>
    private static async Task FlapAsync(Strike strike, TimeSpan cutFor, TimeSpan healedFor)
    {
        var (cluster, node) = (strike.Cluster, await strike.ChooseNodeAsync());
        var before = await cluster.ShardsAsync();
        var directions = Direction.BothWays([ChaosCluster.HostOf(node)], cluster.PeersOf(node));
        strike.Begin(node.Name, $"{cutFor.TotalSeconds} s cut from all other nodes, {healedFor.TotalSeconds} s healed, until it is sent away", Strike.CrashBound);
        cluster.Silence(node);
        var rounds = 0;
        for (; !node.HasExited && (cutFor + healedFor) * rounds < Flapping && !strike.Stop.IsCancellationRequested; rounds++)
        {
            await using var cut = await cluster.Wires.CutAsync(directions);
            await strike.HoldAsync(cutFor);
            await cut.HealAsync();
            await strike.HoldAsync(node.HasExited ? TimeSpan.Zero : healedFor);
        }

        strike.End();
        cluster.Unsilence(node);
        if (strike.Stop.IsCancellationRequested && !node.HasExited)
        {
            return;
        }

        var end = await EndAsync(strike, node);
        var taken = await cluster.TakenOverAsync(before, node.Name, Bound);
        strike.Effect(taken > 0, $"cut {rounds} times; {end}; {taken} shards were taken over under higher epochs");
    }

    /// <summary>Waits until a process has ended because it is no member any more.</summary>
    /// <returns>Its exit code, and what its row says of it.</returns>
    private static async Task<string> EndAsync(Strike strike, NodeProcess node)
    {
        var code = await node.WaitForExitAsync(Bound);
        return SentAway.Contains(code)
            ? $"{node.Name} ended with {code} ({await MemberRows.FateAsync(strike.Cluster, node.Name)})"
            : throw new SpecFailedException($"{node.Name} ended with {code} when it was cut off:\n{node.Tail()}");
    }

    private static async Task<bool> IsReadyAsync(NodeProcess node)
    {
        using var management = new ManagementClient(node.Management);
        try
        {
            return await management.IsReadyAsync();
        }
        catch (HttpRequestException)
        {
            return false; // it has ended already
        }
    }

    private static bool HaveAllEnded(IEnumerable<NodeProcess> nodes) => nodes.All(node => node.HasExited);

    private static string Names(IEnumerable<NodeProcess> nodes) => string.Join(' ', nodes.Select(node => node.Name));
}
