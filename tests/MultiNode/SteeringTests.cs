using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.MultiNode;

/// <summary>Operators move shards and look at entities through pbm, on real processes.</summary>
[Collection(Stores.Collection)]
public sealed class SteeringTests(Stores stores, ITestOutputHelper output)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(40);

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task A_moved_shard_is_there_and_stays_and_why_tells_of_it(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 3);
        using var management = cluster.Management();
        var shard = (await cluster.ShardsOfAsync(cluster.Node("node-1"))).First();
        var before = (await management.ShardsAsync())[shard];

        var stale = await PbmAsync(cluster, "shards", "move", Text(shard), "node-3", "--epoch", Text(before.Epoch + 1));
        Assert.Equal(2, stale.ExitCode);
        Assert.Contains($"Shard {shard} is at epoch {before.Epoch}", stale.Error, StringComparison.Ordinal);
        Assert.Equal(2, (await PbmAsync(cluster, "shards", "move", Text(shard), "node-9")).ExitCode);
        Assert.Equal(before.Epoch, (await management.ShardsAsync())[shard].Epoch);

        using var watch = new RunningPbm(cluster.Node("node-2").Management, "shards", "watch");
        await Eventually.Holds("the watch looks", Bound, () => watch.Output.Contains("watching 256 shards", StringComparison.Ordinal) ? null : watch.Output);
        var moved = await PbmAsync(cluster, "shards", "move", Text(shard), "node-3", "--wait", "--reason", "noisy neighbour", "--by", "jo");
        Assert.True(moved.ExitCode == 0, moved.ToString());
        await Eventually.Holds("the watch has told of the move", Bound, () =>
            watch.Output.Contains($"shard {shard} belongs on node-3: was moved to node-3 by jo", StringComparison.Ordinal)
            && watch.Output.Contains($"shard {shard} node-1 -> node-3, epoch {before.Epoch + 1}, handoff", StringComparison.Ordinal) ? null : watch.Output);
        Assert.Equal(0, await watch.InterruptAsync());
        Assert.Contains($"shard {shard} is on node-3", moved.Output, StringComparison.Ordinal);

        // The others make room; the shard itself is left alone, and so it is after the coordinator's death.
        await cluster.WaitUntilBalanced(Bound);
        Assert.Equal("node-3", (await management.ShardsAsync())[shard].Owner);
        var coordinator = cluster.Node(await cluster.CoordinatorAsync());
        if (coordinator.Name != "node-3")
        {
            await coordinator.KillAsync();
            await cluster.WaitUntilBalanced(Bound);
        }

        using var survivor = cluster.Management();
        var after = (await survivor.ShardsAsync())[shard];
        Assert.Equal(("node-3", before.Epoch + 1), (after.Owner, after.Epoch));
        var why = await PbmAsync(cluster, "shards", "why", Text(shard));
        output.WriteLine(why.Output);
        Assert.Contains("was moved to node-3 by jo: noisy neighbour", why.Output, StringComparison.Ordinal);
        await cluster.VerifyJournalAsync();
    }

    [Fact]
    public async Task A_plan_is_applied_in_part_interrupted_resumed_and_refused_once_outgrown()
    {
        await using var cluster = new ManualCluster(await stores.CreateAsync(TestStore.Sqlite));
        await cluster.StartAsync();
        var plan = Path.Combine(Repository.LogDirectory, $"plan-{Environment.ProcessId}.json");
        var planned = await cluster.PbmAsync("shards", "plan", "--out", plan);
        output.WriteLine(planned.Output);
        Assert.Contains("rebalancing is manual", planned.Output, StringComparison.Ordinal);
        var moves = JsonDocument.Parse(await File.ReadAllTextAsync(plan)).RootElement.GetProperty("moves").GetArrayLength();
        Assert.InRange(moves, 20, 40);

        // Three, and no more: with manual rebalancing nothing else moves.
        var some = await cluster.PbmAsync("shards", "apply", plan, "--max-moves", "3");
        Assert.True(some.ExitCode == 0, some.ToString());
        Assert.Contains("moved 3 shards", some.Output, StringComparison.Ordinal);
        Assert.Equal(3, await cluster.OwnedBySecondAsync());
        var costs = JsonDocument.Parse((await cluster.PbmAsync("shards", "plan", "--json")).Output).RootElement.GetProperty("moves").EnumerateArray().First();
        Assert.InRange(costs.GetProperty("expectedPauseSeconds").GetDouble(), 0.00001, 5);
        Assert.Equal((1L, 0, 0L), (costs.GetProperty("epoch").GetInt64(), costs.GetProperty("entities").GetInt32(), costs.GetProperty("bytes").GetInt64()));

        using (var running = cluster.Run("shards", "apply", plan, "--at-once", "1"))
        {
            await Eventually.Holds("five shards have moved", Bound, async () => await cluster.OwnedBySecondAsync() is var owned && owned >= 5 ? null : $"{owned}");
            Assert.Equal(130, await running.InterruptAsync());
            output.WriteLine(running.Output);
            Assert.Contains($"to go on: `pbm shards apply {plan}`", running.Output, StringComparison.Ordinal);
        }

        var between = await cluster.OwnedBySecondAsync();
        Assert.InRange(between, 5, moves - 1);
        var rest = await cluster.PbmAsync("shards", "apply", plan, "--json");
        Assert.True(rest.ExitCode == 0, rest.ToString());
        var report = JsonDocument.Parse(rest.Output).RootElement;
        Assert.Equal(("done", between, moves - between, 0), (
            report.GetProperty("outcome").GetString(), report.GetProperty("alreadyThere").GetInt32(), report.GetProperty("moved").GetInt32(),
            report.GetProperty("left").GetInt32()));
        Assert.Equal(moves, await cluster.OwnedBySecondAsync());

        // One goes back by hand: the plan is of another cluster now.
        var first = JsonDocument.Parse(await File.ReadAllTextAsync(plan)).RootElement.GetProperty("moves")[0].GetProperty("shard").GetInt32();
        var second = JsonDocument.Parse(await File.ReadAllTextAsync(plan)).RootElement.GetProperty("moves")[1].GetProperty("shard").GetInt32();
        foreach (var shard in new[] { first, second })
        {
            var back = await cluster.PbmAsync("shards", "move", Text(shard), "node-1", "--wait");
            Assert.True(back.ExitCode == 0, back.ToString());
        }

        var outgrown = await cluster.PbmAsync("shards", "apply", plan);
        Assert.Equal(1, outgrown.ExitCode);
        Assert.Contains("outgrown this plan: nothing was moved", outgrown.Output, StringComparison.Ordinal);
        Assert.Equal(moves - 2, await cluster.OwnedBySecondAsync());
        Assert.Equal(2, (await cluster.PbmAsync("shards", "apply", plan + ".none")).ExitCode);
    }

    [Theory]
    [MemberData(nameof(Stores.Both), MemberType = typeof(Stores))]
    public async Task A_resident_is_shown_passivated_and_shown_from_the_journal_with_the_same_state(string store)
    {
        await using var cluster = await ClusterFixture.StartAsync(await stores.CreateAsync(store), nodes: 2);
        var gateway = cluster.Gateways()[0];
        using var client = new GatewayClient(TimeSpan.FromSeconds(20));
        const string id = "it's näyttävä 😀; DROP";
        var path = $"/users/{Uri.EscapeDataString(id)}";
        Assert.True((await client.PutAsync(gateway, path, new { name = "Zoë" })).IsSuccess);
        using var management = cluster.Management();
        var owner = (await management.WhereAsync("user", id)).Owner;

        // Asked of the node that does not own it.
        var other = cluster.Nodes.First(node => node.Name != owner);
        var (resident, _) = await ShowAsync(other, id);
        Assert.Equal(("owner", true, 1L, owner), (resident.Source, resident.Resident, resident.Version, resident.Owner));
        Assert.Contains("Zo", resident.State!.Value.GetRawText(), StringComparison.Ordinal);

        var passivated = await PbmAsync(cluster, "entity", "passivate", $"user/{id}", "--json");
        Assert.True(passivated.ExitCode == 0, passivated.ToString());
        Assert.True(JsonDocument.Parse(passivated.Output).RootElement.GetProperty("passivated").GetBoolean());
        var (passive, _) = await ShowAsync(other, id);
        Assert.Equal(("journal", false, 1L), (passive.Source, passive.Resident, passive.Version));
        Assert.Equal(resident.State.Value.GetRawText(), passive.State!.Value.GetRawText());
        Assert.False((await ShowAsync(cluster.Node(owner!), id)).View.Resident);

        var (nobody, status) = await ShowAsync(other, "nobody");
        Assert.Equal((HttpStatusCode.OK, 0L, JsonValueKind.Null), (status, nobody.Version, nobody.State?.ValueKind ?? JsonValueKind.Null));
        Assert.Equal(1, (await PbmAsync(cluster, "entity", "show", "user/nobody")).ExitCode);

        using (var tail = new RunningPbm(other.Management, "entity", "tail", $"user/{id}", "--last", "1", "--interval", "50"))
        {
            await Eventually.Holds("the first event is told", Bound, () => tail.Output.Contains("1  registered", StringComparison.Ordinal) ? null : tail.Output);
            Assert.Equal(0, await tail.InterruptAsync());
            output.WriteLine(tail.Output);
        }

        Assert.True((await client.PutAsync(gateway, "/projects/p", new { name = "P", owner = id })).IsSuccess);
        using (var tail = new RunningPbm(other.Management, "entity", "tail", "task/t", "--interval", "50", "--json"))
        {
            await Eventually.Holds("a task is made and commented on while the tail looks", Bound, async () =>
            {
                await client.PutAsync(gateway, "/tasks/t", new { title = "T", project = "p" });
                await client.PostAsync(gateway, "/tasks/t/comment", new { text = "seen" });
                return tail.Output.Contains("seen", StringComparison.Ordinal) ? null : tail.Output;
            });
            Assert.Equal(0, await tail.InterruptAsync());
        }

        // The project still hears of its task while this is counted.
        await Eventually.Holds("the journal's size is what its verification reads", Bound, async () =>
        {
            var stats = await PbmAsync(cluster, "journal", "stats", "--json");
            Assert.True(stats.ExitCode == 0, stats.ToString());
            var total = JsonDocument.Parse(stats.Output).RootElement.GetProperty("total");
            Assert.Equal(256, total.GetProperty("shards").GetInt32());
            Assert.InRange(total.GetProperty("entities").GetInt64(), 3, 10);
            var (counted, read) = (total.GetProperty("events").GetInt64(), await cluster.VerifyJournalAsync());
            return counted == read ? null : $"{counted} counted, {read} read";
        });
    }

    private static async Task<(EntityView View, HttpStatusCode Status)> ShowAsync(NodeProcess node, string id)
    {
        using var http = new HttpClient { BaseAddress = node.Management, Timeout = TimeSpan.FromSeconds(10) };
        using var answer = await http.GetAsync($"/entities/user/{Uri.EscapeDataString(id)}");
        return ((await answer.Content.ReadFromJsonAsync<EntityView>(JsonSerializerOptions.Web))!, answer.StatusCode);
    }

    private static Task<ProgramRun> PbmAsync(ClusterFixture cluster, params string[] arguments) =>
        ProgramRun.ExecuteAsync("dotnet", [Repository.PbmProgram, .. arguments, "--node", cluster.Running.First().Management.ToString()], TimeSpan.FromSeconds(90));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private sealed record EntityView(string Kind, string Id, int Shard, string? Owner, long Version, bool? Resident, string Source, JsonElement? State);

    /// <summary>Two nodes and 64 shards, all of them on the first, and nothing that evens it out.</summary>
    private sealed class ManualCluster : IAsyncDisposable
    {
        private readonly TestStore _store;
        private readonly MultiNodeSpec _spec;

        public ManualCluster(TestStore store)
        {
            _store = store;
            _spec = new MultiNodeSpec(role => new NodeSettings
            {
                Name = role,
                Store = store,
                Arguments = ["--shards", "64", "--AkkaScale:Allocation:Rebalance", "manual"],
            });
        }

        public async Task StartAsync()
        {
            await _spec.StartAsync("node-1");
            await Eventually.Holds("node-1 has all shards", Bound, async () => await OwnedByAsync("node-1") is var owned && owned == 64 ? null : $"{owned}");
            await _spec.StartAsync("node-2");
            await Eventually.Holds("the plan knows node-2", Bound, async () =>
            {
                using var management = new ManagementClient(_spec["node-1"].Management);
                return (await management.PlanAsync()).MoveCount > 0 ? null : "it moves nothing";
            });
        }

        public Task<int> OwnedBySecondAsync() => OwnedByAsync("node-2");

        public Task<ProgramRun> PbmAsync(params string[] arguments) => ProgramRun.ExecuteAsync(
            "dotnet", [Repository.PbmProgram, .. arguments, "--node", _spec["node-2"].Management.ToString()], TimeSpan.FromSeconds(90));

        public RunningPbm Run(params string[] arguments) => new(_spec["node-1"].Management, arguments);

        public async ValueTask DisposeAsync()
        {
            await _spec.DisposeAsync();
            await _store.DisposeAsync();
        }

        private async Task<int> OwnedByAsync(string node)
        {
            using var management = new ManagementClient(_spec["node-1"].Management);
            return (await management.ShardsAsync()).Count(shard => shard.Owner == node);
        }
    }
}
