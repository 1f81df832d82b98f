using System.Globalization;
using AkkaScale.TestKit;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode.Steering;

/// <summary>Operators move shards through pbm, on real processes.</summary>
public abstract class MoveTests(SharedCluster shared)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    [Fact]
    public async Task A_moved_shard_is_there_and_stays_and_the_tail_tells_of_it()
    {
        var cluster = await shared.MendedAsync();
        var before = await ShardAsync(cluster, shard => shard is { Region: "task", Owner: "node-1" });

        var stale = await Pbm.RunAsync(cluster, "shards", "move", before.Key, "node-3", "--epoch", Text(before.Epoch + 1));
        Assert.Equal(2, stale.ExitCode);
        Assert.Contains($"Shard {before.Key} is at epoch {before.Epoch}", stale.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await Pbm.RunAsync(cluster, "shards", "move", before.Key, "node-9")).ExitCode);
        Assert.Equal(before.Epoch, (await ShardAsync(cluster, shard => shard.Key == before.Key)).Epoch);

        using var tail = new RunningPbm(cluster.Node("node-2").Management, "cluster", "tail", "--type", "ShardEvent", "--json");
        await Eventually.Holds("the tail looks", Bound, () => tail.Output.Contains("CurrentClusterState", StringComparison.Ordinal) ? null : tail.Output);
        var moved = await Pbm.RunAsync(cluster, "shards", "move", before.Key, "node-3", "--wait", "--reason", "noisy neighbour", "--by", "jo");
        Assert.True(moved.ExitCode == 0, moved.ToString());
        Assert.Contains($"shard {before.Key} is on node-3", moved.Output, StringComparison.Ordinal);
        await Eventually.Holds("the tail has told of the move", Bound, () => tail.Output.Split('\n').Any(line =>
            line.Contains("ShardHomeChanged", StringComparison.Ordinal)
            && line.Contains($"\"shard\":{before.Shard},", StringComparison.Ordinal)
            && line.Contains("\"to\":\"node-3\"", StringComparison.Ordinal)) ? null : tail.Output);
        Assert.Equal(0, await tail.InterruptAsync());

        // The others make room; the shard itself is left alone.
        await cluster.WaitUntilBalanced(Bound);
        var after = await ShardAsync(cluster, shard => shard.Key == before.Key);
        Assert.Equal(("node-3", before.Epoch + 1), (after.Owner, after.Epoch));
        await cluster.VerifyJournalAsync();
    }

    private static async Task<ShardView> ShardAsync(ClusterFixture cluster, Func<ShardView, bool> isWanted)
    {
        using var management = cluster.Management();
        return (await management.ShardsAsync()).First(isWanted);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}

[Collection(SqliteCluster.Collection)]
public sealed class SqliteMoveTests(SqliteCluster shared) : MoveTests(shared);

[Collection(PostgresCluster.Collection)]
public sealed class PostgresMoveTests(PostgresCluster shared) : MoveTests(shared);
