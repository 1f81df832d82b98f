using AkkaScale.Cluster;
using AkkaScale.Cluster.Hosting;
using AkkaScale.Cluster.Plugin;
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
using Microsoft.Extensions.DependencyInjection;
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

    /// <summary>Needs <see cref="INodeState"/>, entity kinds and a clock among the services; see <see cref="ManagementPort"/> for its routes.</summary>
    public static IServiceCollection AddClusterManagement(this IServiceCollection services, ClusterManagementOptions options)
    {
        services.AddMetricsEndpoint();

        // Other nodes ask there whom to join, before anybody can have given them a token.
        return services
            .AddSingleton(AccessPolicy.Of(options.Access, options.Bind, ContactPoint.Path, PeerLinkEndpoint.Path))
            .AddSingleton<IAuditTrail>(provider => Audit(provider, options.NodeName))
            .AddSingleton<EventHub>()
            .AddHostedService(provider => provider.GetRequiredService<EventHub>())
            .AddSingleton(new NodeSettings(
                options.NodeName, options.Store, options.Bind, options.GatewayBind, options.AllowDrills, options.Settings))
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
            .AddInspection(new InspectionNames(options.Cluster, options.Store, options.TimeToLive * TakeoverFactor));
    }

    private static AuditTrail Audit(IServiceProvider provider, string node)
    {
        var state = provider.GetRequiredService<INodeState>();
        return new AuditTrail(
            () => state.Running is { } system ? ClusterMembership.For(system).Audit : null, node,
            provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<AuditTrail>>());
    }
}
