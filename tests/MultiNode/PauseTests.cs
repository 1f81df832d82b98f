using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;
using Xunit.Sdk;

namespace AkkaScale.Tests.MultiNode;

[Collection(Stores.Collection)]
public sealed class PauseTests(Stores stores, ITestOutputHelper output)
{
    private const int KilledBySignal = 128 + 9;

    private static readonly TimeSpan TakeoverBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan BalanceBound = TimeSpan.FromSeconds(40);

    /// <summary>A stopped process believes in its lease until it runs again; by then others own its shards.</summary>
    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task A_node_that_slept_through_its_lease_comes_back_as_another_incarnation(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 3);
        var sleeper = cluster.Node("node-3");
        var before = await cluster.IncarnationAsync(sleeper);
        await using var load = await TaskLoad.StartAsync(cluster.Gateways(), attemptTimeout: TimeSpan.FromSeconds(5));

        sleeper.Pause();
        await cluster.WaitUntilAllOwned(TakeoverBound, but: sleeper);
        await load.ProgressAsync(500);
        sleeper.Resume();

        sleeper = await BackAsync(cluster, sleeper, before, mayHaveBeenEnded: store == TestStore.Sqlite);
        await cluster.WaitUntilBalanced(BalanceBound);
        await load.ProgressAsync(500);

        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());
        await cluster.VerifyJournalAsync(load);
        Assert.NotEqual(before, await cluster.IncarnationAsync(sleeper));
    }

    /// <param name="mayHaveBeenEnded">
    /// On the embedded store a process that was stopped inside a write holds the lock that all need, and a successor ends it.
    /// </param>
    private static async Task<NodeProcess> BackAsync(ClusterFixture cluster, NodeProcess sleeper, string before, bool mayHaveBeenEnded)
    {
        await Eventually.Holds($"{sleeper.Name} is up as another incarnation", BalanceBound, async () =>
        {
            if (sleeper.HasExited)
            {
                return mayHaveBeenEnded ? null : throw new XunitException($"{sleeper.Name} has ended:\n{sleeper.Tail()}");
            }

            using var management = cluster.Management(but: sleeper);
            var incarnations = (await management.MembersAsync()).Where(member => member.Name == sleeper.Name && member.Status == "Up").ToList();
            return incarnations.Any(member => member.NodeUid != before) ? null : string.Join(", ", incarnations);
        });
        if (!sleeper.HasExited)
        {
            return sleeper;
        }

        Assert.Equal(KilledBySignal, await sleeper.WaitForExitAsync(TakeoverBound));
        return await cluster.RestartAsync(sleeper);
    }
}
