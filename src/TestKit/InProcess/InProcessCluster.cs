using System.Collections.Concurrent;
using System.Diagnostics;
using AkkaScale.Entities;
using AkkaScale.Hosting;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.TestKit.InProcess;

/// <summary>
/// Several nodes of the real engine in one process, over one embedded store in a temporary directory, under one driven clock. Sessions, leases,
/// regions, routers and the transport (over loopback) are those that ship; time stands still until the test advances it or waits for something.
/// Threads, disk and sockets are real: two runs are alike, not equal.
/// </summary>
public sealed class InProcessCluster : IAsyncDisposable
{
    private static readonly TimeSpan RealBound = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan RealPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan DrivenBound = TimeSpan.FromMinutes(5);

    private readonly InProcessOptions _options;
    private readonly DirectoryInfo _store = Directory.CreateTempSubdirectory("akkascale-inprocess-");
    private readonly List<InProcessNode> _nodes = [];
    private readonly ConcurrentQueue<string> _log = new();
    private readonly SemaphoreSlim _advancing = new(1);
    private int _started;
    private bool _isStarting = true;

    private InProcessCluster(InProcessOptions options) => _options = options;

    public DrivenClock Clock { get; } = new();

    /// <summary>Those that run, in order of their start.</summary>
    public IReadOnlyList<InProcessNode> Nodes => [.. _nodes.Where(node => node.IsRunning)];

    /// <summary>What the nodes logged lately.</summary>
    public IReadOnlyList<string> Log => [.. _log];

    /// <summary>Time is advanced in steps so short that no lease runs out and no poll is left out.</summary>
    private TimeSpan Step => (_options.LeaseTtl / 6) + TimeSpan.FromMilliseconds(1);

    /// <param name="nodes">Started as node-1, node-2, …; the call returns when all are up and every shard has an owner.</param>
    /// <param name="configure">Declares the entity kinds on each node's builder.</param>
    public static Task<InProcessCluster> StartAsync(int nodes, Action<AkkaScaleNodeBuilder> configure) =>
        StartAsync(new InProcessOptions { Nodes = nodes, Configure = configure });

