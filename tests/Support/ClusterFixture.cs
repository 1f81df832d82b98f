using System.Collections.Concurrent;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Networks;
using AkkaScale.TestKit.Processes;
using Xunit;

namespace AkkaScale.Tests.Support;

/// <summary>Several real node processes over one store, with the questions that tests ask of a whole cluster.</summary>
public sealed class ClusterFixture : IAsyncDisposable
{
    public const int ShardCount = 256;

    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private readonly MultiNodeSpec _spec;

    private ClusterFixture(TestStore store, IReadOnlyList<string> arguments, SpecNetwork? network)
    {
        Store = store;
        _spec = new MultiNodeSpec(role => new NodeSettings { Name = role, Store = store, Arguments = arguments }, network);
    }

    public TestStore Store { get; }

    /// <summary>The processes, and what a test may do to them.</summary>
    public MultiNodeSpec Spec => _spec;

    /// <summary>Every process started so far and not replaced, running or not.</summary>
    public IReadOnlyList<NodeProcess> Nodes => _spec.Nodes;

    public IEnumerable<NodeProcess> Running => _spec.Running;

    /// <summary>Starts node-1 to node-<paramref name="nodes"/> at once; returns when they are up and share the shards evenly.</summary>
    /// <param name="store">Empty; belongs to the cluster from here on.</param>
    public static Task<ClusterFixture> StartAsync(TestStore store, int nodes, params IReadOnlyList<string> arguments) =>
        StartAsync(store, null, nodes, arguments);

