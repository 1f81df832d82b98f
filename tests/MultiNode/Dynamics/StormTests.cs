using System.Diagnostics;
using System.Net;
using AkkaScale.TestKit;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Dynamics;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Dynamics;

/// <summary>Everything is asked at once of what has just come back: a dead node's entities, and a database.</summary>
[Collection(PostgresCluster.Collection)]
public sealed class StormTests(PostgresCluster shared, ITestOutputHelper output)
{
    private const int AtATime = 512;
    private const int Bystanders = 100;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Settled = TimeSpan.FromSeconds(3);

    /// <summary>Entities in memory when the node is killed.</summary>
    private static int Warm { get; } = Setting.Of("AKKASCALE_STORM_TASKS", 1_500);

    private static TimeSpan Away { get; } = TimeSpan.FromSeconds(Setting.Of("AKKASCALE_AWAY_SECONDS", 5));

    /// <summary>Recoveries starve neither appends nor leases: who works on other entities meanwhile waits no longer than at any other kill.</summary>
    [Fact]
    public async Task All_that_a_killed_node_had_in_memory_is_asked_at_once_and_nobody_fails()
    {
        var cluster = await shared.MendedAsync();
        using var client = new GatewayClient(TimeSpan.FromSeconds(20));
        var tasks = Enumerable.Range(0, Warm).Select(number => $"warm-{number}").ToList();
        await CreateAsync(client, cluster, tasks);
        await using var load = await SteadyLoad.StartAsync(() => cluster.Gateways(), 100, Bystanders);

        var window = load.Begin("storm");
        await cluster.Node("node-3").KillAsync();
        var begun = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(tasks, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (task, _) =>
        {
            var answer = await cluster.SucceedAsync(client, HttpMethod.Post, $"/tasks/{task}/comment", new { text = "after" }, $"{task}-after");
            Assert.Equal(2, answer.Version);
        });
        var longest = Stopwatch.GetElapsedTime(begun);
        await Task.Delay(Settled);

        await load.StopAndReadBackAsync();
        using var management = cluster.Management();
        await load.CheckJournalAsync(management);
        output.WriteLine(
            $"{Warm} entities answered within {longest.TotalMilliseconds:0} ms; others waited {window.LongestPause.Pause.TotalMilliseconds:0} ms at most.");
        Assert.Empty(load.Failures);
        Assert.Empty(load.Violations);
        Assert.Equal(["node-1", "node-2"], cluster.Running.Select(node => node.Name).Order(StringComparer.Ordinal));
        Assert.InRange(window.LongestPause.Pause, TimeSpan.Zero, TimeSpan.FromSeconds(12)); // liveness, as of any kill
        await cluster.VerifyJournalAsync();
    }

    /// <summary>Clients are told so, with a time after which to come again; none waits in vain, and no process is started again.</summary>
    [Fact]
    public async Task While_the_database_is_away_clients_are_told_and_all_answer_soon_after_it_is_back()
    {
        await using var server = await PrivatePostgres.StartAsync("max_connections=100");
        await using var cluster = await ClusterFixture.StartAsync(await PostgresTestStore.CreateAsync(server), 3);
        using var client = new GatewayClient(TimeSpan.FromSeconds(20));
        var tasks = Enumerable.Range(0, 200).Select(number => $"away-{number}").ToList();
        await CreateAsync(client, cluster, tasks);
        var before = cluster.Running.Select(node => node.Id).ToList();

        await server.CrashAsync();
        await Task.Delay(Settled);
        var ends = Stopwatch.GetTimestamp() + (long)(Away.TotalSeconds * Stopwatch.Frequency);
        using var hasty = new GatewayClient(TimeSpan.FromSeconds(20), wait: TimeSpan.FromSeconds(2));
        var told = 0;
        await Parallel.ForEachAsync(tasks.Take(32), new ParallelOptions { MaxDegreeOfParallelism = 32 }, async (task, _) =>
        {
            for (var number = 0; number == 0 || Stopwatch.GetTimestamp() < ends; number++)
            {
                var gateway = cluster.Gateways()[number % 3];
                var answer = number % 2 == 0
                    ? await hasty.PostAsync(gateway, $"/tasks/{task}/comment", new { text = "away" }, $"{task}-{number}")
                    : await hasty.GetAsync(gateway, $"/tasks/{task}");
                Assert.True(
                    (answer.Status, answer.RetryAfter) == (HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)),
                    $"{task} got {answer}, to be repeated after {answer.RetryAfter}.");
                Interlocked.Increment(ref told);
            }
        });

        await server.CrashAndRestartAsync();
        var back = Stopwatch.GetTimestamp();
        await Parallel.ForEachAsync(tasks, new ParallelOptions { MaxDegreeOfParallelism = tasks.Count }, async (task, _) =>
        {
            var answer = await cluster.SucceedAsync(client, HttpMethod.Post, $"/tasks/{task}/comment", new { text = "back" }, $"{task}-back");
            Assert.Equal(2, answer.Version); // what was told to have no effect had none
        });
        output.WriteLine($"{told} answers while it was away; all answered {Stopwatch.GetElapsedTime(back).TotalMilliseconds:0} ms after it was back.");
        Assert.Equal(before, cluster.Running.Select(node => node.Id));
        await cluster.WaitUntilAllOwned(Bound);
        await cluster.VerifyJournalAsync();
    }

    private static async Task CreateAsync(GatewayClient client, ClusterFixture cluster, IReadOnlyList<string> tasks)
    {
        await cluster.SucceedAsync(client, HttpMethod.Put, "/users/tester", new { name = "Tester" }, "storm-user");
        await cluster.SucceedAsync(client, HttpMethod.Put, "/projects/storm", new { name = "Storm", owner = "tester" }, "storm-project");
        await Parallel.ForEachAsync(tasks, new ParallelOptions { MaxDegreeOfParallelism = 64 }, async (task, _) =>
            await cluster.SucceedAsync(client, HttpMethod.Put, $"/tasks/{task}", new { project = "storm", title = task }, task));
    }
}