    /// <inheritdoc cref="StartAsync(int,Action{AkkaScaleNodeBuilder})"/>
    public static async Task<InProcessCluster> StartAsync(InProcessOptions options)
    {
        var cluster = new InProcessCluster(options);
        try
        {
            for (var number = 1; number <= options.Nodes; number++)
            {
                await cluster.LaunchAsync();
            }

            await cluster.WhenSettledAsync();
            cluster._isStarting = false;
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Adds a node under the next name; returns when it is up and every shard has an owner.</summary>
    public async Task<InProcessNode> JoinAsync()
    {
        var node = await LaunchAsync();
        await WhenSettledAsync();
        return node;
    }

    /// <summary>
    /// Asks through a node (the first that runs, if none is named) and waits for the answer; where it has to wait for time, time passes.
    /// </summary>
    public async Task<EntityReply> AskAsync(EntityCommand command, InProcessNode? through = null)
    {
        var asking = (through ?? Nodes[0]).Entities.AskAsync(command, CancellationToken.None).AsTask();
        await WhileAsync($"{command.Entity} answers", asking);
        return await asking;
    }

    /// <inheritdoc cref="AskAsync(EntityCommand,InProcessNode)"/>
    public Task<EntityReply> AskAsync(string kind, string id, object command, InProcessNode? through = null) =>
        AskAsync(new EntityCommand(new EntityKey(kind, id), command), through);

    /// <summary>The node that owns the entity's shard, or null while nobody does.</summary>
    public InProcessNode? OwnerOf(EntityKey entity)
    {
        var map = Nodes[0].Map.Current;
        var owner = map[ShardHash.ShardOf(entity.Id, map.ShardCount)].Owner;
        return Nodes.FirstOrDefault(node => node.Session is { } session && session.Self.Incarnation == owner);
    }

    /// <summary>Lets time pass for all nodes, in steps, each of which ends when every node has renewed its lease and polled its store.</summary>
    public async Task AdvanceAsync(TimeSpan by)
    {
        for (var left = by; left > TimeSpan.Zero; left -= Step)
        {
            await StepAsync(left < Step ? left : Step);
        }
    }

    /// <summary>
    /// Puts the wall clocks of all nodes and of the store forward; no time passes otherwise. For due times far away: what is due
    /// is found at the next poll, so advance a little afterwards.
    /// </summary>
    public void SkipWallClock(TimeSpan by) => Clock.SkipWallClock(by);

    /// <summary>Lets time pass until something holds; at most five minutes of it.</summary>
    /// <param name="what">For the failure's message.</param>
    /// <param name="look">Null when it holds, else what is seen instead.</param>
    public async Task UntilAsync(string what, Func<string?> look)
    {
        var (from, clock) = (Clock.Elapsed, Stopwatch.StartNew());
        while (look() is { } seen)
        {
            if (Clock.Elapsed - from > DrivenBound || clock.Elapsed > RealBound * 3)
            {
                throw Failed($"Within {Clock.Elapsed - from} of driven time it did not happen that {what}. Seen last: {seen}");
            }

            await PassAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in Nodes)
        {
            await node.CrashAsync();
        }

        _store.Delete(recursive: true);
        _advancing.Dispose();
    }

    /// <summary>Waits for a task that may need time to pass.</summary>
    internal async Task WhileAsync(string what, Task task)
    {
        var clock = Stopwatch.StartNew();
        while (await Task.WhenAny(task, Task.Delay(RealPause)) != task)
        {
            if (clock.Elapsed > RealBound * 3)
            {
                throw Failed($"Within {RealBound.TotalSeconds * 3} s of the machine's time it did not happen that {what}.");
            }

            await PassAsync();
        }

        await task;
    }

    private async Task<InProcessNode> LaunchAsync()
    {
        var node = new InProcessNode(this, $"node-{++_started}", _store.FullName, _options, Clock, _log);
        _nodes.Add(node);
        await node.StartAsync();
        return node;
    }

    private Task WhenSettledAsync() => UntilAsync("all nodes are up and every shard is served by its owner, evenly", () =>
    {
        var (even, nodes) = (_options.ShardCount / Nodes.Count, Nodes);
        return nodes.All(node => node.IsReady && node.Shards >= even && OwnersSeenBy(node).All(owner => owner is not null))
            ? null
            : string.Join(", ", nodes.Select(node => $"{node.Name} {(node.IsReady ? "ready" : "not ready")} with {node.Shards} shards"));
    });

    private static IEnumerable<object?> OwnersSeenBy(InProcessNode node)
    {
        var map = node.Map.Current;
        return Enumerable.Range(0, map.ShardCount).Select(shard => (object?)map[shard].Owner);
    }

    private async Task PassAsync()
    {
        if (_options.AdvancesByItself || _isStarting)
        {
            await StepAsync(Step);
        }

        await Task.Delay(RealPause / 10);
    }

    private async Task StepAsync(TimeSpan by)
    {
        await _advancing.WaitAsync();
        try
        {
            var polls = Nodes.ToDictionary(node => node, node => node.Map.Current.Version);
            Clock.Advance(by);
            var clock = Stopwatch.StartNew();
            while (polls.FirstOrDefault(node => IsBehind(node.Key, by == Step ? node.Value : long.MinValue)).Key is { } late)
            {
                if (clock.Elapsed > RealBound)
                {
                    throw Failed($"{late.Name} has neither renewed its lease nor polled its store within {RealBound.TotalSeconds} s of the machine's time.");
                }

                await Task.Delay(1);
            }
        }
        finally
        {
            _advancing.Release();
        }
    }

    /// <summary>A node that is starting, ending or cut off keeps nobody waiting.</summary>
    private bool IsBehind(InProcessNode node, long poll)
    {
        if (node.IsCut || node.Session is not { } session || session.Cluster.Completion.IsCompleted || !session.Cluster.View.IsReady && session.Cluster.Lease.DeadlineTimestamp == 0)
        {
            return false;
        }

        var renewedAfter = Clock.GetTimestamp() + ((_options.LeaseTtl * 0.9) - (_options.LeaseTtl / 4)).Ticks;
        return session.Cluster.Lease.DeadlineTimestamp < renewedAfter || node.Map.Current.Version <= poll;
    }

    private SpecFailedException Failed(string what) => new($"{what}\nThe nodes' log:\n{string.Join('\n', _log.TakeLast(40))}");
}
