using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote;
using Akka.Remote.Transport;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Hosting;
using AkkaScale.Cluster.Options;
using AkkaScale.Sharding.Routing;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>A node in this process, on a real host: remoting, cluster, the database's plug-ins, journal, one sharded region.</summary>
internal sealed class ProbeNode : IProbeNode
{
    private static readonly TimeSpan StopsWithin = TimeSpan.FromSeconds(20);

    private readonly WebApplication _host;
    private readonly ProbeShards _shards;
    private readonly LogFile? _log;
    private readonly TaskCompletionSource<NodeEnding> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private ProbeNode(ProbeNodeSettings settings, LogFile? log, Action<string> write, bool exits)
    {
        (Settings, _log, _shards) = (settings, log, new ProbeShards(settings.Shards));
        _host = Build(settings, write, exits ? null : OnEnd, _shards, Map);
    }

    public ProbeNodeSettings Settings { get; }

    public Task<NodeEnding> Ended => _ended.Task;

    public ActorSystem System => _host.Services.GetRequiredService<ActorSystem>();

    public ClusterMembership Membership => ClusterMembership.For(System);

    /// <summary>Where the region's coordinator has its shards, on a node that is steered.</summary>
    public ShardMapView Map { get; } = new();

    private IActorRef Region => ActorRegistry.For(System).Get<ProbeEntity>();

    /// <summary>A node of a test in the test's own process.</summary>
    /// <param name="log">Where its log goes; it is closed with the node.</param>
    public static async Task<ProbeNode> StartAsync(ProbeNodeSettings settings, LogFile log)
    {
        var node = new ProbeNode(settings, log, log.Write, exits: false);
        await node.RunAsync();
        return node;
    }

    /// <summary>The node of a process of its own, which the product ends when it may not go on.</summary>
    public static async Task<ProbeNode> StartProcessAsync(ProbeNodeSettings settings, Action<string> write)
    {
        var node = new ProbeNode(settings, null, write, exits: true);
        await node.RunAsync();
        return node;
    }

    public async Task<Noticed?> NoteAsync(string entity, string commandId, TimeSpan within) =>
        await AskAsync<Noticed>(new Note(entity, commandId), within);

    public async Task<Contents?> ReadAsync(string entity, TimeSpan within) => await AskAsync<Contents>(new Read(entity), within);

    public async Task<NodeReport?> ReportAsync(TimeSpan within)
    {
        if (Ended.IsCompleted)
        {
            return null;
        }

        var running = await AskAsync<CurrentShardRegionState>(GetShardRegionState.Instance, within);
        var (membership, cluster) = (Membership, Akka.Cluster.Cluster.Get(System));
        var state = cluster.State;
        return new NodeReport(
            membership.Incarnation,
            $"{cluster.SelfAddress}",
            membership.IsServing,
            $"{cluster.SelfMember.Status}",
            [.. state.Members.Select(member => new MemberReport(
                $"{member.Address}", member.UniqueAddress.Uid, $"{member.Status}", !state.Unreachable.Contains(member)))],
            LeasesInTheBook(membership),
            running?.Shards.Select(shard => shard.ShardId).ToList());
    }

    public Task CutAsync(IProbeNode other, LinkDirection direction) => CutAsync(other.Settings.Address, direction);

    public Task HealAsync(IProbeNode other) => HealAsync(other.Settings.Address);

    public Task CutAsync(string address, LinkDirection direction) => ThrottleAsync(address, direction, Blackhole.Instance);

    public Task HealAsync(string address) => ThrottleAsync(address, LinkDirection.Both, Unthrottled.Instance);

    /// <summary>Shuts another out, as Akka does with a member it has removed.</summary>
    public void Quarantine(ProbeNode other)
    {
        var peer = Akka.Cluster.Cluster.Get(other.System).SelfUniqueAddress;
        ((RemoteActorRefProvider)((ExtendedActorSystem)System).Provider).Quarantine(peer.Address, peer.Uid);
    }

    /// <summary>Leaves in good order: its shards are handed over.</summary>
    public async Task LeaveAsync()
    {
        using var patience = new CancellationTokenSource(StopsWithin);
        await _host.StopAsync(patience.Token);
        _ended.TrySetResult(new NodeEnding(0, "it left"));
    }

    /// <summary>Ends as a process that is killed: it tells nobody.</summary>
    public async Task EndAsync()
    {
        _ended.TrySetResult(new NodeEnding(0, "it was ended"));
        await System.Terminate();
    }

    /// <summary>Its region hands its shards over and ends; the node stays.</summary>
    public void EndRegion() => Region.Tell(GracefulShutdown.Instance);

    public IReadOnlyList<string> Tail(int lines) => _log?.Tail(lines) ?? [];

    /// <summary>Without leaving: nobody is there any more to whom it would matter.</summary>
    public async ValueTask DisposeAsync()
    {
        _ended.TrySetResult(new NodeEnding(0, "the test is over"));
        await System.Terminate();
        await _host.DisposeAsync();
        _log?.Dispose();
    }

    private static WebApplication Build(
        ProbeNodeSettings settings, Action<string> write, Action<NodeEnd, string>? onEnd, ProbeShards shards, ShardMapView map)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Logging.AddProvider(new NodeLog(write));
        builder.WebHost.UseKestrelCore().UseUrls($"http://127.0.0.1:{settings.ManagementPort}");
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = StopsWithin);
        builder.Services.AddAkka(ProbeNodeSettings.SystemName, akka => ProbeSystem.Configure(akka, settings, onEnd, shards, map));
        var host = builder.Build();
        host.MapClusterContactPoint(host.Services.GetRequiredService<ActorSystem>);
        host.MapClusterLink(host.Services.GetRequiredService<ActorSystem>);
        return host;
    }

    private async Task RunAsync()
    {
        try
        {
            // Off the test's own few threads: Akka.Hosting blocks while it starts.
            await Task.Run(() => _host.StartAsync());
        }
        catch
        {
            await _host.DisposeAsync();
            _log?.Dispose();
            throw;
        }
    }

    private void OnEnd(NodeEnd end, string reason)
    {
        if (_ended.TrySetResult(new NodeEnding((int)end, reason)))
        {
            // As the exit of a process would do it: nobody is told.
            _ = System.Terminate();
        }
    }

    private async Task<T?> AskAsync<T>(object message, TimeSpan within)
        where T : class
    {
        if (Ended.IsCompleted)
        {
            return null;
        }

        try
        {
            return await Region.Ask<T>(message, within);
        }
        catch (Exception error) when (error is AskTimeoutException or TaskCanceledException or ActorNotFoundException)
        {
            return null;
        }
    }

    private Dictionary<string, long> LeasesInTheBook(ClusterMembership membership)
    {
        var held = new Dictionary<string, long>();
        foreach (var (shard, entities) in _shards.Entities(1).Index())
        {
            var lease = membership.LeaseOf(ProbeShards.PersistenceId(entities[0]));
            if (lease is not null && membership.Book.EpochOf(lease) is { } epoch)
            {
                held.Add($"{shard}", epoch);
            }
        }

        return held;
    }

    private Task ThrottleAsync(string address, LinkDirection direction, ThrottleMode mode)
    {
        var towards = direction switch
        {
            LinkDirection.Send => ThrottleTransportAdapter.Direction.Send,
            LinkDirection.Receive => ThrottleTransportAdapter.Direction.Receive,
            _ => ThrottleTransportAdapter.Direction.Both,
        };
        return ((RemoteActorRefProvider)((ExtendedActorSystem)System).Provider).Transport.ManagementCommand(new SetThrottle(Address.Parse(address), towards, mode));
    }
}