    /// <param name="network">Where the nodes live, so that they can be cut; belongs to the cluster from here on.</param>
    /// <inheritdoc cref="StartAsync(TestStore,int,IReadOnlyList{string})"/>
    public static async Task<ClusterFixture> StartAsync(TestStore store, SpecNetwork? network, int nodes, params IReadOnlyList<string> arguments)
    {
        var cluster = new ClusterFixture(store, arguments, network);
        try
        {
            await cluster._spec.StartAsync([.. Enumerable.Range(1, nodes).Select(number => $"node-{number}")]);
            await cluster.WaitUntilBalanced(StartBound);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>The gateways of the running nodes.</summary>
    /// <param name="but">A node whose gateway is left out.</param>
    public IReadOnlyList<Uri> Gateways(NodeProcess? but = null) =>
        [.. Running.Where(node => node != but).Select(node => node.Gateway)];

    public NodeProcess Node(string name) => _spec[name];

    /// <summary>Adds a node and waits until it is ready, not until it has shards.</summary>
    public async Task<NodeProcess> JoinAsync(string name)
    {
        await _spec.StartAsync(name);
        return _spec[name];
    }

    /// <summary>Adds a node with settings of its own.</summary>
    public Task<NodeProcess> JoinAsync(NodeSettings settings) => _spec.StartAsync(settings);

    /// <summary>Starts a process that ended again, under its old name and ports.</summary>
    public Task<NodeProcess> RestartAsync(NodeProcess ended) => _spec.RestartAsync(ended.Name);

    /// <summary>A management client of any running node; every one answers for the whole cluster.</summary>
    public ManagementClient Management(NodeProcess? but = null) => new(Running.First(node => node != but).Management);

    public async Task<string> CoordinatorAsync()
    {
        using var management = Management();
        var name = "";
        await Eventually.Holds("there is a coordinator", StartBound, async () =>
        {
            var status = await management.StatusAsync();
            name = status.Coordinator?.Name ?? "";
            return status.Coordinator is null ? "none" : null;
        });
        return name;
    }

    /// <summary>Every shard is where it should be, every running node has some, and the coordinator would move none.</summary>
    /// <param name="but">A node whose process runs but is not expected to own anything, a paused one say.</param>
    public async Task WaitUntilBalanced(TimeSpan within, NodeProcess? but = null)
    {
        var expected = Running.Where(node => node != but).Select(node => node.Name).ToHashSet();
        using var management = Management(but);
        await Eventually.Holds($"{string.Join(", ", expected)} share all {ShardCount} shards evenly ({Logs})", within, async () =>
        {
            // By weight, not by number: a node with a hot shard may have little else. So the coordinator is asked.
            var plan = await management.PlanAsync();
            var shards = await management.ShardsAsync();
            var shares = shards.CountBy(shard => shard.Owner ?? "nobody").ToDictionary();
            return shards.Count == ShardCount
                && shares.Keys.ToHashSet().SetEquals(expected)
                && shards.All(shard => shard.Owner == shard.Target)
                && plan.MoveCount == 0
                ? null
                : string.Join(", ", shares.OrderBy(share => share.Key, StringComparer.Ordinal).Select(share => $"{share.Key} {share.Value}"))
                    + $"; {shards.Count(shard => shard.Owner != shard.Target)} on their way, {plan.MoveCount} more to move";
        });
    }

    /// <summary>Every member with its incarnation and status, in order of name.</summary>
    public async Task<IReadOnlyList<string>> MembersAsync()
    {
        using var management = Management();
        return [.. (await management.MembersAsync()).Select(member => $"{member.Name} {member.NodeUid} {member.Status}").Order(StringComparer.Ordinal)];
    }

    /// <summary>The named member is up; returns its incarnation.</summary>
    public async Task<string> IncarnationAsync(NodeProcess node)
    {
        using var management = Management();
        var member = (await management.MembersAsync()).Single(member => member.Name == node.Name && member.Status == "Up");
        return member.NodeUid;
    }

    /// <summary>The shards a node owns now.</summary>
    public async Task<IReadOnlySet<int>> ShardsOfAsync(NodeProcess node)
    {
        using var management = Management();
        return (await management.ShardsAsync()).Where(shard => shard.Owner == node.Name).Select(shard => shard.Shard).ToHashSet();
    }

    /// <summary>Every shard has an owner, and it is one of the running nodes.</summary>
    public async Task WaitUntilAllOwned(TimeSpan within, NodeProcess? but = null)
    {
        var expected = Running.Where(node => node != but).Select(node => node.Name).ToHashSet();
        using var management = Management(but);
        await Eventually.Holds($"every shard is owned by one of {string.Join(", ", expected)} ({Logs})", within, async () =>
        {
            var strays = (await management.ShardsAsync()).Where(shard => shard.Owner is null || !expected.Contains(shard.Owner)).ToList();
            return strays.Count == 0 ? null : $"{strays.Count} are not, such as {strays[0]}";
        });
    }

    /// <summary>Reads the whole journal through the product's own check and expects no violation. Returns the number of events.</summary>
    public async Task<long> VerifyJournalAsync()
    {
        using var management = Management();
        var events = 0L;
        var violations = new ConcurrentBag<string>();
        await Parallel.ForEachAsync(Enumerable.Range(0, ShardCount), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (shard, _) =>
        {
            var answer = await management.VerifyAsync(shard);
            Interlocked.Add(ref events, answer.Events);
            foreach (var violation in answer.Violations)
            {
                violations.Add($"shard {shard}: {violation}");
            }
        });
        Assert.True(violations.IsEmpty, string.Join('\n', violations));
        return events;
    }

    /// <summary>
    /// The journal holds every acknowledged command's event once, at its acknowledged version, and no other event. Call it when the load
    /// has stopped.
    /// </summary>
    public async Task VerifyJournalAsync(TaskLoad load)
    {
        using var management = Management();
        await Parallel.ForEachAsync(load.Acknowledged, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (task, _) =>
        {
            var (id, acknowledged) = task;
            var events = await management.EventsAsync("task", id);
            Assert.Equal(
                Enumerable.Range(1, (int)acknowledged).Select(version => (version, version == 1 ? "created@2" : TaskLoad.CommentText(id, version - 1))),
                events.Select(happened => ((int)happened.Version, happened.Type == "commented" ? happened.Payload.GetProperty("text").GetString()! : happened.Type)));
            Assert.Equal(events.Count, events.Select(happened => happened.CommandId).Distinct().Count());
        });
        Assert.Equal(load.Acknowledged.Values.Sum() + TaskLoad.OtherEvents, await VerifyJournalAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _spec.DisposeAsync();
        await Store.DisposeAsync();
    }

    private string Logs => _spec.Logs;
}
