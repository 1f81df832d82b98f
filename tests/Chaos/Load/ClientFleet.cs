using AkkaScale.TestKit.Networks;
using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Chaos.Load;

/// <summary>All clients, on a few hosts of their own.</summary>
internal sealed class ClientFleet : IAsyncDisposable
{
    private const string Owner = "owner";

    /// <summary>Every other client waits longer for an answer than any pause of a node lasts: so one that wakes up and still believes in its lease is heard.</summary>
    private static readonly TimeSpan[] AttemptBounds = [TimeSpan.FromSeconds(4), TimeSpan.FromSeconds(9)];
    private static readonly TimeSpan GatewayWait = TimeSpan.FromSeconds(3);

    private readonly NamespaceSockets[] _sockets;
    private readonly ClientEdge[] _edges;
    private readonly ChaosClient[] _clients;
    private readonly LoadSettings _settings;
    private readonly CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public ClientFleet(IReadOnlyList<SpecHost> hosts, int seed, LoadSettings settings, HistoryWriter history, RunClock clock)
    {
        _settings = settings;
        Hosts = hosts;
        _sockets = [.. hosts.Select(host => new NamespaceSockets(host.Namespace))];
        _edges = [.. AttemptBounds.SelectMany(bound => _sockets.Select(sockets => new ClientEdge(sockets, bound, GatewayWait)))];
        _clients =
        [
            .. Enumerable.Range(0, settings.Clients).Select(number =>
                new ChaosClient(number, (seed * 7919) + number, _edges[number % _edges.Length], settings, history, clock, Counters)),
        ];
    }

    public IReadOnlyList<SpecHost> Hosts { get; }

    public LoadCounters Counters { get; } = new();

    /// <summary>Creates user, project and all tasks; then every client goes on until <see cref="StopAsync"/>.</summary>
    public async Task StartAsync()
    {
        await ExpectAsync("/users/owner", """{"name":"Owner"}""");
        await ExpectAsync($"/projects/{TaskRequest.Project}", $$"""{"name":"Chaos","owner":"{{Owner}}"}""");
        await Task.WhenAll(_clients.Select(client => client.CreateAsync(_stop.Token)));
        var zipf = new Zipf(_settings.Entities);
        _running = Task.WhenAll(_clients.Select(client => Task.Run(() => client.RunAsync(zipf, _stop.Token))));
    }

    /// <summary>Ends the load; returns when what was under way has ended.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _running;
    }

    /// <summary>Reads every task once. Call it when the load has stopped.</summary>
    /// <returns>Those that did not answer.</returns>
    public async Task<IReadOnlyList<string>> ReadAllAsync()
    {
        var silent = new List<string>();
        await Task.WhenAll(_clients.Select(async (client, number) =>
        {
            for (var task = number; task < _settings.Entities; task += _settings.Clients)
            {
                if (!(await client.ReadAsync($"task-{task}")).IsAnswered)
                {
                    lock (silent)
                    {
                        silent.Add($"task-{task}");
                    }
                }
            }
        }));
        return silent;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        foreach (var edge in _edges)
        {
            edge.Dispose();
        }

        foreach (var sockets in _sockets)
        {
            sockets.Dispose();
        }

        _stop.Dispose();
    }

    private Task ExpectAsync(string path, string body) =>
        TestKit.Eventually.Holds($"{path} is made", TimeSpan.FromSeconds(30), async () =>
            await _edges[0].SendAsync(HttpMethod.Put, _settings.Gateways[0], path, Owner, body, null, null, isImpatient: false) is { IsSuccess: false } failed ? failed.ToString() : null);
}
