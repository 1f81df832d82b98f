using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AkkaScale.TestKit;
using AkkaScale.TestKit.Networks;
using AkkaScale.TestKit.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.EndToEnd.Compose;

/// <summary>
/// The compose file's services without a container engine: each container a host of its own in a network made for this, running the published
/// program by the image's entrypoint with the service's environment, behind nginx with the configuration that is shipped. The database is a
/// private server in place of the service; shards are few, so that they are soon shared out.
/// </summary>
internal sealed class ComposedCluster : IAsyncDisposable
{
    private const string Node = "node";
    private const string Gateway = "gateway";

    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);

    private readonly SpecNetwork _network;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-compose-");
    private readonly Dictionary<string, List<Container>> _containers = new() { [Node] = [], [Gateway] = [] };
    private readonly Dictionary<string, int> _made = [];
    private readonly SemaphoreSlim _adding = new(1);
    private IReadOnlyDictionary<string, ComposeService> _services = new Dictionary<string, ComposeService>();
    private NetworkedPostgres? _database;
    private ServiceNames? _names;
    private Container? _nginx;

    private ComposedCluster(SpecNetwork network) => _network = network;

    /// <summary>nginx, as a client reaches it.</summary>
    public Uri Edge => new($"http://{_nginx!.Host.Address}:8080");

    /// <summary>A line for each request, see nginx.conf.</summary>
    public string EdgeLog => _nginx!.Log;

    public IReadOnlyList<Container> Nodes => Of(Node);

    public IReadOnlyList<Container> Gateways => Of(Gateway);

    /// <summary>One gateway and so many entity nodes, all ready, behind nginx.</summary>
    public static async Task<ComposedCluster> StartAsync(int nodes)
    {
        var cluster = new ComposedCluster(await SpecNetwork.CreateAsync());
        try
        {
            await cluster.PrepareAsync();
            await Task.WhenAll(cluster.ScaleAsync(Node, nodes), cluster.ScaleAsync(Gateway, 1));
            await cluster.StartNginxAsync();
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    public Task ScaleNodesAsync(int count) => ScaleAsync(Node, count);

    public Task ScaleGatewaysAsync(int count) => ScaleAsync(Gateway, count);

    /// <summary>A container of the service "node" whose environment an operator got wrong.</summary>
    public Task<Container> AddWrongNodeAsync(string variable, string value)
    {
        var service = _services[Node];
        return AddAsync("wrong", service with { Environment = new Dictionary<string, string>(service.Environment) { [variable] = value } });
    }

    /// <summary>Asks pbm about the cluster, by the management port of a node, until its answer is as it should be.</summary>
    /// <param name="look">Null when it is; else what is not.</param>
    public Task SeeByPbmAsync(string what, Func<JsonElement, string?> look, params string[] arguments) =>
        Eventually.Holds($"pbm {string.Join(' ', arguments)} shows {what}", Bound, async () =>
        {
            var run = await ProgramRun.ExecuteAsync(
                "dotnet", [Repository.PbmProgram, .. arguments, "--json", "--node", Nodes[0].Management.Authority], Bound,
                new Dictionary<string, string> { ["PBM_TOKEN"] = NodeProcessSettings.ManagementToken });
            return run.ExitCode == 0 ? look(JsonDocument.Parse(run.Output).RootElement) : run.ToString();
        });

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }

        _names?.Dispose();
        foreach (var container in _containers.Values.SelectMany(each => each))
        {
            await container.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }

        foreach (var host in _network.Hosts)
        {
            if (Directory.Exists(FilesOf(host)))
            {
                Directory.Delete(FilesOf(host), recursive: true);
            }
        }

        await _network.DisposeAsync();
        _adding.Dispose();
        _directory.Delete(recursive: true);
    }

    private List<Container> Of(string service)
    {
        lock (_containers)
        {
            return [.. _containers[service]];
        }
    }

    private async Task PrepareAsync()
    {
        _database = await NetworkedPostgres.StartAsync(_network.StoreAddress);
        var services = await ComposeFile.ReadAsync(new Dictionary<string, string>
        {
            ["POSTGRES_PASSWORD"] = "unused",
            ["AKKASCALE_OPERATOR_HASH"] = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(NodeProcessSettings.ManagementToken))),
        });
        _services = services.ToDictionary(each => each.Key, each => each.Value with
        {
            Environment = new Dictionary<string, string>(each.Value.Environment)
            {
                ["AKKASCALE__STORE__CONNECTIONSTRING"] = _database.ConnectionString,
                ["AKKASCALE__SHARDING__SHARDCOUNT"] = "16",
                ["AKKASCALE__SHARDING__ALLOCATION__QUIETFOR"] = "00:00:02",
            },
        });
        await PublishAsync();
    }

    /// <summary>What the image has in /app.</summary>
    private async Task PublishAsync()
    {
        var framework = new DirectoryInfo(Path.GetDirectoryName(Repository.NodeProgram)!);
        var configuration = framework.Parent!.Name;
        var project = Path.Combine(Repository.Root, "src", "Node");
        var hasMachineCode = Directory.Exists(Path.Combine(project, "obj", configuration, framework.Name, "R2R"));
        var run = await ProgramRun.ExecuteAsync(
            "dotnet",
            ["publish", project, "-c", configuration, "--no-build", $"-p:Precompile={hasMachineCode}", "-o", _directory.FullName, "-v", "q", "--nologo"],
            Bound * 3);
        Assert.True(run.ExitCode == 0, run.ToString());
        File.Copy(Path.Combine(Repository.Root, "deploy", "entrypoint.sh"), Entrypoint);
    }

    private string Entrypoint => Path.Combine(_directory.FullName, "entrypoint.sh");

    private async Task ScaleAsync(string service, int count)
    {
        var leaving = new List<Container>();
        lock (_containers)
        {
            var present = _containers[service];
            leaving.AddRange(present.Skip(count));
            present.RemoveAll(leaving.Contains);
        }

        // All at once, as docker-compose does it.
        var codes = await Task.WhenAll(leaving.Select(container => container.StopAsync()));
        Assert.All(leaving.Zip(codes), each => Assert.True(each.Second == 0, $"{each.First.Name} ended with {each.Second}: {each.First.LogPath}"));
        foreach (var container in leaving)
        {
            await container.DisposeAsync();
        }

        var comers = new List<Container>();
        while (Of(service).Count < count)
        {
            comers.Add(await AddAsync(service, _services[service]));
        }

        foreach (var container in comers)
        {
            await Eventually.Holds($"{container.Name} is ready ({container.LogPath})", Bound, async () => await container.IsReadyAsync() ? null : "it is not");
        }
    }

    private async Task<Container> AddAsync(string service, ComposeService definition)
    {
        await _adding.WaitAsync();
        try
        {
            var name = $"{service}-{_made[service] = _made.GetValueOrDefault(service) + 1}";
            var host = await _network.AddHostAsync(name);
            Directory.CreateDirectory(FilesOf(host));
            await File.WriteAllTextAsync(Path.Combine(FilesOf(host), "hosts"), $"127.0.0.1 localhost\n{host.Address} {name}\n");
            var container = new Container(name, definition, host, ["sh", Entrypoint]);
            lock (_containers)
            {
                _containers.TryAdd(service, []);
                _containers[service].Add(container);
            }

            return container;
        }
        finally
        {
            _adding.Release();
        }
    }

    private async Task StartNginxAsync()
    {
        var host = await _network.AddHostAsync("nginx");
        _names = await ServiceNames.StartAsync(host, name => name == Gateway ? [.. Gateways.Select(each => IPAddress.Parse(each.Host.Address))] : []);
        var place = _directory.CreateSubdirectory("nginx");
        if (!OperatingSystem.IsWindows())
        {
            // The workers of a root nginx run as another user, who keeps request bodies there.
            File.SetUnixFileMode(_directory.FullName, (UnixFileMode)0b111_101_101);
            File.SetUnixFileMode(place.FullName, (UnixFileMode)0b111_101_101);
        }

        var configuration = Path.Combine(place.FullName, "nginx.conf");
        var shipped = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "nginx.conf"));
        await File.WriteAllTextAsync(configuration, shipped.Replace("/tmp/nginx", $"{place.FullName}/nginx", StringComparison.Ordinal));
        _nginx = new Container(
            "nginx", _services["nginx"], host,
            [InstalledProgram.Find(NginxProcess.Program)!, "-c", configuration, "-p", place.FullName, "-g", "daemon off;"]);
        using var client = new HttpClient();
        await Eventually.Holds($"nginx answers ({_nginx.LogPath})", Bound, async () =>
        {
            using var answer = await client.GetAsync(new Uri(Edge, "/openapi/v1.json"));
            return answer.IsSuccessStatusCode ? null : $"{(int)answer.StatusCode}";
        });
    }

    /// <summary>What ip-netns(8) shows a process on that host in /etc.</summary>
    private static string FilesOf(SpecHost host) => Path.Combine("/etc/netns", host.Namespace);
}
