using Akka.Actor;
using Akka.Hosting;
using AkkaScale.Management.Facts;
using Microsoft.Extensions.Hosting;

namespace AkkaScale.Management.Hosting;

/// <summary>A process whose actor system Akka.Hosting starts and stops. Thread-safe.</summary>
internal sealed class HostedNode(IHostApplicationLifetime lifetime) : INodeState
{
    private readonly TaskCompletionSource<ActorSystem> _started = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile ActorSystem? _created;

    public ActorSystem? Created => _created;

    public Task<ActorSystem> Started => _started.Task;

    public ActorSystem? Running => Started.IsCompletedSuccessfully && !Started.Result.WhenTerminated.IsCompleted ? Started.Result : null;

    public bool IsMember => NodeTroubles.IsMember(Running);

    public IReadOnlyList<string> NotReadyReasons => NodeTroubles.Of(Running, lifetime.ApplicationStopping.IsCancellationRequested);

    public void Follow(AkkaConfigurationBuilder akka) => akka.AddStartup((system, _) =>
    {
        _created = system;
        _started.TrySetResult(system);
    });
}
