using AkkaScale.TestKit.Networks;

namespace AkkaScale.TestKit.Processes;

/// <summary>
/// Real node processes, each under the name of a role, and what a spec does to them: kill, pause, resume, terminate, restart, cut, heal; and scripts that
/// run for several roles at once and meet at barriers. Every wait is bounded; dispose ends every process by its id and removes the network.
/// </summary>
/// <example><code>
/// await using var spec = new MultiNodeSpec(role => new NodeProcessSettings(NodeProgram.Of&lt;Program&gt;()) { Name = role, Arguments = store });
/// await spec.StartAsync("first", "second");
/// await spec["first"].KillAsync();
/// </code></example>
/// <param name="settings">How the process of a role is started.</param>
/// <param name="network">Where the roles get hosts of their own, so that they can be cut; belongs to the spec from here on. Null: loopback.</param>
public sealed class MultiNodeSpec(Func<string, NodeProcessSettings> settings, SpecNetwork? network = null) : IAsyncDisposable
{
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(60);

    // Replaced whole: scripts ask for nodes while others are added.
    private volatile NodeProcess[] _nodes = [];
    private readonly Lock _lock = new();

    /// <summary>Every process started so far and not replaced, running or not.</summary>
    public IReadOnlyList<NodeProcess> Nodes => _nodes;

    public IEnumerable<NodeProcess> Running => _nodes.Where(node => !node.HasExited);

    /// <summary>Where the logs are, for a failure's message.</summary>
    public string Logs => $"logs: {string.Join(' ', _nodes.Select(node => node.LogPath))}";

    /// <summary>The process of a role.</summary>
    public NodeProcess this[string role] => _nodes.SingleOrDefault(node => node.Name == role)
        ?? throw new SpecFailedException($"No process was started for role {role}; there are {string.Join(", ", _nodes.Select(node => node.Name))}.");

    /// <summary>Starts the roles' processes at once; returns when all are ready.</summary>
    public async Task StartAsync(params IReadOnlyList<string> roles)
    {
        var started = new List<NodeProcess>();
        foreach (var role in roles)
        {
            started.Add(await LaunchAsync(settings(role)));
        }

        foreach (var node in started)
        {
            await node.WaitUntilReady(StartBound);
        }
    }

    /// <summary>Starts a process with settings of its own, in place of one of that name that has ended; returns when it is ready.</summary>
    public async Task<NodeProcess> StartAsync(NodeProcessSettings own)
    {
        var node = await LaunchAsync(own);
        await node.WaitUntilReady(StartBound);
        return node;
    }

    /// <summary>Starts a role's process again after it has ended, with its old name, host and ports; returns when it is ready.</summary>
    /// <param name="change">What is different from now on, other arguments say.</param>
    public async Task<NodeProcess> RestartAsync(string role, Func<NodeProcessSettings, NodeProcessSettings>? change = null)
    {
        var ended = this[role];
        if (!ended.HasExited)
        {
            throw new SpecFailedException($"{role} still runs: kill or terminate it before it is started again.");
        }

        var node = await ReplaceAsync(ended, change is null ? ended.Settings : change(ended.Settings));
        await node.WaitUntilReady(StartBound);
        return node;
    }

    /// <summary>Runs a script for each role, all at once. The first failure ends the others; so does the bound, which says where each of them was.</summary>
    public Task RunAsync(TimeSpan within, params IReadOnlyList<(string Role, Func<SpecRole, Task> Script)> scripts) =>
        new SpecRun(this, scripts).RunAsync(within);

    /// <summary>Nothing passes between two roles any more; both reach the store and everybody else.</summary>
    public Task CutAsync(string role, string other) => Network.CutAsync(HostOf(role), HostOf(other));

    public Task HealAsync(string role, string other) => Network.HealAsync(HostOf(role), HostOf(other));

    /// <summary>Nothing passes between a role and any other role.</summary>
    public Task IsolateAsync(string role) => Task.WhenAll(_nodes.Where(node => node.Name != role).Select(node => CutAsync(role, node.Name)));

    /// <summary>Takes <see cref="IsolateAsync"/> back.</summary>
    public Task RejoinAsync(string role) => Task.WhenAll(_nodes.Where(node => node.Name != role).Select(node => HealAsync(role, node.Name)));

    /// <summary>Nothing passes between a role and the store's address (<see cref="SpecNetwork.StoreAddress"/>).</summary>
    public Task CutStoreAsync(string role) => Network.CutStoreAsync(HostOf(role));

    public Task HealStoreAsync(string role) => Network.HealStoreAsync(HostOf(role));

    public async ValueTask DisposeAsync()
    {
        try
        {
            foreach (var node in _nodes)
            {
                await node.DisposeAsync();
            }
        }
        finally
        {
            if (network is not null)
            {
                await network.DisposeAsync();
            }
        }
    }

    private SpecNetwork Network => network ?? throw new InvalidOperationException("Only roles on a network can be cut: give the spec a SpecNetwork.");

    private SpecHost HostOf(string role) => this[role].Settings.Host!;

    private async Task<NodeProcess> LaunchAsync(NodeProcessSettings given)
    {
        var former = _nodes.SingleOrDefault(node => node.Name == given.Name);
        if (former is { HasExited: false })
        {
            throw new SpecFailedException($"{given.Name} runs already.");
        }

        var placed = network is null || given.Host is not null ? given
            : given with { Host = former?.Settings.Host ?? await network.AddHostAsync(given.Name) };
        return await ReplaceAsync(former, placed);
    }

    private async Task<NodeProcess> ReplaceAsync(NodeProcess? former, NodeProcessSettings given)
    {
        if (former is not null)
        {
            await former.DisposeAsync();
        }

        var node = NodeProcess.Start(given);
        lock (_lock)
        {
            _nodes = [.. _nodes.Where(other => other != former), node];
        }

        return node;
    }
}
