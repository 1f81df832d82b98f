using Akka.Hosting;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Nodes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaScale.Management.Hosting;

/// <summary>
/// Puts what lets the management ports of all members ask one another into the actor system of this process: before any service starts, and so
/// before there is a system, in whatever order the program has added them.
/// </summary>
internal sealed class ManagementStart(IServiceProvider services) : IHostedLifecycleService
{
    public Task StartingAsync(CancellationToken cancellationToken)
    {
        if (services.GetService<AkkaConfigurationBuilder>() is { } akka)
        {
            akka.WithCustomSerializer(
                "akkascale-management", [typeof(IManagementMessage)], system => new ManagementMessageSerializer(system));
            akka.WithActors((system, _) => system.ActorOf(
                ManagementActor.Props(services.GetRequiredService<NodeReporting>(), services.GetRequiredService<NodeDrill>(), services.GetRequiredService<NodeLog>()),
                ManagementActor.Name));
            (services.GetRequiredService<INodeState>() as HostedNode)?.Follow(akka);
        }

        return Task.CompletedTask;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
