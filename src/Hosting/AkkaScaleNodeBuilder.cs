using System.Net;
using System.Reflection;
using AkkaScale.Entities;
using AkkaScale.Hosting.Access;
using AkkaScale.Hosting.Connections;
using AkkaScale.Hosting.Doctor;
using AkkaScale.Hosting.Drills;
using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Events;
using AkkaScale.Hosting.Figures;
using AkkaScale.Hosting.Management;
using AkkaScale.Hosting.Options;
using AkkaScale.Hosting.Reports;
using AkkaScale.Hosting.Steering;
using AkkaScale.Hosting.Transfers;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Regions;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;
using OpenTelemetry.Metrics;

namespace AkkaScale.Hosting;

/// <summary>
/// Composes one node: declare the entity kinds, map HTTP endpoints on the application it builds, run it. Configuration comes from
/// appsettings.json, the environment (AKKASCALE__…) and the command line.
/// </summary>
public sealed partial class AkkaScaleNodeBuilder
{
    private readonly List<IEntityKind> _kinds = [];
    private readonly WebApplicationBuilder _web;

    /// <exception cref="OptionsRefusedException">A setting cannot work; the message says what to change.</exception>
    public AkkaScaleNodeBuilder(string[] args)
    {
        _web = WebApplication.CreateBuilder(new WebApplicationOptions { ContentRootPath = AppContext.BaseDirectory });
        _web.Configuration.AddCommandLine(args, AkkaScaleOptions.Switches);
        Options = AkkaScaleOptions.Read(_web.Configuration);
        _web.Services.AddSingleton(_ => Time);
        _web.Logging.ClearProviders()
            .AddConsole(console => console.FormatterName = OperatorLog.FormatterName)
            .AddConsoleFormatter<OperatorLog, ConsoleFormatterOptions>();

        // The host throws what it logs: a port in use is told in one sentence by who catches it, not after a page of stack.
        _web.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
    }

    public AkkaScaleOptions Options { get; }

    public IServiceCollection Services => _web.Services;

    /// <summary>Everything the node does by time goes by this clock; a test may drive it.</summary>
    internal TimeProvider Time { get; set; } = TimeProvider.System;

    /// <summary>The store's clock: its wall clock, and how long it waits for locks.</summary>
    internal TimeProvider StoreTime { get; set; } = TimeProvider.System;

    /// <summary>What stands between the node and each store it opens; the store itself if nothing does.</summary>
    internal Func<NodeStore, NodeStore> Through { get; set; } = store => store;

    /// <summary>Adds limits or settings of the HTTP edge to its server.</summary>
    public Action<KestrelServerOptions>? ConfigureServer { get; set; }

    public AkkaScaleNodeBuilder AddEntity(IEntityKind kind)
    {
        _kinds.Add(kind);
        return this;
    }

    /// <summary>Builds the application; endpoints mapped on it are served on the gateway's port, if the node has that role.</summary>
    public WebApplication Build()
    {
        var services = _web.Services;
        var options = Options;
        services.AddSingleton(options);
        services.AddSingleton(new EntityKindRegistry(_kinds));
        services.AddSingleton(new ShardMap(options.Cluster.ShardCount));
        services.AddSingleton<ClusterMetrics>();
        services.AddSingleton<ShardingMetrics>();
        services.AddMetricsEndpoint();
        services.AddSingleton<ClusterConnectionHandler>();
        services.AddSingleton(provider => new EntityRouter(
            provider.GetRequiredService<ShardMap>(), provider.GetRequiredService<EntityKindRegistry>(), options.Sharding,
            provider.GetRequiredService<ShardingMetrics>(), Time, Guid.CreateVersion7));
        services.AddSingleton<IEntityClient>(provider => provider.GetRequiredService<EntityRouter>());
        services.AddSingleton<IEntityHistory, NodeHistory>();
        services.AddSingleton(Parts);
        services.AddSingleton<Engine>();
        services.AddHostedService(provider => provider.GetRequiredService<Engine>());
        services.AddSingleton(new AccessPolicy(TokenSettings.Read(options.Management, out _), options.Management.AnonymousOn(options.Node.ManagementBind)));
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<EventHub>();
        services.AddHostedService(provider => provider.GetRequiredService<EventHub>());
        services.AddSingleton<EdgeTraffic>();
        services.AddSingleton<NodeFigures>();
        services.AddEngineFacts();
        services.AddSingleton<NodeOrders>();
        services.AddSingleton<NodeReports>();
        services.AddSingleton<INodeTopic, NodeReporting>();
        services.AddSingleton<ClockWatch>();
        services.AddSingleton<StoreSection>();
        services.AddSingleton<Examination>();
        services.AddSingleton<INodeTopic, DrillTopic>();
        services.AddSingleton<DrillOrders>();
        services.AddSingleton<Backups>();
        services.AddSingleton<AllocationInspection>();
        services.AddSingleton<INodeTopic, EntityLookTopic>();
        services.AddSingleton<INodeTopic, EntityPassivateTopic>();
        services.AddSingleton<INodeTopic, HandoffPausesTopic>();
        services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Node.ShutdownTimeout);
        _web.WebHost.ConfigureKestrel(Listen);

