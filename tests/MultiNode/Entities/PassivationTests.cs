using System.Globalization;
using AkkaScale.TestKit;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Entities;

/// <summary>Far more entities than memory may hold, asked again just when they leave it, while their shards move.</summary>
[Collection(SqliteCluster.Collection)]
public sealed class PassivationTests(ITestOutputHelper output)
{
    private const int Resident = 50;
    private const int AtATime = 150;
    private const int Comments = 3;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(1);

    private static int Ids { get; } = Setting.Of("AKKASCALE_PASSIVATION_IDS", 600);

    [Fact]
    public async Task Every_command_is_answered_once_and_memory_stays_within_its_bound()
    {
        await using var cluster = await ClusterFixture.StartAsync(
            new SqliteTestStore(), 2,
            "--AkkaScale:Sharding:MaxResidentEntities", $"{Resident}", "--AkkaScale:Sharding:PassivateAfter", $"{Idle}");
        using var client = new GatewayClient(TimeSpan.FromSeconds(10));
        await cluster.SucceedAsync(client, HttpMethod.Put, "/users/tester", new { name = "Tester" }, "user");
        await cluster.SucceedAsync(client, HttpMethod.Put, "/projects/p", new { name = "Project", owner = "tester" }, "project");

        using var stop = new CancellationTokenSource();
        var moving = MoveAsync(cluster, stop.Token);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, Ids), new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (number, _) => await StoryAsync(client, cluster, number));
        await stop.CancelAsync();
        var moves = await moving;

        await Eventually.Holds($"each node has {Resident} entities in memory at most", Bound, async () =>
            await ResidentsAsync(cluster) is var residents && residents.All(each => each <= Resident) ? null : string.Join(", ", residents));
        using var management = cluster.Management();
        await Parallel.ForEachAsync(Enumerable.Range(0, Ids), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (number, _) =>
        {
            var events = await management.EventsAsync("task", $"t-{number}");
            Assert.Equal(
                ["created@2", .. Enumerable.Range(1, Comments).Select(Text)],
                events.Select(each => each.Type == "commented" ? each.Payload.GetProperty("text").GetString()! : each.Type));
        });
        await cluster.VerifyJournalAsync();
        output.WriteLine($"{Ids} entities, {moves} shards moved meanwhile");
        Assert.True(moves > 5, $"Only {moves} shards were moved.");
    }

    /// <summary>A task, and comments on it with pauses about as long as an entity may be idle.</summary>
    private static async Task StoryAsync(GatewayClient client, ClusterFixture cluster, int number)
    {
        var random = new Random(number);
        await cluster.SucceedAsync(client, HttpMethod.Put, $"/tasks/t-{number}", new { project = "p", title = "A task" }, $"t-{number}");
        for (var comment = 1; comment <= Comments; comment++)
        {
            await Task.Delay(Idle * (0.95 + (0.1 * random.NextDouble())));
            await cluster.SucceedAsync(client, HttpMethod.Post, $"/tasks/t-{number}/comment", new { text = Text(comment) }, $"t-{number}-{comment}");
        }
    }

    private static string Text(int comment) => $"comment {comment}";

    /// <summary>One shard after the other, to the other node.</summary>
    /// <returns>How many were ordered.</returns>
    private static async Task<int> MoveAsync(ClusterFixture cluster, CancellationToken stop)
    {
        var moves = 0;
        using var management = cluster.Management();
        while (!stop.IsCancellationRequested)
        {
            var shards = (await management.ShardsAsync()).Where(shard => shard is { Region: "task", Owner: not null, Target: null }).ToList();
            if (shards.Count > 0)
            {
                var shard = shards[Random.Shared.Next(shards.Count)];
                await management.MoveAsync(shard.Region, shard.Shard, shard.Owner == "node-1" ? "node-2" : "node-1");
                moves++;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(300), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        return moves;
    }

    private static async Task<List<int>> ResidentsAsync(ClusterFixture cluster)
    {
        var residents = new List<int>();
        foreach (var node in cluster.Running)
        {
            using var management = new ManagementClient(node.Management);
            var line = (await management.MetricsAsync()).Split('\n').Single(each => each.StartsWith("akkascale_entity_residents", StringComparison.Ordinal));
            residents.Add((int)double.Parse(line.Split(' ')[1], CultureInfo.InvariantCulture));
        }

        return residents;
    }
}
