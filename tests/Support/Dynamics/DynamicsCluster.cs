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

    /// <summary>
    /// SIGSTOP, and SIGCONT after a time. A process that was declared dead meanwhile ends when it finds out, or was killed by whoever took
    /// over from it; then it is started again.
    /// </summary>
    public async Task PauseAsync(TimeSpan time)
    {
        var name = await Fixture.CoordinatorAsync();
        var sleeper = Fixture.Running.Last(node => node.Name != name);
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

    private static async Task EndedInOrderAsync(NodeProcess node)
    {
        var exitCode = await node.WaitForExitAsync(Bound);
        if (exitCode != 0)
        {
            throw new InvalidOperationException($"{node.Name} ended with {exitCode}:\n{node.Tail()}");
        }
    }
}
