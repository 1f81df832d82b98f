using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Networks;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;

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

    private const string ShardsOfARegion = "32";

    /// <summary>With these a process says that it is to be started again: docs/configuration.md.</summary>
    private static readonly HashSet<int> Restartable = [75, 81, 82, 83, 84, 137];

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan AskBound = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ShardsBound = TimeSpan.FromSeconds(30);

    private readonly MultiNodeSpec _spec;
    private readonly ConcurrentDictionary<string, bool> _silent = new();
    private readonly ConcurrentDictionary<string, bool> _left = new();
    private readonly ChaosDirectory _directory;
    private readonly string[] _arguments;

    private ChaosCluster(ChaosDirectory directory, SpecNetwork network, DatabaseServer? database)
    {
        (_directory, Network, Database) = (directory, network, database);
        string[] store = database is null
            ? ["--store", TestStore.Sqlite, "--store-path", StorePath]
            : ["--store", TestStore.Postgres, "--connection-string", database.ConnectionString];
        _arguments = [.. store, "--shards", ShardsOfARegion, "--AkkaScale:Node:AllowPlaintext", "true"];
        _spec = new MultiNodeSpec(SettingsOf, network);
        Wires = new Wires(network);
    }

    public SpecNetwork Network { get; }

    /// <summary>Between its hosts.</summary>
    public Wires Wires { get; }

    /// <summary>Null for SQLite.</summary>
    public DatabaseServer? Database { get; }

    /// <summary>The directory of the embedded store.</summary>
    public string StorePath => Path.Combine(_directory.Path, "store");

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
            network = await SpecNetwork.CreateAsync();
            var database = store == TestStore.Postgres ? await DatabaseServer.StartAsync(network, directory.Path) : null;
            cluster = new ChaosCluster(directory, network, database);
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

    public static SpecHost HostOf(NodeProcess node) => node.Settings.Host!;

    /// <summary>The hosts of all other nodes and of the gateway, also of those that do not run at the moment.</summary>
    public IReadOnlyList<SpecHost> PeersOf(NodeProcess node) => [.. _spec.Nodes.Where(other => other.Name != node.Name).Select(HostOf)];

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

    public Task RestartAsync(string name) => _spec.RestartAsync(name);

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

    /// <summary>To the tables themselves, past the product; not open yet.</summary>
    /// <param name="suffix">Of the embedded store's file: ".members" for that of the members.</param>
    public DbConnection StoreConnection(string suffix = "") => Database is { } database
        ? new NpgsqlConnection($"{database.ConnectionString};Pooling=false") // one that is kept would be broken when the server has restarted
        : new SqliteConnection($"Data Source={Path.Combine(StorePath, "akkascale.db")}{suffix};Mode=ReadOnly;Pooling=False");

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

    /// <summary>Waits until others own what a node owned.</summary>
    /// <returns>How many shards they took, under higher epochs.</returns>
    public async Task<int> TakenOverAsync(IReadOnlyList<ShardView> before, string from, TimeSpan within)
    {
        var taken = 0;
        var owned = before.Where(shard => shard.Owner == from).ToDictionary(shard => (shard.Region, shard.Shard), shard => shard.Epoch);
        await Eventually.Holds($"all {owned.Count} shards of {from} are taken over ({Logs})", within, async () =>
        {
            taken = (await ShardsAsync()).Count(shard =>
                owned.TryGetValue((shard.Region, shard.Shard), out var epoch) && shard.Epoch > epoch && shard.Owner is { } owner && owner != from);
            return taken == owned.Count ? null : $"{taken} are";
        });
        return taken;
    }

    /// <summary>A process that was stopped has found out whether it is still a member: it is ready again, or has ended.</summary>
    public static Task WaitUntilDecidedAsync(NodeProcess node, TimeSpan within) =>
        Eventually.Holds($"{node.Name} is ready or has ended (log: {node.LogPath})", within, async () =>
        {
            using var management = new ManagementClient(node.Management);
            return node.HasExited || await management.IsReadyAsync() ? null : "it is neither";
        });

    /// <summary>Every node runs and is ready, and every shard has an owner that runs. Starts what the cluster sent away, as its host would.</summary>
    public Task WaitUntilHealthyAsync(TimeSpan within) => Eventually.Holds($"all nodes are ready and own all shards ({Logs})", within, async () =>
    {
        await StartEndedAsync();
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
        return shards.Count > 0 && strays == 0 ? null : $"{strays} of {shards.Count} shards have no owner that runs";
    });

    /// <summary>Takes back whatever a nemesis that failed half-way may have left: wires, stopped and ended processes, the database.</summary>
    public async Task RepairAsync()
    {
        await Wires.HealAllAsync();
        if (Database is { IsRunning: false } stopped)
        {
            await stopped.StartAsync();
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
            // Nodes first, then the database, whose namespace the network removes at last.
            foreach (var node in _spec.Nodes)
            {
                await node.DisposeAsync();
            }

            await (Database?.DisposeAsync() ?? ValueTask.CompletedTask);
            await Wires.DisposeAsync();
            await _spec.DisposeAsync();
        }
        finally
        {
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

    private async Task StartEndedAsync()
    {
        foreach (var node in _spec.Nodes.Where(node => node.HasExited && !_left.ContainsKey(node.Name)))
        {
            var code = await node.WaitForExitAsync(AskBound);
            if (!Restartable.Contains(code))
            {
                throw new SpecFailedException($"{node.Name} ended with {code}, which no nemesis asked for:\n{node.Tail()}");
            }

            await RestartAsync(node.Name);
        }
    }

    private NodeProcessSettings SettingsOf(string role) => new(NodeProgram.Of(Repository.NodeProgram))
    {
        Name = role,
        Roles = role == GatewayName ? "gateway" : "entity,gateway",
        LogDirectory = Repository.LogDirectory,
        Arguments = _arguments,
    };
}