        var app = _web.Build();

        // Found here once: they are observed by timers too, which may fire while the services are being disposed of.
        var engine = app.Services.GetRequiredService<Engine>();
        var router = app.Services.GetRequiredService<EntityRouter>();
        engine.Quiesce = app.Services.GetRequiredService<EdgeTraffic>().WaitUntilQuietAsync;
        var metrics = app.Services.GetRequiredService<ShardingMetrics>();
        metrics.ObserveResidents(() => engine.Session?.Region.Residents ?? 0);
        metrics.ObserveWaiting(() => router.Waiting);

        // What is counted before it listens is not seen.
        _ = app.Services.GetRequiredService<MeterProvider>();
        app.Services.GetRequiredService<NodeFigures>().ObserveMessages(() => engine.Session?.Region.Traffic.Total ?? 0);
        app.Use(ConnectionRoom.Notice);
        app.UseManagement();
        app.UseMiddleware<EdgeTraffic.Middleware>();
        return app;
    }

    private void Listen(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        ConfigureServer?.Invoke(server);
        var handler = server.ApplicationServices.GetRequiredService<ClusterConnectionHandler>();
        server.Listen(IPEndPoint.Parse(Options.Node.ClusterBind), listen => listen.Run(handler.OnConnectedAsync));
        var management = Room(server, "management", Options.Node.MaxManagementConnections);
        server.Listen(IPEndPoint.Parse(Options.Node.ManagementBind), listen => listen.Use(management.Guard).Use(ManagementPort.Mark));
        if (Options.Node.HasRole(MemberSnapshot.GatewayRole))
        {
            var gateway = Room(server, "gateway", GatewayConnections(server));
            server.Listen(IPEndPoint.Parse(Options.Node.GatewayBind), listen => listen.Use(gateway.Guard));
        }
    }

    private ConnectionRoom Room(KestrelServerOptions server, string port, int bound) =>
        new(port, bound, Time, server.ApplicationServices.GetRequiredService<ILogger<ConnectionRoom>>());

    /// <summary>As configured, or fewer where the system lets the process open fewer: else a flood would take the store its files.</summary>
    private int GatewayConnections(KestrelServerOptions server)
    {
        var wanted = Options.Node.MaxGatewayConnections;
        var files = OpenFiles.Limit();
        var fit = OpenFiles.Fit(wanted, Options.Node.MaxManagementConnections + Options.Transport.MaxConnections, files);
        if (fit < wanted)
        {
            LogFewer(server.ApplicationServices.GetRequiredService<ILogger<ConnectionRoom>>(), fit, wanted, files ?? 0);
        }

        return fit;
    }

    private EngineParts Parts(IServiceProvider provider)
    {
        var loggers = provider.GetRequiredService<ILoggerFactory>();
        var node = Options.Node;
        var template = new MemberSnapshot(
            default, node.Name,
            node.ClusterAdvertise.Length > 0 ? node.ClusterAdvertise : node.ClusterBind,
            node.ManagementAdvertise.Length > 0 ? node.ManagementAdvertise : node.ManagementBind,
            [.. node.RoleNames], ProductVersion, MemberStatus.Joining, 0, default, "starting");
        var stores = new NodeStores(Options, StoreTime, loggers);
        return new EngineParts(
            Options, template, provider.GetRequiredService<EntityKindRegistry>(), provider.GetRequiredService<ShardMap>(),
            provider.GetRequiredService<EntityRouter>(), provider.GetRequiredService<ClusterConnectionHandler>(),
            provider.GetRequiredService<ClusterMetrics>(), provider.GetRequiredService<ShardingMetrics>(),
            incarnation => Through(stores.Create(incarnation)), Time, Guid.NewGuid, () => new Random(),
            [.. provider.GetServices<INodeTopic>()], loggers);
    }

    /// <summary>Version of the program, without the build's suffix.</summary>
    public static string ProductVersion { get; } =
        typeof(AkkaScaleNodeBuilder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    [LoggerMessage(Level = LogLevel.Warning, Message = "The gateway port is bounded to {Fit} connections, not the {Wanted} of Node:MaxGatewayConnections: this process may open {Files} files; raise the limit (ulimit -n)")]
    private static partial void LogFewer(ILogger logger, int fit, int wanted, long files);
}
