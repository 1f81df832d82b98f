using System.Collections.Concurrent;
using AkkaScale.TestKit;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Dynamics;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Entities;

/// <summary>One entity that everybody wants, while its shard is sent from node to node and its node is killed.</summary>
[Collection(PostgresCluster.Collection)]
public sealed class HotEntityTests(PostgresCluster shared, ITestOutputHelper output)
{
    private const int Clients = 256;
    private const int Moves = 10;
    private const string Hot = "hot-for-all";
    private const string FirstKey = "the-first-comment";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Each_command_takes_effect_once_in_a_single_order_while_the_shard_moves_and_its_node_is_killed()
    {
        var cluster = await shared.MendedAsync();
        using var client = new GatewayClient(TimeSpan.FromSeconds(35));
        var first = await PrepareAsync(client, cluster.Gateways()[0]);
        var violations = new ConcurrentQueue<string>();
        var history = new EntityHistory(Hot, violations);
        history.Wrote(FirstKey, first.Version!.Value, 0);
        using var stop = new CancellationTokenSource();

        // node-3 is the one that is killed; its gateway serves nobody.
        var gateways = new[] { cluster.Node("node-1").Gateway, cluster.Node("node-2").Gateway };
        var clients = Enumerable.Range(0, Clients)
            .Select(number => Task.Run(() => HammerAsync(client, gateways[number % 2], number, history, stop.Token))).ToArray();

        for (var move = 0; move < Moves; move++)
        {
            await MoveAsync(cluster, $"node-{(move % 3) + 1}");
            await GoOnAsync(history, $"after move {move + 1}");
        }

        await MoveAsync(cluster, "node-3");
        await cluster.Node("node-3").KillAsync();
        await GoOnAsync(history, "after its node was killed");
        await stop.CancelAsync();
        await Task.WhenAll(clients);

        Assert.Empty(violations);
        await CheckRepeatAsync(client, cluster, gateways[0], first);
        await CheckJournalAsync(cluster, history);
        output.WriteLine($"{shared.Store}: {history.Writes.Count} commands of {Clients} clients over {Moves + 1} moves and a kill");
    }

    private static async Task<GatewayAnswer> PrepareAsync(GatewayClient client, Uri gateway)
    {
        Assert.True((await client.PutAsync(gateway, "/users/tester", new { name = "Tester" })).IsSuccess);
        Assert.True((await client.PutAsync(gateway, "/projects/p", new { name = "P", owner = "tester" })).IsSuccess);
        Assert.True((await client.PutAsync(gateway, $"/tasks/{Hot}", new { project = "p", title = "Hot" })).IsSuccess);
        var first = await client.PostAsync(gateway, $"/tasks/{Hot}/comment", new { text = FirstKey }, FirstKey);
        Assert.True(first.IsSuccess, first.ToString());
        return first;
    }

    private static async Task MoveAsync(ClusterFixture cluster, string node)
    {
        using var management = cluster.Management();
        var shard = (await management.WhereAsync("task", Hot)).Shard;
        await management.MoveAsync("task", shard, node);
        await Eventually.Holds($"task/{shard} is at {node} ({cluster.Spec.Logs})", Bound, async () =>
            (await management.WhereAsync("task", Hot)).Owner is var owner && owner == node ? null : owner);
    }

    private static Task GoOnAsync(EntityHistory history, string when)
    {
        var goal = history.Seen + Clients;
        return Eventually.Holds($"the entity goes on {when}", Bound, () => history.Seen >= goal ? null : $"it is at {history.Seen} of {goal}");
    }

    /// <summary>A repeat gets the first answer: from memory, and when the entity was passivated meanwhile and has forgotten all but the last.</summary>
    private static async Task CheckRepeatAsync(GatewayClient client, ClusterFixture cluster, Uri gateway, GatewayAnswer first)
    {
        using var management = cluster.Management();
        for (var round = 0; round < 2; round++)
        {
            var again = await client.PostAsync(gateway, $"/tasks/{Hot}/comment", new { text = FirstKey }, FirstKey);
            Assert.Equal((first.Status, first.Version), (again.Status, again.Version));
            await management.PassivateAsync("task", Hot);
        }
    }

    private static async Task CheckJournalAsync(ClusterFixture cluster, EntityHistory history)
    {
        using var management = cluster.Management();
        var comments = (await management.EventsAsync("task", Hot)).Where(happened => happened.Type == "commented")
            .ToDictionary(happened => happened.Version, happened => happened.Payload.GetProperty("text").GetString()!);
        Assert.Equal(comments.Count, comments.Values.Distinct().Count());
        Assert.Equal(history.Writes.OrderBy(write => write.Key), comments.OrderBy(write => write.Key));
        await cluster.VerifyJournalAsync();
    }

    /// <summary>One command after the other, every fourth time a read before it; what one client sees never goes back.</summary>
    private static async Task HammerAsync(GatewayClient client, Uri gateway, int number, EntityHistory history, CancellationToken stop)
    {
        for (var count = 0; !stop.IsCancellationRequested; count++)
        {
            var command = $"client {number} comment {count}";
            var seenBefore = history.Seen;
            history.Wrote(
                command,
                await VersionAsync(() => client.PostAsync(gateway, $"/tasks/{Hot}/comment", new { text = command }, command.Replace(' ', '-'))),
                seenBefore);
            if (count % 4 == 0)
            {
                seenBefore = history.Seen;
                history.Read(await VersionAsync(() => client.GetAsync(gateway, $"/tasks/{Hot}")), seenBefore);
            }
        }
    }

    /// <summary>Overload is an answer that a client meets by waiting; anything else must be success.</summary>
    private static async Task<long> VersionAsync(Func<Task<GatewayAnswer>> ask)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            var answer = await ask();
            if (answer is { IsSuccess: true, Version: { } version })
            {
                return version;
            }

            if ((int)answer.Status != 429 || clock.Elapsed > Bound)
            {
                throw new InvalidOperationException($"after {clock.Elapsed.TotalSeconds:0.0} s: {answer}");
            }

            await Task.Delay(20);
        }
    }
}
