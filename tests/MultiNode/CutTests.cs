using AkkaScale.TestKit;
using AkkaScale.TestKit.Networks;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

/// <summary>Each node on a host of its own, over PostgreSQL.</summary>
[Collection(Stores.Collection)]
public sealed class CutTests(ITestOutputHelper output)
{
    /// <summary>How timeout(1) ends a call that came to nothing.</summary>
    private const int Silence = 124;

    private const string Secret = "a secret of twenty four.";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    /// <summary>While peers of a node cannot reach it, and all reach the store, what the others own is served, and nothing is lost.</summary>
    [NamespacesFact]
    public async Task Two_nodes_go_on_while_neither_reaches_the_third_and_nothing_is_lost()
    {
        await using var cluster = await StartAsync();
        await using var load = await TaskLoad.StartAsync(cluster.Gateways(), attemptTimeout: TimeSpan.FromSeconds(5));

        await cluster.Spec.IsolateAsync("node-3");
        var (first, second, third) = (cluster.Node("node-1"), cluster.Node("node-2"), cluster.Node("node-3"));
        Assert.Equal(Silence, await CallAsync(first, third.Settings.Address, third.Settings.ClusterPort));
        Assert.Equal(Silence, await CallAsync(third, second.Settings.Address, second.Settings.ClusterPort));
        Assert.Equal(0, await CallAsync(first, second.Settings.Address, second.Settings.ClusterPort));
        using var management = new ManagementClient(third.Management);
        Assert.True(await management.IsAliveAsync());
        await using var ofTwo = new OwnTasks(cluster, "node-1", "node-2");
        await Eventually.Holds("node-1 answers for what node-2 owns", Bound, ofTwo.AskAsync);

        await cluster.Spec.RejoinAsync("node-3");
        Assert.Equal(0, await CallAsync(first, third.Settings.Address, third.Settings.ClusterPort));

        await cluster.WaitUntilBalanced(Bound);
        await load.ProgressAsync(500);
        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());
        await cluster.VerifyJournalAsync(load);
    }

    /// <summary>A node without its store serves nothing, and what it owned is taken over; it comes back by itself.</summary>
    [NamespacesFact]
    public async Task What_a_node_owned_that_cannot_reach_the_store_is_served_by_the_others_until_it_is_back()
    {
        await using var cluster = await StartAsync();
        var cut = cluster.Node("node-3");
        var before = await cluster.IncarnationAsync(cut);
        await using var load = await TaskLoad.StartAsync(cluster.Gateways(but: cut), attemptTimeout: TimeSpan.FromSeconds(5));

        await cluster.Spec.CutStoreAsync("node-3");
        await cluster.WaitUntilAllOwned(Bound, but: cut);
        await load.ProgressAsync(500);
        using var management = new ManagementClient(cut.Management);
        Assert.True(await management.IsAliveAsync());
        Assert.False(await management.IsReadyAsync());

        await cluster.Spec.HealStoreAsync("node-3");
        await cluster.WaitUntilBalanced(Bound);
        Assert.NotEqual(before, await cluster.IncarnationAsync(cut));
        Assert.False(cut.HasExited);
        await load.ProgressAsync(500);
        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());
        await cluster.VerifyJournalAsync(load);
    }

    /// <summary>The coordinator sends the node away that most peers cannot reach.</summary>
    [NamespacesFact]
    public async Task An_unreachable_node_goes_by_two_step_death_and_its_shards_are_served_elsewhere()
    {
        await using var cluster = await StartAsync();
        var cut = cluster.Node("node-3");
        var before = await cluster.IncarnationAsync(cut);
        await using var load = await TaskLoad.StartAsync(cluster.Gateways(but: cut), attemptTimeout: TimeSpan.FromSeconds(5));

        await cluster.Spec.IsolateAsync("node-3");
        await cluster.WaitUntilBalanced(Bound, but: cut);
        await load.ProgressAsync(500);
        using var management = cluster.Management(but: cut);
        Assert.DoesNotContain(await management.MembersAsync(), member => member.NodeUid == before && member.Status == "Up");

        await cluster.Spec.RejoinAsync("node-3");
        await cluster.WaitUntilBalanced(Bound);
        Assert.NotEqual(before, await cluster.IncarnationAsync(cut));
        await load.StopAndCheckAsync();
        output.WriteLine(load.ToString());
        await cluster.VerifyJournalAsync(load);
    }

    /// <summary>Connects from a node's host: 0 if it could, <see cref="Silence"/> if nobody said anything.</summary>
    private static async Task<int> CallAsync(NodeProcess from, string address, int port)
    {
        string[] command = [.. from.Settings.Host!.Entering, "timeout", "2", "bash", "-c", $"exec 3<>/dev/tcp/{address}/{port}"];
        return (await ProgramRun.ExecuteAsync(command[0], command[1..], TimeSpan.FromSeconds(30))).ExitCode;
    }

    private static async Task<ClusterFixture> StartAsync()
    {
        var network = await SpecNetwork.CreateAsync();
        try
        {
            var store = await NetworkedPostgres.StartAsync(network.StoreAddress);
            return await ClusterFixture.StartAsync(store, network, 3, "--AkkaScale:Cluster:Secret", Secret);
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Tasks that one node owns, asked for through another.</summary>
    private sealed class OwnTasks(ClusterFixture cluster, string through, string owner) : IAsyncDisposable
    {
        private readonly GatewayClient _client = new(TimeSpan.FromSeconds(5));
        private readonly ManagementClient _management = new(cluster.Node(through).Management);

        public async Task<string?> AskAsync()
        {
            for (var number = 1; number <= 100; number++)
            {
                var id = $"w{number % 16}-t{number % 8}";
                if ((await _management.WhereAsync("task", id)).Owner == owner)
                {
                    var answer = await _client.GetAsync(cluster.Node(through).Gateway, $"/tasks/{id}");
                    return answer.IsSuccess ? null : $"{id}: {answer}";
                }
            }

            return $"{owner} owns none of the tasks";
        }

        public ValueTask DisposeAsync()
        {
            _client.Dispose();
            _management.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
