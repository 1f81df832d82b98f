using System.Reflection;
using AkkaScale.Cluster.Options;
using AkkaScale.Entities;
using AkkaScale.Management.Api;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Hosting;
using AkkaScale.Node.Connections;
using AkkaScale.Node.Host;
using AkkaScale.Node.Lifecycle;
using AkkaScale.Node.Options;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using OpenTelemetry.Metrics;

namespace AkkaScale.Node.Composition;

/// <summary>Composes a node: its actor system, its ports, and what is served on them.</summary>
internal sealed class NodeBuilder
{
    private readonly List<IEntityKind> _kinds = [];
    private readonly WebApplicationBuilder _web;

    /// <exception cref="OptionsRefusedException">A setting cannot work; the message says what to change.</exception>
    public NodeBuilder(string[] args)
    {
        _web = NodeWeb.Create(args);
        Options = AkkaScaleOptions.Read(_web.Configuration);
        Database = NodeDatabase.Of(Options.Store);
    }

    public AkkaScaleOptions Options { get; }

    public (StoreKind Kind, string ConnectionString) Database { get; }

    public IServiceCollection Services => _web.Services;

    public IReadOnlyList<IEntityKind> Kinds => _kinds;

    /// <summary>Adds limits or settings of the HTTP edge to its server.</summary>
    public Action<KestrelServerOptions>? ConfigureServer { get; set; }

    /// <summary>Asks the cluster as requests will do, for so long at most; the gateway opens after it.</summary>
    public Func<IServiceProvider, TimeSpan, Task>? WarmUp { get; set; }

    /// <summary>Of the program, without the build's suffix.</summary>
    public static string ProductVersion { get; } =
        typeof(NodeBuilder).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion.Split('+')[0] ?? "0.0.0";

    /// <summary>Prints what is wrong with the configuration and exits with <see cref="ExitCodes.Refused"/> if it cannot work.</summary>
    public static NodeBuilder Create(string[] args) => NodeProgram.OrRefuse(() => new NodeBuilder(args));

    public NodeBuilder AddEntities(IEnumerable<IEntityKind> kinds)
    {
        _kinds.AddRange(kinds);
        return this;
    }

    /// <summary>Builds the application; endpoints mapped on it are served on the gateway's port, if the node has that role.</summary>
    public WebApplication Build()
    {
        var services = _web.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(Options);
        services.AddSingleton(Options.Node);
        services.AddSingleton(Options.Store);
        services.AddSingleton(new EntityKindRegistry(_kinds));
        services.AddSingleton<NodeSystem>();
        services.AddSingleton<INodeState>(provider => provider.GetRequiredService<NodeSystem>());
        services.AddSingleton<NodeExit>();
        services.AddHostedService<SecondSignal>();
        services.AddSingleton<GatewayDoor>();
        services.AddSingleton<IConnectionListenerFactory>(provider => provider.GetRequiredService<GatewayDoor>());
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<GatewayOpening>(
            provider, (TimeSpan patience) => WarmUp?.Invoke(provider, patience) ?? Task.CompletedTask));
        services.AddSingleton<IEntityClient, NodeEntities>();
        services.AddClusterManagement(new ClusterManagementOptions
        {
            Cluster = Options.Cluster.Name,
            NodeName = Options.Node.Name,
            Store = Options.Store.Kind,
            Bind = Options.Node.ManagementBind,
            Access = Options.Management,
            TimeToLive = Options.Cluster.TimeToLive,
            GatewayBind = Options.Node.IsGateway ? Options.Node.GatewayBind : null,
            AllowDrills = Options.Node.AllowDrills,
            Settings = SettingsList.Of(Options),
        });
        services.Configure<HostOptions>(host => host.ShutdownTimeout = Options.Node.ShutdownTimeout);
        NodeActorSystem.AddTo(this);
        _web.WebHost.ConfigureKestrel(server =>
        {
            ConfigureServer?.Invoke(server);
            new NodeListeners(Options.Node, TimeProvider.System).Listen(server);
        });

        var app = _web.Build();

        // What is counted before it listens is not seen.
        _ = app.Services.GetRequiredService<MeterProvider>();
        app.Use(ConnectionRoom.Notice);
        app.UseManagement(ProductVersion);
        return app;
    }
}
