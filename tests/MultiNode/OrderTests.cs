using System.Net.Http.Json;
using AkkaScale.TestKit;
using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

/// <summary>Operators' orders on real processes.</summary>
[Collection(Stores.Collection)]
public sealed class OrderTests(Stores stores, ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task A_node_is_drained_under_load_without_an_error_and_gets_its_share_back(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 3);
        await using var load = await TaskLoad.StartAsync(cluster.Gateways());
        var node = cluster.Node("node-2");

        await OrderAsync(cluster, "/nodes/node-2/drain", new { reason = "test", by = "tests" });
        await Eventually.Holds("node-2 owns nothing, the others everything", Bound, async () =>
        {
            var shards = await cluster.ShardsOfAsync(node);
            return shards.Count == 0 ? null : $"it has {shards.Count}";
        });
        await load.ProgressAsync(500);
        Assert.Empty(await cluster.ShardsOfAsync(node));
        Assert.Contains((await cluster.MembersAsync()), member => member.StartsWith("node-2 ", StringComparison.Ordinal) && member.EndsWith(" Up", StringComparison.Ordinal));

        await OrderAsync(cluster, "/nodes/node-2/uncordon", new { });
        await cluster.WaitUntilBalanced(Bound);
        await load.ProgressAsync(500);

        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());
        Assert.Empty(load.Troubles);
        await cluster.VerifyJournalAsync(load);
    }

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task Pins_hold_when_another_node_becomes_coordinator(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 3);
        var coordinator = cluster.Node(await cluster.CoordinatorAsync());
        var home = cluster.Nodes.First(node => node != coordinator);
        var pinned = (await cluster.ShardsOfAsync(coordinator)).Take(3).ToList();
        foreach (var shard in pinned)
        {
            await OrderAsync(cluster, $"/shards/{shard}/pin", new { node = home.Name, reason = "test" });
        }

        await ArePinnedAsync();
        await coordinator.KillAsync();
        await cluster.WaitUntilAllOwned(Bound);
        await ArePinnedAsync();

        await cluster.RestartAsync(coordinator);
        await cluster.WaitUntilBalanced(Bound);
        Assert.Subset((await cluster.ShardsOfAsync(home)).ToHashSet(), pinned.ToHashSet());

        Task ArePinnedAsync() => Eventually.Holds($"{home.Name} owns the shards pinned to it", Bound, async () =>
        {
            var missing = pinned.Except(await cluster.ShardsOfAsync(home)).ToList();
            return missing.Count == 0 ? null : $"it does not own {string.Join(", ", missing)}";
        });
    }

    private static async Task OrderAsync(ClusterFixture cluster, string path, object body)
    {
        using var http = new HttpClient { BaseAddress = cluster.Running.First().Management, Timeout = TimeSpan.FromSeconds(10) };
        using var answer = await http.PostAsJsonAsync(path, body);
        Assert.True(answer.IsSuccessStatusCode, $"{path}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    }
}
