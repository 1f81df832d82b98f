using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Chaos.Nemeses;

/// <summary>Processes that die, leave, come, stand still and are replaced.</summary>
internal static class ProcessNemeses
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(30);

    public static IEnumerable<Nemesis> All =>
    [
        new("kill-9", "ends a node with SIGKILL", Area.Process, KillAsync),
        new("leave", "ends a node in order and starts it again", Area.Process, LeaveAsync),
        new("join", "adds a node, which then leaves", Area.Process, JoinAsync),
        new("stop-0.5", "stops a node with SIGSTOP for half a lease", Area.Process, strike => PauseAsync(strike, 0.5)),
        new("stop-1.5", "stops a node for one and a half leases", Area.Process, strike => PauseAsync(strike, 1.5)),
        new("stop-3", "stops a node for three leases", Area.Process, strike => PauseAsync(strike, 3)),
        new("rolling-restart", "ends and starts every entity node, one after the other", Area.Process, RollAsync) { IsWhole = true },
    ];

    private static async Task KillAsync(Strike strike)
    {
        var node = await strike.ChooseNodeAsync();
        var before = await strike.Cluster.ShardsAsync();
        strike.Begin(node.Name, "SIGKILL; started again when others serve its shards", Strike.CrashBound);
        await node.KillAsync();
        var taken = await strike.Cluster.TakenOverAsync(before, node.Name, Bound);
        strike.Effect(taken > 0, $"{taken} shards were taken over under higher epochs");
        await strike.Cluster.RestartAsync(node.Name);
    }

    private static async Task LeaveAsync(Strike strike)
    {
        var node = await strike.ChooseNodeAsync();
        var before = await strike.Cluster.ShardsAsync();
        strike.Begin(node.Name, "SIGTERM; started again when it has gone", Strike.CrashBound);
        node.Terminate();
        var exit = await node.WaitForExitAsync(Bound);
        var given = await strike.Cluster.TakenOverAsync(before, node.Name, Bound);
        strike.Effect(exit == 0 && given > 0, $"ended with {exit}, {given} shards given away");
        await strike.Cluster.RestartAsync(node.Name);
    }

    private static async Task JoinAsync(Strike strike)
    {
        const string name = ChaosCluster.GuestName;
        strike.Begin(name, "joins, gets shards, leaves", Strike.CrashBound);
        await strike.Cluster.JoinAsync(name);

        await strike.EffectAsync(async () =>
            (await strike.Cluster.ShardsAsync()).Count(shard => shard.Owner == name) is var owned and > 0 ? $"it got {owned} shards" : null);
        await strike.HoldAsync(TimeSpan.FromSeconds(2));
        strike.Cluster.Node(name).Terminate();
        await strike.Cluster.Node(name).WaitForExitAsync(Bound);
        strike.Cluster.Forget(name);
    }

    private static async Task PauseAsync(Strike strike, double leases)
    {
        var node = await strike.ChooseNodeAsync();
        var before = await strike.Cluster.ShardsAsync();
        strike.Begin(node.Name, $"SIGSTOP for {leases} leases", Strike.CrashBound + (Strike.Lease * leases));
        strike.Cluster.Silence(node);
        node.Pause();
        await strike.HoldAsync(Strike.Lease * leases);
        var silent = await SilentAsync(node);
        node.ResumeIfRunning();
        strike.End();
        strike.Cluster.Unsilence(node);
        await ChaosCluster.WaitUntilDecidedAsync(node, Bound);
        if (leases < 2 || !strike.IsAlone)
        {
            strike.Effect(silent, $"it {(silent ? "did not answer" : "answered")}, and {await CountTakenAsync(strike, before, node.Name)} of its shards went to higher epochs");
            return;
        }

        await strike.EffectAsync(async () =>
            await CountTakenAsync(strike, before, node.Name) is var taken and > 0 ? $"{taken} of its shards went to higher epochs" : null);
    }

    private static async Task RollAsync(Strike strike)
    {
        strike.Begin("all", "SIGTERM and start again, one after the other", TimeSpan.FromMinutes(2));
        var restarted = await RestartAllAsync(strike);
        strike.Effect(restarted.Count > 0, $"ended with their exit codes: {string.Join(", ", restarted)}");
    }

    private static async Task<IReadOnlyList<string>> RestartAllAsync(Strike strike)
    {
        var restarted = new List<string>();
        foreach (var node in strike.Cluster.Entities)
        {
            node.Terminate();
            restarted.Add($"{node.Name} ({await node.WaitForExitAsync(Bound)})");
            await strike.Cluster.RestartAsync(node.Name);
            await strike.Cluster.WaitUntilHealthyAsync(Bound);
        }

        return restarted;
    }

    private static async Task<bool> SilentAsync(TestKit.Processes.NodeProcess node)
    {
        using var http = new HttpClient { BaseAddress = node.Management, Timeout = TimeSpan.FromMilliseconds(200) };
        try
        {
            using var answer = await http.GetAsync("/alive");
            return false;
        }
        catch (Exception silence) when (silence is OperationCanceledException or HttpRequestException)
        {
            return true;
        }
    }

    private static async Task<int> CountTakenAsync(Strike strike, IReadOnlyList<ShardView> before, string from)
    {
        var owned = before.Where(shard => shard.Owner == from).ToDictionary(shard => (shard.Region, shard.Shard), shard => shard.Epoch);
        return (await strike.Cluster.ShardsAsync()).Count(shard =>
            owned.TryGetValue((shard.Region, shard.Shard), out var epoch) && shard.Epoch > epoch);
    }
}
