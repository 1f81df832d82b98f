using System.Globalization;
using System.Net;
using Akka.Actor.Setup;
using Akka.Hosting;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Hosting;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Plugin;
using AkkaScale.Entities;
using AkkaScale.Management.Access;
using AkkaScale.Management.Api;
using AkkaScale.Management.Backups;
using AkkaScale.Management.Doctor;
using AkkaScale.Management.Drills;
using AkkaScale.Management.Events;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Figures;
using AkkaScale.Management.Inspection;
using AkkaScale.Management.Logs;
using AkkaScale.Management.Nodes;
using AkkaScale.Management.Reports;
using AkkaScale.Sharding.Options;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace AkkaScale.Management.Hosting;

/// <summary>Adds the management port to a process with an actor system.</summary>
public static class ClusterManagement
{
    /// <summary>
    /// Of the time to live, after which the shards of a member that was sent away are taken over at the latest: the margin for clocks, and the
    /// readings of who sees it.
    /// </summary>
    private const double TakeoverFactor = 1.25;

    /// <summary>
    /// The management port of a program on ASP.NET Core whose actor system Akka.Hosting starts, with <c>WithDatabaseCluster</c>: one more address
    /// of its server, from which the program's own routes are kept.
    /// </summary>
    /// <param name="bind">Address and port, like 127.0.0.1:8558. Others reach it at the cluster's <c>ManagementUrl</c>.</param>
    /// <param name="configure">Who may use it; by default whoever is on this machine may read.</param>
    /// <exception cref="ArgumentException">A setting that cannot work.</exception>
    public static IServiceCollection AddClusterManagement(
        this IServiceCollection services, string bind, Action<ManagementOptions>? configure = null)
    {
        if (!IPEndPoint.TryParse(bind, out var address))
        {
            throw new ArgumentException($"The management port \"{bind}\" is not an address and a port, like 127.0.0.1:8558.", nameof(bind));
        }

        var access = new ManagementOptions();
        configure?.Invoke(access);
        if (access.Validate(bind).ToArray() is { Length: > 0 } problems)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, problems), nameof(configure));
        }

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(HostedKinds);
        services.TryAddSingleton<INodeState, HostedNode>();
        services.AddSingleton<IStartupFilter>(new ManagementListener(address));
        return services.AddManagement(access, bind, provider => HostedOptions(provider, access, bind));
    }

    /// <summary>
    /// For a program that opens the port by itself (see <see cref="ManagementPort"/>). Needs <see cref="INodeState"/>, entity kinds and a clock
    /// among the services.
    /// </summary>
    public static IServiceCollection AddClusterManagement(this IServiceCollection services, ClusterManagementOptions options) =>
        services.AddManagement(options.Access, options.Bind, _ => options);

    private static IServiceCollection AddManagement(
        this IServiceCollection services, ManagementOptions access, string bind, Func<IServiceProvider, ClusterManagementOptions> of)
    {
        services.AddMetricsEndpoint();

        // Other nodes ask there whom to join, before anybody can have given them a token.
        return services
            .AddSingleton(of)
            .AddSingleton(AccessPolicy.Of(access, bind, ContactPoint.Path, PeerLinkEndpoint.Path))
            .AddHostedService<ManagementStart>()
            .AddSingleton<IAuditTrail>(provider => Audit(provider, OptionsOf(provider).NodeName))
            .AddSingleton<EventHub>()
            .AddHostedService(provider => provider.GetRequiredService<EventHub>())
            .AddSingleton(provider => SettingsOf(OptionsOf(provider)))
            .AddSingleton<ClockWatch>()
            .AddSingleton<StoreSection>()
            .AddSingleton<NodeFigures>()
            .AddSingleton<NodeReporting>()
            .AddSingleton<NodeDrill>()
            .AddSingleton<LogRing>()
            .AddSingleton<ILoggerProvider>(provider => provider.GetRequiredService<LogRing>())
            .AddSingleton<LogLevels>()
            .AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(provider => provider.GetRequiredService<LogLevels>())
            .AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(provider => provider.GetRequiredService<LogLevels>())
            .AddSingleton<NodeLog>()
            .AddSingleton<StoreBackups>()
            .AddSingleton<ManagedNodes>()
            .AddSingleton<NodeReports>()
            .AddSingleton<Examination>()
            .AddSingleton<DrillOrders>()
            .AddInspection(provider => NamesOf(OptionsOf(provider)));
    }

    private static NodeSettings SettingsOf(ClusterManagementOptions options) => new(
        options.NodeName, options.Store, options.Bind, options.GatewayBind, options.AllowDrills, options.Settings);

    private static InspectionNames NamesOf(ClusterManagementOptions options) => new(
        options.Cluster, options.Store, options.TimeToLive * TakeoverFactor);

    private static ClusterManagementOptions OptionsOf(IServiceProvider provider) => provider.GetRequiredService<ClusterManagementOptions>();

    private static EntityKindRegistry HostedKinds(IServiceProvider provider) =>
        Setup<EntityShardingSetup>(provider)?.Kinds ?? new EntityKindRegistry([]);

    private static ClusterManagementOptions HostedOptions(IServiceProvider provider, ManagementOptions access, string bind)
    {
        var cluster = Setup<ClusterDatabaseSetup>(provider)?.Options
            ?? throw new ClusterRefusedException("AddClusterManagement needs AddAkka with WithDatabaseCluster.");
        return new ClusterManagementOptions
        {
            Cluster = cluster.Cluster,
            NodeName = cluster.NodeName ?? bind,
            Store = cluster.Store == StoreKind.Postgres ? "postgres" : "sqlite",
            Bind = bind,
            Access = access,
            TimeToLive = cluster.TimeToLive,
            Settings = new Dictionary<string, string> { ["Cluster:TimeToLive"] = cluster.TimeToLive.ToString("c", CultureInfo.InvariantCulture) },
        };
    }

    private static T? Setup<T>(IServiceProvider provider)
        where T : Setup => provider.GetService<AkkaConfigurationBuilder>()?.Setups.OfType<T>().SingleOrDefault();

    private static AuditTrail Audit(IServiceProvider provider, string node)
    {
        var state = provider.GetRequiredService<INodeState>();
        return new AuditTrail(
            () => state.Running is { } system ? ClusterMembership.For(system).Audit : null, node,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AuditTrail>>());
    }
}
