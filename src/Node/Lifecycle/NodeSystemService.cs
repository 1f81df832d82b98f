using System.Net;
using System.Net.Sockets;
using Akka;
using Akka.Actor;
using Akka.Hosting;
using AkkaScale.Node.Host;
using AkkaScale.Node.Options;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Node.Lifecycle;

/// <summary>
/// Starts the actor system once the HTTP ports listen, and lets it leave before they stop: the host stays until coordinated shutdown has
/// ended, or its time is over.
/// </summary>
internal sealed partial class NodeSystemService(
    AkkaConfigurationBuilder configuration,
    IServiceProvider services,
    ILogger<AkkaHostedService> akkaLogger,
    IHostApplicationLifetime lifetime,
    NodeSystem node,
    NodeExit exit,
    GatewayOpening opening,
    IServer server,
    NodeOptions options,
    StoreOptions store,
    TimeProvider time,
    ILogger<NodeSystemService> logger)
    : AkkaHostedService(configuration, services, akkaLogger, lifetime), IHostedLifecycleService
{
    /// <summary>Of the time for a stop.</summary>
    private const double LeavingShare = 0.6;

    /// <summary>Of the time for a stop, what requests under way may take; then they are cut off.</summary>
    private const double ClosingShare = 0.3;

    private readonly Lock _lock = new();
    private Task? _closing;
    private Task _starting = Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Nothing yet: a port in use is found before anybody hears of this node.</summary>
    public override Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _starting = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        node.Leave();
        if (node.Created is not { } system)
        {
            return;
        }

        await CloseAsync();
        LogLeaving(logger);
        var within = options.ShutdownTimeout * LeavingShare;
        try
        {
            await Akka.Actor.CoordinatedShutdown.Get(system).Run(Akka.Actor.CoordinatedShutdown.ClrExitReason.Instance)
                .WaitAsync(within, time, cancellationToken);
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            LogNotLeft(logger, LeavingRemains.Of(system) ?? "it has left, but its actors have not stopped");
            node.ExitCode = ExitCodes.NotHandedOver;

            // Left to the host it would end when its actor system has, however long that takes.
            exit.End(node.ExitCode, $"its time to leave, {within.TotalSeconds:0.#} s, is over");
            return;
        }

        if (LeavingRemains.Of(system) is { } remains)
        {
            LogNotLeft(logger, remains);
            node.ExitCode = ExitCodes.NotHandedOver;
        }
        else
        {
            LogLeft(logger);
        }
    }

    /// <summary>Also called by the base class, after a start that failed.</summary>
    public override Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task RunAsync()
    {
        try
        {
            // Akka would fill the log before it throws.
            using (var port = new TcpListener(IPEndPoint.Parse(options.ClusterBind)))
            {
                port.Start();
            }

            var system = ServiceProvider.GetRequiredService<ActorSystem>();
            node.Create(system);
            PrepareLeaving(system);
            var started = base.StartAsync(CancellationToken.None);
            try
            {
                // The first start gives up: most likely a wrong address.
                await started.WaitAsync(store.StartTimeout > TimeSpan.Zero ? store.StartTimeout : TimeSpan.FromMilliseconds(1), time);
            }
            catch (TimeoutException) when (!started.IsCompleted)
            {
                exit.End(
                    ExitCodes.StoreUnavailable,
                    $"The store cannot be reached within {store.StartTimeout}: check Store:Kind, Store:Path and Store:ConnectionString, and that "
                    + "the server runs.");
                return;
            }

            node.Start(system);
            LogRunning(logger, options.Name, $"{Akka.Cluster.Cluster.Get(system).SelfAddress}");
            await OpenAsync();
        }
        catch (Exception) when (node.IsLeaving)
        {
            // The system was stopped while it started.
        }
        catch (Exception fault)
        {
            Fail(fault);
        }
    }

    private async Task OpenAsync()
    {
        try
        {
            await opening.RunAsync();
        }
        catch (Exception fault) when (PortInUse(fault) is { } inUse)
        {
            exit.End(ExitCodes.Refused, NodeProgram.PortInUse($"Failed to bind to address {options.GatewayBind}: {inUse.Message.ToLowerInvariant()}."));
        }
    }

    private void Fail(Exception fault)
    {
        if (PortInUse(fault) is { } inUse)
        {
            exit.End(ExitCodes.Refused, NodeProgram.PortInUse($"Failed to bind to address {options.ClusterBind}: {inUse.Message.ToLowerInvariant()}."));
            return;
        }

        LogFault(logger, fault);
        exit.End(ExitCodes.Fault, fault.Message);
    }

    private static SocketException? PortInUse(Exception? fault) => fault switch
    {
        null => null,
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse or SocketError.AddressNotAvailable or SocketError.AccessDenied } found => found,
        AggregateException several => several.InnerExceptions.Select(PortInUse).FirstOrDefault(found => found is not null),
        _ => PortInUse(fault.InnerException),
    };

    private void PrepareLeaving(ActorSystem system)
    {
        var shutdown = Akka.Actor.CoordinatedShutdown.Get(system);

        // An operator may have told the member to leave: then it is Akka that begins, and the host has to follow.
        shutdown.AddTask(Akka.Actor.CoordinatedShutdown.PhaseBeforeServiceUnbind, "akkascale-ports", async () =>
        {
            node.Leave();
            HostApplicationLifetime?.StopApplication();
            await CloseAsync();
            return Done.Instance;
        });
    }

    /// <summary>
    /// Closes the ports before the first shard goes: what has been asked is answered while everything still runs, and whoever comes finds a
    /// closed door, which is the one answer after which a client may safely go elsewhere.
    /// </summary>
    private Task CloseAsync()
    {
        lock (_lock)
        {
            return _closing ??= Task.Run(async () =>
            {
                using var bound = new CancellationTokenSource(options.ShutdownTimeout * ClosingShare, time);
                await server.StopAsync(bound.Token);
            });
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Name} has started as {Address}")]
    private static partial void LogRunning(ILogger logger, string name, string address);

    [LoggerMessage(Level = LogLevel.Information, Message = "Leaving: giving the shards away")]
    private static partial void LogLeaving(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Left the cluster")]
    private static partial void LogLeft(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not everything was handed over: {Remains}")]
    private static partial void LogNotLeft(ILogger logger, string remains);

    [LoggerMessage(Level = LogLevel.Error, Message = "The node failed")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
