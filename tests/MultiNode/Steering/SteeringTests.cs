using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using AkkaScale.TestKit;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Steering;

/// <summary>Coordinators move shards for their load, or leave it to operators, on real processes.</summary>
[Collection(SqliteCluster.Collection)]
public sealed class SteeringTests(SqliteCluster shared, ITestOutputHelper output)
{
    private const int Clients = 12;

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Busy_shards_of_one_node_end_on_three_and_why_tells_the_weights()
    {
        var cluster = await shared.MendedAsync();
        var busy = cluster.Running.Select(node => node.Name).First();
        var ids = await IdsAsync(cluster, busy, shards: 3);
        await using (var heat = new Heat(cluster.Gateways(), [.. ids.Values]))
        {
            await Eventually.Holds($"task/{string.Join(", task/", ids.Keys)} are on three nodes", Bound, async () =>
            {
                using var management = cluster.Management();
                var owners = (await management.ShardsAsync()).Where(shard => shard.Region == "task" && ids.ContainsKey(shard.Shard) && shard.Target is null)
                    .Select(shard => shard.Owner).ToList();
                return owners.Count == 3 && owners.Distinct().Count() == 3 ? null : $"on {string.Join(", ", owners)} after {heat.Answers} reads";
            });

            await cluster.WaitUntilBalanced(Bound);
            var plan = await Pbm.RunAsync(cluster, "shards", "plan", "--region", "task", "--json");
            Assert.True(plan.ExitCode == 0, plan.ToString());
            Assert.All(JsonNode.Parse(plan.Output)!["nodes"]!.AsArray(), node => Assert.InRange((long)node!["weightBefore"]!, 51, 100_000));
            output.WriteLine(heat.ToString());
            Assert.Empty(heat.Troubles);
        }

        var reasons = new List<string>();
        foreach (var shard in ids.Keys)
        {
            var why = await Pbm.RunAsync(cluster, "shards", "why", string.Create(CultureInfo.InvariantCulture, $"task/{shard}"), "--json");
            Assert.True(why.ExitCode == 0, why.ToString());
            reasons.AddRange(JsonNode.Parse(why.Output)!["decisions"]!.AsArray()
                .Where(each => (string?)each!["kind"] == "move" && each["numbers"]!["messagesPerSecond"] is not null)
                .Select(each => $"{each!["reason"]}; {each["numbers"]!.ToJsonString()}"));
        }

        output.WriteLine(string.Join('\n', reasons));
        Assert.Contains(reasons, reason => reason.StartsWith($"{busy} weighs ", StringComparison.Ordinal)
            && reason.Contains("\"weightFrom\":", StringComparison.Ordinal));
        await cluster.VerifyJournalAsync();
    }

    [Fact]
    public async Task In_manual_mode_a_node_that_joins_is_given_what_operators_order_and_the_plan_shows_the_rest()
    {
        await using var cluster = await ClusterFixture.StartAsync(
            new SqliteTestStore(), nodes: 1, "--shards", "4", "--AkkaScale:Sharding:Allocation:Mode", "Manual",
            "--AkkaScale:Sharding:Allocation:QuietFor", "00:00:01");
        await cluster.JoinAsync(new NodeSettings { Name = "node-2", Store = cluster.Store, Arguments = ["--shards", "4"] });
        Assert.Equal("manual", (string?)(await JsonAsync(cluster, 0, "cluster", "status"))["allocationMode"]);
        var findings = (await JsonAsync(cluster, 1, "doctor"))["findings"]!.AsArray().Select(finding => (string)finding!["code"]!).ToList();
        Assert.Contains("shards/manual", findings);
        Assert.Contains("settings/differ", findings);

        var file = Path.GetTempFileName();
        try
        {
            var plan = await JsonAsync(cluster, 0, "shards", "plan");
            var moves = plan["moves"]!.AsArray();
            Assert.Equal(6, moves.Count);
            Assert.Contains("Manual: only orders move shards", plan["waits"]!.ToJsonString(), StringComparison.Ordinal);
            moves.RemoveRange(2, moves.Count - 2);
            await File.WriteAllTextAsync(file, plan.ToJsonString());
            var applied = await Pbm.RunAsync(cluster, "shards", "apply", file, "--wait");
            Assert.True(applied.ExitCode == 0, applied.ToString());
        }
        finally
        {
            File.Delete(file);
        }

        // Longer than it must have been quiet: a coordinator that goes by itself would have moved the rest.
        var until = DateTime.UtcNow + TimeSpan.FromSeconds(3);
        while (DateTime.UtcNow < until)
        {
            Assert.Equal(2, (await cluster.ShardsOfAsync(cluster.Node("node-2"))).Count);
        }
    }

    private static async Task<JsonNode> JsonAsync(ClusterFixture cluster, int exitCode, params string[] arguments)
    {
        var run = await Pbm.RunAsync(cluster, [.. arguments, "--json"]);
        Assert.True(run.ExitCode == exitCode, run.ToString());
        return JsonNode.Parse(run.Output)!;
    }

    /// <summary>Ids of tasks, by number, in so many shards of that node.</summary>
    private static async Task<Dictionary<int, string>> IdsAsync(ClusterFixture cluster, string node, int shards)
    {
        using var management = cluster.Management();
        var ids = new Dictionary<int, string>();
        for (var number = 0; ids.Count < shards; number++)
        {
            var id = string.Create(CultureInfo.InvariantCulture, $"heat-{number}");
            var where = await management.WhereAsync("task", id);
            if (where.Owner == node)
            {
                ids.TryAdd(where.Shard, id);
            }
        }

        return ids;
    }

    /// <summary>Reads tasks that are not there, as quickly as they are answered: their shards are given the messages all the same.</summary>
    private sealed class Heat : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly GatewayClient _client = new(TimeSpan.FromSeconds(20));
        private readonly List<string> _troubles = [];
        private readonly Task _running;
        private long _answers;

        public Heat(IReadOnlyList<Uri> gateways, IReadOnlyList<string> ids) => _running = Task.WhenAll(Enumerable.Range(0, Clients).Select(client =>
            Task.Run(() => ReadAsync(gateways[client % gateways.Count], ids[client % ids.Count]))));

        public long Answers => Interlocked.Read(ref _answers);

        public IReadOnlyList<string> Troubles
        {
            get
            {
                lock (_troubles)
                {
                    return [.. _troubles];
                }
            }
        }

        public override string ToString() => $"{Answers} reads, {Troubles.Count} in trouble";

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _running;
            _client.Dispose();
            _stop.Dispose();
        }

        private async Task ReadAsync(Uri gateway, string id)
        {
            while (!_stop.IsCancellationRequested)
            {
                var answer = await _client.GetAsync(gateway, $"/tasks/{id}");
                Interlocked.Increment(ref _answers);
                if (answer.Status != HttpStatusCode.NotFound)
                {
                    lock (_troubles)
                    {
                        _troubles.Add($"{id}: {answer.Status}");
                    }
                }
            }
        }
    }
}
