using System.Collections.Concurrent;
using AkkaScale.Entities;
using AkkaScale.Hosting;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.TestKit.Processes;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaScale.TestKit.InProcess;

/// <summary>One node of an <see cref="InProcessCluster"/>: the composition that ships, with loopback ports of its own, under the cluster's clock.</summary>
public sealed class InProcessNode
{
    private readonly WebApplication _app;
    private readonly StorePlug _plug = new();
    private readonly Engine _engine;
    private readonly InProcessCluster _cluster;

    internal InProcessNode(InProcessCluster cluster, string name, string store, InProcessOptions options, DrivenClock clock, ConcurrentQueue<string> log)
    {
        _cluster = cluster;
        Name = name;
        Gateway = new Uri($"http://127.0.0.1:{FreePorts.Take()}");
        Management = new Uri($"http://127.0.0.1:{FreePorts.Take()}");
        var builder = new AkkaScaleNodeBuilder(
        [
            "--name", name, "--cluster-bind", $"127.0.0.1:{FreePorts.Take()}", "--gateway-bind", Gateway.Authority, "--management-bind", Management.Authority,
            "--management-anonymous", "operator",
            "--store", "sqlite", "--store-path", store, "--shards", $"{options.ShardCount}", "--roles", "entity,gateway",
            $"--AkkaScale:Cluster:LeaseTtl={options.LeaseTtl:c}",

            // A step of the driven clock is shorter than the answer to a ping takes.
            "--AkkaScale:Transport:PingInterval=1.00:00:00", "--AkkaScale:Transport:HandshakeTimeout=00:01:00",
            .. options.Arguments,
        ])
        {
            Time = clock,
            StoreTime = new StoreClock(clock),
            Through = _plug.Through,
        };
        builder.Services.AddLogging(logging => logging.ClearProviders().AddProvider(new InProcessLog(name, log, clock)));
        options.Configure(builder);
        _app = builder.Build();
        _engine = _app.Services.GetRequiredService<Engine>();
    }

    public string Name { get; }

    public Uri Gateway { get; }

    public Uri Management { get; }

    public bool IsRunning { get; private set; }

    /// <summary>Asks through this node; does not advance the clock, unlike <see cref="InProcessCluster.AskAsync"/>.</summary>
    public IEntityClient Entities => _app.Services.GetRequiredService<IEntityClient>();

    public IServiceProvider Services => _app.Services;

    /// <summary>Entities in this node's memory.</summary>
    public long Residents => _engine.Session?.Region.Residents ?? 0;

    /// <summary>Shards this node serves.</summary>
    public int Shards => _engine.Session?.Region.ShardsRunning ?? 0;

    /// <summary>Up, with a lease, and in touch with the store.</summary>
    public bool IsReady => IsRunning && _engine.Session?.Cluster.View.IsReady == true;

    internal ShardMap Map => _app.Services.GetRequiredService<ShardMap>();

    internal NodeSession? Session => IsRunning ? _engine.Session : null;

    internal bool IsCut => _plug.IsPulled;

    /// <summary>Cuts the node off from its store, as a broken network does: it serves until its lease runs out.</summary>
    public void CutStore() => _plug.IsPulled = true;

    public void HealStore() => _plug.IsPulled = false;

    /// <summary>Leaves in order: gives its shards away, says farewell, stops.</summary>
    public async Task StopAsync()
    {
        await _cluster.WhileAsync($"{Name} leaves", _app.StopAsync());
        await EndAsync();
    }

    /// <summary>Nothing it does from here on reaches its store: no farewell, no release, no write under way is confirmed. Then it is gone.</summary>
    public async Task CrashAsync()
    {
        CutStore();
        IsRunning = false;
        await _cluster.WhileAsync($"{Name} crashes", _app.StopAsync(new CancellationToken(canceled: true)));
        await EndAsync();
    }

    public override string ToString() => Name;

    internal async Task StartAsync()
    {
        await _app.StartAsync();
        IsRunning = true;
    }

    private async Task EndAsync()
    {
        IsRunning = false;
        await _app.DisposeAsync();
    }
}
