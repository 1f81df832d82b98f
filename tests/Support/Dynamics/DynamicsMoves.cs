using System.Text.Json.Nodes;
using AkkaScale.TestKit;

namespace AkkaScale.Tests.Support.Dynamics;

/// <summary>What operators do with the shards of a running cluster, by pbm.</summary>
internal static class DynamicsMoves
{
    private const int ByHand = 30;

    private static readonly TimeSpan Bound = TimeSpan.FromMinutes(3);

    /// <summary>Every shard is moved once, by a plan that is applied: each node's to the next one.</summary>
    public static async Task AllOnceAsync(ClusterFixture cluster)
    {
        var next = cluster.Running.Select(node => node.Name).Order(StringComparer.Ordinal).ToList();
        using var management = cluster.Management();
        var before = await management.ShardsAsync();
        var moves = before.Select(shard => new JsonObject
        {
            ["region"] = shard.Region,
            ["shard"] = shard.Shard,
            ["from"] = shard.Owner,
            ["to"] = next[(next.IndexOf(shard.Owner!) + 1) % next.Count],
            ["epoch"] = shard.Epoch,
            ["reason"] = "all once",
        }).ToArray<JsonNode>();
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, new JsonObject { ["moves"] = new JsonArray(moves), ["nodes"] = new JsonArray(), ["waits"] = new JsonArray() }.ToJsonString());
            // One that the balance has moved since is refused: it has moved once.
            await PbmAsync(cluster, mayFind: true, "shards", "apply", file, "--wait");
        }
        finally
        {
            File.Delete(file);
        }

        var epochs = before.ToDictionary(shard => shard.Key, shard => shard.Epoch);
        await Eventually.Holds("every shard has moved", Bound, async () =>
            (await management.ShardsAsync()).FirstOrDefault(shard => shard.Epoch <= epochs[shard.Key])?.ToString());
        await cluster.WaitUntilBalanced(Bound);
    }

    /// <summary>A node gives away all it has, and takes its share back.</summary>
    public static async Task DrainAsync(ClusterFixture cluster)
    {
        var node = cluster.Running.Last().Name;
        await PbmAsync(cluster, "node", "drain", node, "--wait");
        await PbmAsync(cluster, "node", "uncordon", node);
        await PbmAsync(cluster, "shards", "rebalance");
        await cluster.WaitUntilBalanced(Bound);
    }

    /// <summary>One shard after the other, each when the one before has arrived.</summary>
    public static async Task ByHandAsync(ClusterFixture cluster)
    {
        using var management = cluster.Management();
        for (var move = 0; move < ByHand; move++)
        {
            var shards = await management.ShardsAsync();
            var shard = shards[Random.Shared.Next(shards.Count)];
            var to = cluster.Running.Where(node => node.Name != shard.Owner).OrderBy(_ => Random.Shared.Next()).First().Name;
            await management.MoveAsync(shard.Region, shard.Shard, to);
            await Eventually.Holds($"{shard.Key} is on {to}", Bound, async () =>
                (await management.ShardsAsync()).Single(each => each.Key == shard.Key).Owner == to ? null : "it is not");
        }

        await PbmAsync(cluster, "shards", "rebalance");
        await cluster.WaitUntilBalanced(Bound);
    }

    private static Task PbmAsync(ClusterFixture cluster, params IReadOnlyCollection<string> arguments) => PbmAsync(cluster, false, arguments);

    /// <param name="mayFind">Exit code 1 will do.</param>
    private static async Task PbmAsync(ClusterFixture cluster, bool mayFind, params IReadOnlyCollection<string> arguments)
    {
        var run = await Pbm.RunAsync(cluster, Bound, arguments);
        if (run.ExitCode != 0 && !(mayFind && run.ExitCode == 1))
        {
            throw new SpecFailedException($"pbm {string.Join(' ', arguments)}: {run}");
        }
    }
}
