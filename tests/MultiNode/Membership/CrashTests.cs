using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Membership;

public abstract class CrashTests(ITestOutputHelper output)
{
    protected static readonly TimeSpan TakeoverBound = TimeSpan.FromSeconds(30);
    protected static readonly TimeSpan BalanceBound = TimeSpan.FromSeconds(40);

    protected async Task CheckAsync(ClusterFixture cluster, TaskLoad load, long rows)
    {
        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());
        await cluster.VerifyJournalAsync(load, rows);
    }
}

[Collection(PostgresCluster.Collection)]
public sealed class PostgresCrashTests(PostgresCluster shared, ITestOutputHelper output) : CrashTests(output)
{
    [Fact]
    public async Task Nothing_is_lost_when_a_node_is_killed_and_it_gets_its_share_when_it_comes_back()
    {
        var cluster = await shared.MendedAsync();
        var rows = await cluster.VerifyJournalAsync();
        var coordinator = await cluster.CoordinatorAsync();
        var victim = cluster.Running.First(node => node.Name != coordinator);
        await using var load = await TaskLoad.StartAsync(cluster.Gateways());
        var before = await cluster.IncarnationAsync(victim);

        await victim.KillAsync();
        await cluster.WaitUntilAllOwned(TakeoverBound);
        await load.ProgressAsync(500);

        var back = await cluster.RestartAsync(victim);
        await cluster.WaitUntilBalanced(BalanceBound);
        await load.ProgressAsync(500);

        await CheckAsync(cluster, load, rows);
        Assert.NotEqual(before, await cluster.IncarnationAsync(back));
    }
}

[Collection(SqliteCluster.Collection)]
public sealed class SqliteCrashTests(SqliteCluster shared, ITestOutputHelper output) : CrashTests(output)
{
    [Fact]
    public async Task Another_node_coordinates_when_the_coordinator_is_killed()
    {
        var cluster = await shared.MendedAsync();
        var rows = await cluster.VerifyJournalAsync();
        var coordinator = await cluster.CoordinatorAsync();
        await using var load = await TaskLoad.StartAsync(cluster.Gateways());

        var examined = await ExaminedAsync(cluster, coordinator);
        await cluster.WaitUntilAllOwned(TakeoverBound);
        await load.ProgressAsync(500);

        // Who has just died is taken neither for alive nor for a node behind a firewall, whenever one looked, and its death leaves a trace.
        Assert.All(examined, found =>
        {
            Assert.DoesNotContain("cluster/unreachable", found, StringComparison.Ordinal);
            Assert.DoesNotContain("cluster/no-report", found, StringComparison.Ordinal);
        });
        var afterwards = await Pbm.RunAsync(cluster, "doctor");
        Assert.Contains($"cluster/died: {coordinator} has died", afterwards.Output, StringComparison.Ordinal);
        Assert.Contains($"{coordinator} died at ", (await Pbm.RunAsync(cluster, "cluster", "show")).Output, StringComparison.Ordinal);
        Assert.Contains($"{coordinator} declared dead", (await Pbm.RunAsync(cluster, "audit")).Output, StringComparison.Ordinal);

        Assert.NotEqual(coordinator, await cluster.CoordinatorAsync());
        await CheckAsync(cluster, load, rows);
    }

    /// <summary>What the doctor of another node says when it is asked all the time while one is killed.</summary>
    private static async Task<string[]> ExaminedAsync(ClusterFixture cluster, string victim)
    {
        using var http = new HttpClient { BaseAddress = cluster.Running.First(node => node.Name != victim).Management };
        var asked = new List<Task<string>>();
        for (var number = 0; number < 20; number++)
        {
            if (number == 10)
            {
                await cluster.Node(victim).KillAsync();
            }

            asked.Add(AskAsync());
            await Task.Delay(20);
        }

        return await Task.WhenAll(asked);

        async Task<string> AskAsync()
        {
            using var answer = await http.GetAsync("/doctor");
            return await answer.Content.ReadAsStringAsync();
        }
    }
}
