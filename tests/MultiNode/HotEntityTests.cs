using System.Collections.Concurrent;
using AkkaScale.TestKit;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Dynamics;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

/// <summary>One entity that everybody wants, while its shard is sent from node to node.</summary>
[Collection(Stores.Collection)]
public sealed class HotEntityTests(Stores stores, ITestOutputHelper output)
{
    private const int Clients = 256;
    private const int Moves = 10;
    private const string Hot = "hot";

    private static readonly TimeSpan MoveBound = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan CommandBound = TimeSpan.FromSeconds(60);

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task Each_command_takes_effect_once_in_a_single_order_while_the_shard_moves_ten_times(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 3);
        using var management = cluster.Management();
        var gateways = cluster.Gateways().Take(2).ToArray();
        using var client = new GatewayClient(TimeSpan.FromSeconds(20));
        Assert.True((await client.PutAsync(gateways[0], "/users/tester", new { name = "Tester" })).IsSuccess);
        Assert.True((await client.PutAsync(gateways[0], "/projects/p", new { name = "P", owner = "tester" })).IsSuccess);
        Assert.True((await client.PutAsync(gateways[0], $"/tasks/{Hot}", new { project = "p", title = "Hot" })).IsSuccess);

        var violations = new ConcurrentQueue<string>();
        var history = new EntityHistory(Hot, violations);
        using var stop = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(number => Task.Run(() => HammerAsync(client, gateways[number % 2], number, history, stop.Token))).ToArray();

        var shard = (await management.WhereAsync("task", Hot)).Shard;
        var owners = new HashSet<string>();
        for (var move = 0; move < Moves; move++)
        {
            var target = $"node-{move % 3 + 1}";
            await management.PinAsync(shard, target);
            await Eventually.Holds($"shard {shard} is owned by {target} (move {move + 1})", MoveBound, async () =>
                (await management.ShardsAsync()).Single(row => row.Shard == shard).Owner is var owner && owner == target ? null : owner);
            owners.Add(target);
            var goal = history.Seen + Clients;
            await Eventually.Holds($"the entity goes on at {target}", MoveBound, () => history.Seen >= goal ? null : $"it is at {history.Seen} of {goal}");
        }

        await stop.CancelAsync();
        await Task.WhenAll(clients);
        Assert.Empty(violations);
        Assert.Equal(3, owners.Count);

        var comments = (await management.EventsAsync("task", Hot)).Where(happened => happened.Type == "commented")
            .ToDictionary(happened => happened.Version, happened => happened.Payload.GetProperty("text").GetString()!);
        Assert.Equal(comments.Count, comments.Values.Distinct().Count());
        Assert.Equal(history.Writes.OrderBy(write => write.Key), comments.OrderBy(write => write.Key));
        output.WriteLine($"{comments.Count} commands of {Clients} clients over {Moves} moves");
        await cluster.VerifyJournalAsync();
    }

    /// <summary>One command after the other, every fourth time a read before it; what one client sees never goes back.</summary>
    private static async Task HammerAsync(GatewayClient client, Uri gateway, int number, EntityHistory history, CancellationToken stop)
    {
        for (var count = 0; !stop.IsCancellationRequested; count++)
        {
            var command = $"client {number} comment {count}";
            var seenBefore = history.Seen;
            history.Wrote(command, await VersionAsync(() => client.PostAsync(gateway, $"/tasks/{Hot}/comment", new { text = command }, command.Replace(' ', '-'))), seenBefore);
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

            if ((int)answer.Status != 429 || clock.Elapsed > CommandBound)
            {
                throw new InvalidOperationException($"after {clock.Elapsed.TotalSeconds:0.0} s: {answer}");
            }

            await Task.Delay(20);
        }
    }
}
