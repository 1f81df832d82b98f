using System.Collections.Concurrent;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Networks;
using AkkaScale.TestKit.Processes;
using Xunit;

namespace AkkaScale.Tests.Support;

/// <summary>Several real node processes over one store, with the questions that tests ask of a whole cluster.</summary>
public sealed class ClusterFixture : IAsyncDisposable
{
    /// <summary>Few shards that are even soon after members came or went: what tests wait for is told apart from what they wait on.</summary>
    private static readonly string[] Quick = ["--shards", "16", "--AkkaScale:Sharding:Allocation:QuietFor", "00:00:02"];

    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    private readonly MultiNodeSpec _spec;

    private ClusterFixture(TestStore store, IReadOnlyList<string> arguments, SpecNetwork? network, NodeProgram? program)
    {
        Store = store;
        _spec = new MultiNodeSpec(
            role =>
            {
                var settings = new NodeSettings { Name = role, Store = store, Arguments = [.. Quick, .. arguments] };
                return program is null ? settings : settings with { Program = program };
            },
            network);
    }

    public TestStore Store { get; }

    /// <summary>The processes, and what a test may do to them.</summary>
    public MultiNodeSpec Spec => _spec;

    /// <summary>Every process started so far and not replaced, running or not.</summary>
    public IReadOnlyList<NodeProcess> Nodes => _spec.Nodes;

    public IEnumerable<NodeProcess> Running => _spec.Running;

    /// <summary>Starts node-1 to node-<paramref name="nodes"/> at once; returns when they are up and share the shards evenly.</summary>
    /// <param name="store">Empty; belongs to the cluster from here on.</param>
    /// <param name="arguments">Of every node's command line; they win over the few shards and the short rest of the fixture.</param>
    public static Task<ClusterFixture> StartAsync(TestStore store, int nodes, params IReadOnlyList<string> arguments) =>
        StartAsync(store, null, nodes, arguments);

    /// <inheritdoc cref="StartAsync(TestStore,SpecNetwork,NodeProgram,int,IReadOnlyList{string})"/>
    public static Task<ClusterFixture> StartAsync(TestStore store, SpecNetwork? network, int nodes, params IReadOnlyList<string> arguments) =>
        StartAsync(store, network, null, nodes, arguments);

    /// <param name="network">Where the nodes live, so that they can be cut; belongs to the cluster from here on.</param>
    /// <param name="program">What they run at first, if it is not the program of this build.</param>
    /// <inheritdoc cref="StartAsync(TestStore,int,IReadOnlyList{string})"/>
    public static async Task<ClusterFixture> StartAsync(
        TestStore store, SpecNetwork? network, NodeProgram? program, int nodes, params IReadOnlyList<string> arguments)
    {
        var cluster = new ClusterFixture(store, arguments, network, program);
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

    /// <summary>Adds a node with settings of its own, and those of the fixture.</summary>
    public Task<NodeProcess> JoinAsync(NodeSettings settings) =>
        _spec.StartAsync(settings with { Arguments = [.. Quick, .. settings.Arguments] });

    /// <summary>Starts a process that has ended again, under its old name and ports.</summary>
    public Task<NodeProcess> RestartAsync(NodeProcess ended) => _spec.RestartAsync(ended.Name);

    /// <summary>The same with another program.</summary>
    public Task<NodeProcess> RestartAsync(NodeProcess ended, NodeProgram program) =>
        _spec.RestartAsync(ended.Name, settings => settings with { Program = program });

    /// <summary>Waits until the process ends by itself, as one does that was sent away or declared dead, and starts it again.</summary>
    /// <returns>The new process.</returns>
    public async Task<NodeProcess> RestartAsync(NodeProcess ending, TimeSpan within)
    {
        Assert.NotEqual(0, await ending.WaitForExitAsync(within));
        return await RestartAsync(ending);
    }

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

    /// <summary>Every shard runs where it should, and of each region every running node has as many shards as any other, give or take one.</summary>
    /// <param name="but">A node whose process runs but is not expected to own anything, a paused one say.</param>
    public async Task WaitUntilBalanced(TimeSpan within, NodeProcess? but = null)
    {
        var owners = Running.Where(node => node != but).ToList();
        var expected = owners.Select(node => node.Name).ToHashSet();
        using var management = Management(but);
        await Eventually.Holds($"{string.Join(", ", expected)} share all shards evenly ({Logs})", within, async () =>
        {
            foreach (var node in owners)
            {
                await node.FailIfEndedAsync("all shards were shared evenly");
            }

            var shards = await management.ShardsAsync();
            var uneven = shards.GroupBy(shard => shard.Region).Where(region =>
            {
                var shares = region.CountBy(shard => shard.Owner ?? "nobody").ToDictionary();
                return !shares.Keys.ToHashSet().SetEquals(expected) || shares.Values.Max() - shares.Values.Min() > 1;
            }).Select(region => region.Key).ToList();
            return uneven.Count == 0 && shards.All(shard => shard.Target is null) ? null
                : string.Join(", ", shards.CountBy(shard => $"{shard.Region} on {shard.Owner ?? "nobody"}").OrderBy(share => share.Key, StringComparer.Ordinal))
                    + $"; {shards.Count(shard => shard.Target is not null)} on their way";
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

    /// <summary>The shards a node owns now, as region/number.</summary>
    public async Task<IReadOnlySet<string>> ShardsOfAsync(NodeProcess node)
    {
        using var management = Management();
        return (await management.ShardsAsync()).Where(shard => shard.Owner == node.Name).Select(shard => shard.Key).ToHashSet();
    }

    /// <summary>Name of the node at which a task is now, as another node than <paramref name="but"/> sees it.</summary>
    public async Task<string> OwnerOfTaskAsync(string task, NodeProcess? but = null)
    {
        using var management = Management(but);
        var owner = "";
        await Eventually.Holds($"task {task} has an owner ({Logs})", StartBound, async () =>
        {
            owner = (await management.WhereAsync("task", task)).Owner ?? "";
            return owner.Length > 0 && (but is null || owner != but.Name) ? null : $"it is at \"{owner}\"";
        });
        return owner;
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

    /// <summary>Reads the whole journal through the product's own check and expects no violation. Returns the number of rows.</summary>
    public async Task<long> VerifyJournalAsync()
    {
        using var management = Management();
        var rows = 0L;
        var violations = new ConcurrentBag<string>();
        var shards = await management.ShardsAsync();
        await Parallel.ForEachAsync(shards, new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (shard, _) =>
        {
            var answer = await management.VerifyAsync(shard.Region, shard.Shard);
            Interlocked.Add(ref rows, answer.Events);
            foreach (var violation in answer.Violations)
            {
                violations.Add($"{shard.Key}: {violation}");
            }
        });
        Assert.True(violations.IsEmpty, string.Join('\n', violations));
        return rows;
    }

    /// <summary>
    /// The journal holds every acknowledged command's event once, at its acknowledged version, and no other row than those that were there
    /// before. Call it when the load has stopped.
    /// </summary>
    /// <param name="before">Rows in the journal before the load.</param>
    public async Task VerifyJournalAsync(TaskLoad load, long before)
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
        Assert.Equal(before + load.Rows, await VerifyJournalAsync());
    }

    public async ValueTask DisposeAsync()
    {
        await _spec.DisposeAsync();
        await Store.DisposeAsync();
    }

    private string Logs => _spec.Logs;
}
