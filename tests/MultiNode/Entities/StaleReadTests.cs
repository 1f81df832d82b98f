using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Entities;

/// <summary>Writers and readers on one entity, while the process that has it in memory is not its owner any more.</summary>
public abstract class StaleReadTests(SharedCluster shared, ITestOutputHelper output)
{
    private const int FoundItselfDead = 82;
    private const int KilledBySignal = 128 + 9;

    protected static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    protected SharedCluster Shared => shared;

    protected ITestOutputHelper Output => output;

    [Fact]
    public async Task No_read_is_stale_when_a_process_goes_on_that_was_stopped_past_its_deadline()
    {
        var cluster = await shared.MendedAsync();
        await using var load = await HotEntityLoad.StartAsync(cluster.Gateways());
        var sleeper = cluster.Node(await cluster.OwnerOfTaskAsync(load.Id));

        sleeper.Pause();
        await cluster.OwnerOfTaskAsync(load.Id, but: sleeper);
        await load.ProgressAsync(50);
        sleeper.Resume();

        // It answers what had come in before it was stopped, and what comes now, until it has learned that it is dead. On the embedded store
        // whoever takes over ends it: stopped inside a write it would hold the lock that all need.
        var exitCode = await sleeper.WaitForExitAsync(Bound);
        Assert.True(
            exitCode == FoundItselfDead || (shared.Store == TestStore.Sqlite && exitCode == KilledBySignal), $"it ended with {exitCode}:\n{sleeper.Tail()}");
        await cluster.RestartAsync(sleeper);
        await load.ProgressAsync(100);
        await load.StopAndCheckAsync();
        output.WriteLine($"{shared.Store}: {load}");
        await cluster.VerifyJournalAsync();
    }
}

[Collection(SqliteCluster.Collection)]
public sealed class SqliteStaleReadTests(SqliteCluster shared, ITestOutputHelper output) : StaleReadTests(shared, output);

[Collection(PostgresCluster.Collection)]
public sealed class PostgresStaleReadTests(PostgresCluster shared, ITestOutputHelper output) : StaleReadTests(shared, output)
{
    /// <summary>The owner is alive and answers reads from memory at the moment it is declared down.</summary>
    [Fact]
    public async Task No_read_is_stale_while_a_live_and_serving_owner_is_forced_down()
    {
        var cluster = await Shared.MendedAsync();
        await using var load = await HotEntityLoad.StartAsync(cluster.Gateways());
        foreach (var throughItself in (bool[])[false, true])
        {
            var owner = cluster.Node(await cluster.OwnerOfTaskAsync(load.Id));
            var incarnation = await cluster.IncarnationAsync(owner);

            // By name, through another node; by incarnation, through the node itself.
            using var management = throughItself ? new ManagementClient(owner.Management) : cluster.Management(but: owner);
            try
            {
                var order = await management.OrderAsync(throughItself ? incarnation : owner.Name, "Down");
                Assert.Equal((owner.Name, incarnation, "Down"), (order.Name, order.NodeUid, order.Status));
                Assert.InRange(order.TakeoverWithinSeconds!.Value, 2.2, 3.0);
            }
            catch (HttpRequestException error) when (throughItself && error.InnerException is IOException)
            {
                // It may have ended before its answer left; that it ends is what counts.
            }

            await cluster.RestartAsync(owner, Bound);
            await load.ProgressAsync(100);
        }

        await load.StopAndCheckAsync();
        Output.WriteLine($"{Shared.Store}: {load}");
        await cluster.VerifyJournalAsync();
    }
}
