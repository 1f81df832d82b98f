using AkkaScale.TestKit;
using AkkaScale.Tests.MultiNode.Clusters;
using AkkaScale.Tests.Support;
using Npgsql;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode.Membership;

/// <summary>The server takes no more connections when the last node comes.</summary>
[Collection(PostgresCluster.Collection)]
public sealed class ConnectionLimitTests(ITestOutputHelper output)
{
    /// <summary>More than a node needs to host entities; it takes more of them when there is more to do.</summary>
    private const int Enough = 8;

    /// <summary>After which a member that has just come has been given shards: the fixture's balance waits for two quiet seconds.</summary>
    private static readonly TimeSpan Given = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task A_node_that_gets_no_connections_says_so_and_joins_when_there_are_some_and_nobody_else_notices()
    {
        await using var server = await PrivatePostgres.StartAsync("max_connections=60");
        await using var cluster = await ClusterFixture.StartAsync(await PostgresTestStore.CreateAsync(server), 2);
        var before = await cluster.VerifyJournalAsync();
        await using var load = await TaskLoad.StartAsync(cluster.Gateways());
        await load.ProgressAsync(200);

        var taken = await TakeAllAsync(server);
        output.WriteLine($"{taken.Count} connections were free.");
        await ReleaseAsync(taken, 2);
        var joining = cluster.JoinAsync("node-3");
        await Eventually.Holds("the third node says what it lacks", Bound, () =>
            cluster.Spec.Nodes.SingleOrDefault(node => node.Name == "node-3") is { } third && third.Log.Contains("too many clients", StringComparison.Ordinal)
                ? null : "it does not");
        await load.ProgressAsync(500);
        Assert.False(joining.IsCompleted, "It is ready without a journal.");

        // Whatever it has, it takes no shard before it has all that it needs: each time so long that it would be given some.
        foreach (var more in (int[])[1, 1, Enough])
        {
            await ReleaseAsync(taken, more);
            await Task.Delay(Given);
            await load.ProgressAsync(500);
        }

        await joining;
        await cluster.WaitUntilAllOwned(Bound);
        await load.ProgressAsync(500);
        await ReleaseAsync(taken, taken.Count);
        await cluster.WaitUntilBalanced(Bound);
        await load.ProgressAsync(200);
        await load.StopAndCheckAsync();
        Assert.Empty(load.Troubles);
        await cluster.VerifyJournalAsync(load, before);
    }

    private static async Task<List<NpgsqlConnection>> TakeAllAsync(PrivatePostgres server)
    {
        var taken = new List<NpgsqlConnection>();
        while (true)
        {
            var connection = new NpgsqlConnection(server.AdminConnectionString + ";Pooling=false");
            try
            {
                await connection.OpenAsync();
                taken.Add(connection);
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.TooManyConnections)
            {
                await connection.DisposeAsync();
                return taken;
            }
        }
    }

    private static async Task ReleaseAsync(List<NpgsqlConnection> taken, int count)
    {
        foreach (var connection in taken.Take(count))
        {
            await connection.DisposeAsync();
        }

        taken.RemoveRange(0, count);
    }
}
