using System.Text.Json.Nodes;
using AkkaScale.TestKit;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Steering;

/// <summary>What coordinators decide is planned, applied, watched and explained through pbm, on real processes.</summary>
public abstract class DecisionTests(SharedCluster shared, ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_shard_that_was_moved_by_order_rests_also_when_the_coordinator_changes_and_why_tells_it()
    {
        var cluster = await shared.MendedAsync();
        var coordinator = await cluster.CoordinatorAsync();
        var target = cluster.Running.First(node => node.Name != coordinator).Name;
        using var watch = new RunningPbm(cluster.Node(target).Management, "shards", "watch");
        await Eventually.Holds("the watch has begun", Bound, () => watch.Output.Contains("watching", StringComparison.Ordinal) ? null : watch.Output);
        var shard = await ShardAsync(cluster, each => each.Region == "task" && each.Owner != target && each.Owner != coordinator);

        var moved = await Pbm.RunAsync(cluster, "shards", "move", shard.Key, target, "--wait", "--reason", "noisy", "--by", "jo");
        Assert.True(moved.ExitCode == 0, moved.ToString());
        await KeptAsync(cluster, shard.Key, "it was moved by order");
        Assert.Equal("ordered by jo: noisy", (string?)(await WhyAsync(cluster, shard.Key))["reason"]);
        await Eventually.Holds("the watch has told of the hand-over", Bound, () =>
            watch.Output.Contains($"{shard.Key}  {shard.Owner} -> {target} handed over in ", StringComparison.Ordinal) ? null : watch.Output);
        Assert.Equal(0, await watch.InterruptAsync());

        // More than its share: without their rest the balance would take some of them away.
        var ordered = await OrderAllAsync(cluster, target);
        var lost = cluster.Node(coordinator);
        await lost.KillAsync();
        await cluster.WaitUntilAllOwned(Bound);
        Assert.NotEqual(coordinator, await cluster.CoordinatorAsync());
        await cluster.RestartAsync(lost);

        // Of other regions at least: shards of tests before may rest too. Two seconds are four rounds, in which more would move.
        await Eventually.Holds($"the balance has given {coordinator} shards again", Bound, async () =>
            (await cluster.ShardsOfAsync(cluster.Node(coordinator))).Count > 3 ? null : "it has not");
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.Subset((await TasksOfAsync(cluster, target)).ToHashSet(), ordered.ToHashSet());
        await KeptAsync(cluster, shard.Key, "it was moved by order");

        // Nothing else would make it even for the next test while they rest.
        var balanced = await Pbm.RunAsync(cluster, "shards", "rebalance");
        Assert.True(balanced.ExitCode == 0, balanced.ToString());
        await cluster.VerifyJournalAsync();
    }

    [Fact]
    public async Task A_plan_without_a_node_is_applied_under_load_and_no_client_sees_an_error()
    {
        var cluster = await shared.MendedAsync();
        var before = await cluster.VerifyJournalAsync();
        await using var load = await TaskLoad.StartAsync(cluster.Gateways());
        var file = Path.GetTempFileName();
        try
        {
            var plan = await Pbm.RunAsync(cluster, "shards", "plan", "--without", "node-3", "--json");
            Assert.True(plan.ExitCode == 0, plan.ToString());
            await File.WriteAllTextAsync(file, plan.Output);
            var moves = JsonNode.Parse(plan.Output)!["moves"]!.AsArray();
            Assert.Equal((await cluster.ShardsOfAsync(cluster.Node("node-3"))).Count, moves.Count);
            var applied = await Pbm.RunAsync(cluster, "shards", "apply", file, "--wait", "--by", "jo");
            Assert.True(applied.ExitCode == 0, applied.ToString());
            Assert.Contains($"{moves.Count} of {moves.Count} shards have arrived", applied.Output, StringComparison.Ordinal);

            // The plan was for shards that have moved since.
            var again = await Pbm.RunAsync(cluster, "shards", "apply", file);
            Assert.Equal(1, again.ExitCode);
            Assert.Contains("is refused", again.Output, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }

        await load.ProgressAsync(300);
        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());
        Assert.Empty(load.Troubles);
        await cluster.VerifyJournalAsync(load, before);
        var balanced = await Pbm.RunAsync(cluster, "shards", "rebalance");
        Assert.True(balanced.ExitCode == 0, balanced.ToString());
    }

    /// <summary>All task shards of the other nodes, to one.</summary>
    private static async Task<List<int>> OrderAllAsync(ClusterFixture cluster, string node)
    {
        using var management = cluster.Management();
        var shards = (await management.ShardsAsync()).Where(each => each.Region == "task" && each.Owner != node).Select(each => each.Shard).ToList();
        foreach (var shard in shards)
        {
            await management.MoveAsync("task", shard, node);
        }

        await Eventually.Holds($"all of {string.Join(' ', shards)} have arrived on {node}, by a decision", Bound, async () =>
        {
            foreach (var shard in shards)
            {
                if ((string?)(await WhyAsync(cluster, $"task/{shard}"))["decisions"]!.AsArray().FirstOrDefault()?["kind"] != "arrived")
                {
                    return $"task/{shard} has not";
                }
            }

            return null;
        });
        return shards;
    }

    private static async Task<List<int>> TasksOfAsync(ClusterFixture cluster, string node)
    {
        using var management = cluster.Management();
        return [.. (await management.ShardsAsync()).Where(each => each.Region == "task" && each.Owner == node).Select(each => each.Shard)];
    }

    private static Task KeptAsync(ClusterFixture cluster, string shard, string says) => Eventually.Holds($"{shard}: {says}", Bound, async () =>
        (await WhyAsync(cluster, shard))["keeps"]!.AsArray() is var keeps && keeps.Any(each => ((string)each!).StartsWith(says, StringComparison.Ordinal))
            ? null : keeps.ToJsonString());

    private static async Task<JsonNode> WhyAsync(ClusterFixture cluster, string shard)
    {
        var why = await Pbm.RunAsync(cluster, "shards", "why", shard, "--json");
        Assert.True(why.ExitCode == 0, why.ToString());
        return JsonNode.Parse(why.Output)!;
    }

    private static async Task<ShardView> ShardAsync(ClusterFixture cluster, Func<ShardView, bool> isWanted)
    {
        using var management = cluster.Management();
        return (await management.ShardsAsync()).First(isWanted);
    }
}

[Collection(SqliteCluster.Collection)]
public sealed class SqliteDecisionTests(SqliteCluster shared, ITestOutputHelper output) : DecisionTests(shared, output);

[Collection(PostgresCluster.Collection)]
public sealed class PostgresDecisionTests(PostgresCluster shared, ITestOutputHelper output) : DecisionTests(shared, output);
