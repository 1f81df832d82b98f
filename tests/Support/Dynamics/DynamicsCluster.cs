using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;

namespace AkkaScale.Tests.Support.Dynamics;

/// <summary>A cluster that things are done to, and what must be so again after each.</summary>
public sealed class DynamicsCluster(ClusterFixture cluster, PrivatePostgres? server)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private NodeProcess? _joined;

    public ClusterFixture Fixture { get; } = cluster;

    public async Task JoinAsync()
    {
        _joined = await Fixture.JoinAsync("node-x");
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

    public async Task DrainAsync()
    {
        var node = Fixture.Running.Last();
        using var management = Fixture.Management(but: node);
        await management.DrainAsync(node.Name);
        await Eventually.Holds($"{node.Name} has no shards any more", Bound, async () =>
            (await Fixture.ShardsOfAsync(node)).Count is var rest and > 0 ? $"{rest} are left" : null);
        await management.UncordonAsync(node.Name);
        await Fixture.WaitUntilBalanced(Bound);
    }

    /// <summary>An eighth of all shards is pinned to the first node and let go again.</summary>
    public async Task RebalanceAsync()
    {
        var home = Fixture.Running.First();
        using var management = Fixture.Management();
        var moved = Enumerable.Range(0, ClusterFixture.ShardCount).Where(shard => shard % 8 == 0).ToHashSet();
        foreach (var shard in moved)
        {
            await management.PinAsync(shard, home.Name);
        }

        await Eventually.Holds($"{home.Name} owns the shards pinned to it", Bound, async () =>
            moved.IsSubsetOf(await Fixture.ShardsOfAsync(home)) ? null : "some are elsewhere");
        foreach (var shard in moved)
        {
            await management.UnpinAsync(shard);
        }

        await Fixture.WaitUntilBalanced(Bound);
    }

    public async Task RollingRestartAsync()
    {
        foreach (var node in Fixture.Running.ToArray())
        {
            node.Terminate();
            await EndedInOrderAsync(node);
            await Fixture.RestartAsync(node);
            await Fixture.WaitUntilBalanced(Bound);
        }
    }

    public async Task KillAsync(bool coordinator)
    {
        var name = await Fixture.CoordinatorAsync();
        var victim = Fixture.Running.First(node => node.Name == name == coordinator);
        await victim.KillAsync();
        await Fixture.WaitUntilAllOwned(Bound);
        await Fixture.RestartAsync(victim);
        await Fixture.WaitUntilBalanced(Bound);
    }

    /// <summary>SIGSTOP, and SIGCONT after a time. On the embedded store a successor may have ended the process; then it is started again.</summary>
    public async Task PauseAsync(TimeSpan time)
    {
        var name = await Fixture.CoordinatorAsync();
        var sleeper = Fixture.Running.Last(node => node.Name != name);
        sleeper.Pause();
        await Task.Delay(time);
        sleeper.Resume();
        await Eventually.Holds($"{sleeper.Name} is ready again", Bound, async () =>
        {
            if (sleeper.HasExited)
            {
                sleeper = await Fixture.RestartAsync(sleeper);
            }

            using var management = new ManagementClient(sleeper.Management);
            return await management.IsReadyAsync() ? null : "it is not";
        });
        await Fixture.WaitUntilBalanced(Bound);
    }

    public async Task RestartDatabaseAsync()
    {
        await server!.CrashAndRestartAsync();
        await Fixture.WaitUntilBalanced(Bound);
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
