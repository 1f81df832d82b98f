using Akka.Hosting;
using AkkaScale.Management.Nodes;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaScale.Management.Hosting;

/// <summary>Lets management ports of all members ask one another.</summary>
public static class ManagementHosting
{
    /// <summary>To be called after <c>WithEntities</c>, on every member.</summary>
    /// <param name="services">That <see cref="ClusterManagement.AddClusterManagement"/> was called for.</param>
    public static AkkaConfigurationBuilder WithClusterManagement(this AkkaConfigurationBuilder builder, IServiceProvider services) => builder
        .WithCustomSerializer("akkascale-management", [typeof(IManagementMessage)], system => new ManagementMessageSerializer(system))
        .WithActors((system, _) => system.ActorOf(
            ManagementActor.Props(
                services.GetRequiredService<NodeReporting>(), services.GetRequiredService<NodeDrill>(), services.GetRequiredService<NodeLog>()), ManagementActor.Name));
}
