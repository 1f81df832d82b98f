using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;

namespace AkkaScale.Tests.Support.Dynamics;

/// <summary>A cluster that things are done to, and what must be so again after each.</summary>
/// <param name="server">Under a PostgreSQL store; else null.</param>
/// <param name="former">The program that the nodes were started with, where it is not this build's.</param>
public sealed class DynamicsCluster(ClusterFixture cluster, PrivatePostgres? server, NodeProgram? former = null)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private NodeProcess? _joined;

    public ClusterFixture Fixture { get; } = cluster;

    public async Task JoinAsync()
    {
        _joined = await Fixture.JoinAsync("node-x");
        await Fixture.WaitUntilBalanced(Bound);
    }

    /// <summary>All shards of one node are moved to another by order, and back.</summary>
    public async Task RebalanceAsync()
    {
        using var management = Fixture.Management();
        var (giver, taker) = (Fixture.Running.First(), Fixture.Running.Last());
        var moved = (await management.ShardsAsync()).Where(shard => shard.Owner == giver.Name).ToList();
        foreach (var to in (NodeProcess[])[taker, giver])
        {
            foreach (var shard in moved)
            {
                await management.MoveAsync(shard.Region, shard.Shard, to.Name);
            }

            await Eventually.Holds($"{moved.Count} shards are on {to.Name}", Bound, async () =>
            {
                var owners = (await management.ShardsAsync()).ToDictionary(shard => shard.Key, shard => shard.Owner);
                var missing = moved.Count(shard => owners[shard.Key] != to.Name);
                return missing == 0 ? null : $"{missing} are not";
            });
        }

        await Fixture.WaitUntilBalanced(Bound);
    }

    /// <summary>The node that joined last leaves, else the last one, which then comes back.</summary>
    public async Task LeaveAsync()
    {
        var leaver = _joined ?? Fixture.Running.Last();
        leaver.Terminate();
        await EndedInOrderAsync(leaver);
        if (_joined is null)
        {
            await Fixture.RestartAsync(leaver);
        }

        _joined = null;
        await Fixture.WaitUntilBalanced(Bound);
    }

    public Task RollingRestartAsync() => OneAfterTheOtherAsync(node => Fixture.RestartAsync(node));

    /// <summary>From the former version to this one: both run side by side meanwhile.</summary>
    public Task UpgradeAsync() => OneAfterTheOtherAsync(node => Fixture.RestartAsync(node, NodeProgram.Of(Repository.NodeProgram)));

    /// <summary>And back.</summary>
    public Task RollBackAsync() => OneAfterTheOtherAsync(node => Fixture.RestartAsync(node, former!));

    public async Task KillAsync(bool coordinator)
    {
        var name = await Fixture.CoordinatorAsync();
        var victim = Fixture.Running.First(node => node.Name == name == coordinator);
        await victim.KillAsync();
        await Fixture.WaitUntilAllOwned(Bound);
        await Fixture.RestartAsync(victim);
        await Fixture.WaitUntilBalanced(Bound);
    }

    public async Task KillTwoAsync()
    {
        var victims = Fixture.Running.Take(2).ToList();
        await Task.WhenAll(victims.Select(victim => victim.KillAsync()));
        await Fixture.WaitUntilAllOwned(Bound);
        await Task.WhenAll(victims.Select(victim => Fixture.RestartAsync(victim)));
        await Fixture.WaitUntilBalanced(Bound);
    }

    /// <summary>A node reaches the store and no other node: it is sent away, and comes back.</summary>
    public async Task CutFromNodesAsync()
    {
        var victim = await NoCoordinatorAsync();
        await Fixture.Spec.IsolateAsync(victim.Name);
        await victim.WaitForExitAsync(Bound);
        await Fixture.Spec.RejoinAsync(victim.Name);
        await Fixture.RestartAsync(victim);
        await Fixture.WaitUntilBalanced(Bound);
    }

    /// <summary>A node reaches the other nodes and not the store: it is declared dead, and comes back.</summary>
    public async Task CutFromStoreAsync()
    {
        var victim = await NoCoordinatorAsync();
        await Fixture.Spec.CutStoreAsync(victim.Name);
        await victim.WaitForExitAsync(Bound);
        await Fixture.Spec.HealStoreAsync(victim.Name);
        await Fixture.RestartAsync(victim);
        await Fixture.WaitUntilBalanced(Bound);
    }

    /// <summary>
    /// SIGSTOP, and SIGCONT after a time. A process that was declared dead meanwhile ends when it finds out, or was killed by whoever took
    /// over from it; then it is started again.
    /// </summary>
    public async Task PauseAsync(TimeSpan time)
    {
        var sleeper = await NoCoordinatorAsync();
        var before = await Fixture.IncarnationAsync(sleeper);
        sleeper.Pause();
        await Task.Delay(time);
        sleeper.Resume();
        await Eventually.Holds($"{sleeper.Name} goes on, or has ended", Bound, async () =>
        {
            if (sleeper.HasExited)
            {
                sleeper = await Fixture.RestartAsync(sleeper);
                return null;
            }

            using var management = new ManagementClient(sleeper.Management);
            return await management.IsReadyAsync() && await Fixture.IncarnationAsync(sleeper) == before ? null : "neither";
        });
        await Fixture.WaitUntilBalanced(Bound);
    }

    public async Task RestartDatabaseAsync()
    {
        await server!.CrashAndRestartAsync();
        await Fixture.WaitUntilBalanced(Bound);
    }

    private async Task OneAfterTheOtherAsync(Func<NodeProcess, Task> restart)
    {
        foreach (var node in Fixture.Running.ToArray())
        {
            node.Terminate();
            await EndedInOrderAsync(node);
            await restart(node);
            await Fixture.WaitUntilBalanced(Bound);
        }
    }

    private async Task<NodeProcess> NoCoordinatorAsync()
    {
        var name = await Fixture.CoordinatorAsync();
        return Fixture.Running.Last(node => node.Name != name);
    }

    private static async Task EndedInOrderAsync(NodeProcess node)
    {
        var exitCode = await node.WaitForExitAsync(Bound);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"{node.Name} ended with {exitCode}:\n{node.Tail()}");
        }
    }
}
