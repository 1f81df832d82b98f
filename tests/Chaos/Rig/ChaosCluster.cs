using System.Collections.Concurrent;
using System.Globalization;
using AkkaScale.LegacySharding.Shards;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Networks;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Chaos.Rig;

/// <summary>
/// Everything that things are done to: entity nodes, a gateway that hosts no shards, the store, and clients' hosts, each in a network namespace of its own;
/// with the questions that nemeses ask. Dispose ends every process by its id and removes what was made.
/// </summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    public const string GatewayName = "gateway-1";

    /// <summary>A node that comes and goes; no nemesis but its own concerns it.</summary>
    public const string GuestName = "node-x";

    private const int ShardCount = 256;
    private const string Secret = "a secret of twenty four.";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskBound = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ShardsBound = TimeSpan.FromSeconds(30);

    private readonly MultiNodeSpec _spec;
    private readonly ConcurrentDictionary<string, ShimControl> _controls = new();
    private readonly ConcurrentDictionary<string, bool> _silent = new();
    private readonly ConcurrentDictionary<string, bool> _left = new();
    private readonly ChaosDirectory _directory;
    private readonly string[] _arguments;
    private string[] _extra = [];

    private ChaosCluster(ChaosDirectory directory, SpecNetwork network, DatabasePair? databases, Shim? shim, string? noShim)
    {
        (_directory, Network, Databases, Shim, NoShim) = (directory, network, databases, shim, noShim);
        string[] store = databases is null
            ? ["--store", TestStore.Sqlite, "--store-path", StorePath]
            : ["--store", TestStore.Postgres, "--connection-string", databases.ConnectionString];
        _arguments = [.. store, "--AkkaScale:Cluster:Secret", Secret];
        _spec = new MultiNodeSpec(SettingsOf, network);
        Wires = new Wires(network);
    }

    public SpecNetwork Network { get; }

    /// <summary>Null for SQLite.</summary>
    public DatabasePair? Databases { get; }

    public Shim? Shim { get; }

    /// <summary>Why there is none.</summary>
    public string? NoShim { get; }

    /// <summary>The directory of the embedded store.</summary>
    public string StorePath => Path.Combine(_directory.Path, "store");

    public Wires Wires { get; }

    /// <summary>Entity nodes that run, in order of name.</summary>
    public IReadOnlyList<NodeProcess> Entities =>
        [.. _spec.Running.Where(node => node.Name != GatewayName).OrderBy(node => node.Name, StringComparer.Ordinal)];

    /// <summary>Every process started so far, running or not.</summary>
    public IReadOnlyList<NodeProcess> All => _spec.Nodes;

    public NodeProcess Gateway => _spec[GatewayName];

    /// <summary>Of every node that did not leave for good, also of those that are dead at the moment: clients do not know.</summary>
    public IReadOnlyList<Uri> Gateways => [.. _spec.Nodes.Where(node => !_left.ContainsKey(node.Name)).Select(node => node.Gateway)];

    public IReadOnlyList<SpecHost> ClientHosts { get; private set; } = [];

    public string Logs => _spec.Logs;

    public static async Task<ChaosCluster> StartAsync(string store, int nodes, int clientHosts)
    {
        var directory = await ChaosDirectory.CreateAsync();
        ChaosCluster? cluster = null;
        SpecNetwork? network = null;
        try
        {
            var (shim, noShim) = await Shim.BuildAsync(directory.Path);
            network = await SpecNetwork.CreateAsync();
            var databases = store == TestStore.Postgres ? await DatabasePair.StartAsync(network, directory.Path, shim) : null;
            cluster = new ChaosCluster(directory, network, databases, shim, noShim);
            await cluster._spec.StartAsync([.. Enumerable.Range(1, nodes).Select(number => $"node-{number}"), GatewayName]);
            cluster.ClientHosts = [.. await cluster.AddClientHostsAsync(clientHosts)];
            await cluster.WaitUntilHealthyAsync(Bound);
            return cluster;
        }
        catch
        {
            if (cluster is not null)
            {
                await cluster.DisposeAsync();
            }
            else
            {
                await (network?.DisposeAsync() ?? ValueTask.CompletedTask);
                await directory.DisposeAsync();
            }

            throw;
        }
    }

    public NodeProcess Node(string name) => _spec[name];

    public SpecHost HostOf(NodeProcess node) => node.Settings.Host!;

    /// <summary>What stands between a node and its C library; null without a compiler.</summary>
    public ShimControl? ControlOf(string node) => _controls.GetValueOrDefault(node);

    public async Task JoinAsync(string name)
    {
        if (_left.TryRemove(name, out _))
        {
            await RestartAsync(name);
        }
        else
        {
            await _spec.StartAsync(name);
        }
    }

    public Task RestartAsync(string name) => _spec.RestartAsync(name, settings => settings with { Arguments = [.. _arguments, .. _extra] });

    /// <summary>What every process that is started from now on is told besides.</summary>
    public void StartWith(params string[] extra) => _extra = extra;

    /// <summary>A node that left is not expected back, but may <see cref="JoinAsync"/> again.</summary>
    public void Forget(string name) => _left[name] = true;

    /// <summary>From now on nobody asks this node about the cluster: it is stopped or cut.</summary>
    public void Silence(NodeProcess node) => _silent[node.Name] = true;

    public void Unsilence(NodeProcess node) => _silent.TryRemove(node.Name, out _);

    /// <summary>Asks any node that should answer.</summary>
    public async Task<T> AskAsync<T>(Func<ManagementClient, Task<T>> ask)
    {
        var failures = new List<string>();
        foreach (var node in _spec.Running.Where(node => !_silent.ContainsKey(node.Name)))
        {
            try
            {
                using var management = new ManagementClient(node.Management);
                return await ask(management).WaitAsync(AskBound);
            }
            catch (Exception error) when (error is HttpRequestException or IOException or OperationCanceledException or TimeoutException)
            {
                failures.Add($"{node.Name}: {error.Message}");
            }
        }

        throw new HttpRequestException($"no node answers: {string.Join("; ", failures)}");
    }

    /// <summary>Waits as long as nobody can tell: another nemesis may have stopped the database.</summary>
    public async Task<IReadOnlyList<ShardView>> ShardsAsync()
    {
        IReadOnlyList<ShardView> shards = [];
        await Eventually.Holds("a node tells who owns which shard", ShardsBound, async () =>
        {
            shards = await AskAsync(management => management.ShardsAsync());
            return null;
        });
        return shards;
    }

    /// <summary>The sum of a node's series of a name that carry an outcome.</summary>
    public static async Task<double> MetricAsync(NodeProcess node, string name, string outcome)
    {
        using var management = new ManagementClient(node.Management);
        return (await management.MetricsAsync()).Split('\n')
            .Where(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains($"\"{outcome}\"", StringComparison.Ordinal))
            .Sum(line => double.Parse(line[(line.LastIndexOf(' ') + 1)..], CultureInfo.InvariantCulture));
    }

    /// <summary>A task of a node's, whether it exists or not; null if the node owns nothing.</summary>
    public async Task<string?> EntityOfAsync(string node)
    {
        var shards = (await ShardsAsync()).Where(shard => shard.Owner == node).Select(shard => shard.Shard).ToHashSet();
        return Enumerable.Range(0, 10_000).Select(number => $"task-{number}").FirstOrDefault(task => shards.Contains(ShardHash.ShardOf(task, ShardCount)));
    }

    /// <summary>Waits until others own what a node owned.</summary>
    /// <returns>How many shards they took, under higher epochs.</returns>
    public async Task<int> TakenOverAsync(IReadOnlyList<ShardView> before, string from, TimeSpan within)
    {
        var taken = 0;
        var owned = before.Where(shard => shard.Owner == from).ToDictionary(shard => shard.Shard, shard => shard.Epoch);
        await Eventually.Holds($"all {owned.Count} shards of {from} are taken over ({Logs})", within, async () =>
        {
            taken = (await ShardsAsync()).Count(shard =>
                owned.TryGetValue(shard.Shard, out var epoch) && shard.Epoch > epoch && shard.Owner is { } owner && owner != from);
            return taken == owned.Count ? null : $"{taken} are";
        });
        return taken;
    }

    /// <summary>Every running node is ready, and every shard has an owner that runs.</summary>
    public Task WaitUntilHealthyAsync(TimeSpan within) => Eventually.Holds($"all nodes are ready and own all shards ({Logs})", within, async () =>
    {
        foreach (var node in _spec.Running)
        {
            using var management = new ManagementClient(node.Management);
            if (!await management.IsReadyAsync())
            {
                return $"{node.Name} is not ready";
            }
        }

        var owners = Entities.Select(node => node.Name).ToHashSet();
        var shards = await ShardsAsync();
        var strays = shards.Count(shard => shard.Owner is null || !owners.Contains(shard.Owner));
        return shards.Count == ShardCount && strays == 0 ? null : $"{strays} of {shards.Count} shards have no owner that runs";
    });

    /// <summary>Takes back whatever a nemesis that failed half-way may have left: wires, clocks, stopped and ended processes, the database.</summary>
    public async Task RepairAsync()
    {
        await Wires.HealAllAsync();
        _extra = [];
        foreach (var control in _controls.Values.Concat(Databases?.Servers.Select(server => server.Control).OfType<ShimControl>() ?? []))
        {
            (control.WallOffset, control.FsyncDelay) = (TimeSpan.Zero, TimeSpan.Zero);
        }

        if (Databases is { Primary.IsRunning: false } pair)
        {
            await pair.Primary.StartAsync();
        }

        foreach (var node in _spec.Nodes.Where(node => !_left.ContainsKey(node.Name)))
        {
            node.ResumeIfRunning();
            if (node.HasExited)
            {
                await RestartAsync(node.Name);
            }
        }

        _silent.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            await Wires.DisposeAsync();
            if (Databases is null)
            {
                await _spec.DisposeAsync();
            }
            else
            {
                // Nodes first: then databases, whose namespaces the network removes at last.
                foreach (var node in _spec.Nodes)
                {
                    await node.DisposeAsync();
                }

                await Databases.DisposeAsync();
                await _spec.DisposeAsync();
            }
        }
        finally
        {
            foreach (var control in _controls.Values)
            {
                control.Dispose();
            }

            await _directory.DisposeAsync();
        }
    }

    private async Task<IEnumerable<SpecHost>> AddClientHostsAsync(int count)
    {
        var hosts = new List<SpecHost>();
        for (var number = 1; number <= count; number++)
        {
            hosts.Add(await Network.AddHostAsync($"client-{number}"));
        }

        return hosts;
    }

    private NodeProcessSettings SettingsOf(string role)
    {
        var program = NodeProgram.Of(Repository.NodeProgram);
        if (Shim is not null)
        {
            var entering = _controls.GetOrAdd(role, _ => Shim.Control()).Entering;
            program = program with { Executable = entering[0], Arguments = [.. entering.Skip(1), program.Executable, .. program.Arguments] };
        }

        return new NodeProcessSettings(program)
        {
            Name = role,
            Roles = role == GatewayName ? "gateway" : "entity,gateway",
            LogDirectory = Repository.LogDirectory,
            Arguments = [.. _arguments, .. _extra],
        };
    }
}
