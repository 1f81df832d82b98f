using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Hosting;

/// <summary>
/// Keeps this process a member: starts a session, and a new one with a new incarnation when the others have declared it down;
/// leaves in order before the host stops its listeners.
/// </summary>
internal sealed partial class Engine(EngineParts parts, IHostApplicationLifetime lifetime, ILogger<Engine> logger)
    : IHostedLifecycleService
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan PauseBetweenTries = TimeSpan.FromMilliseconds(500);

    private readonly CancellationTokenSource _stop = new();
    private volatile NodeSession? _session;
    private volatile string _phase = "starting";
    private Task _running = Task.CompletedTask;

    /// <summary>Null while there is none.</summary>
    public NodeSession? Session => _session;

    /// <summary>What the engine is doing, for people: starting, running, leaving, stopped.</summary>
    public string Phase => _phase;

    /// <summary>Exit code of the process, as documented.</summary>
    public int ExitCode { get; private set; }

    /// <summary>Waits, before a leaving node says farewell, until its HTTP edge has no request under way. Set by the composition.</summary>
    public Func<CancellationToken, Task> Quiesce { get; set; } = _ => Task.CompletedTask;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _running = Task.Run(RunAsync, CancellationToken.None);
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Comes before any listener stops: peers and clients are served while the shards go.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _phase = "leaving";
        await _stop.CancelAsync();
        if (_session is { } session)
        {
            LogLeaving(logger);
            using var bound = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            bound.CancelAfter(parts.Options.Node.ShutdownTimeout * 0.8);
            if (await LeaveAsync(session, bound.Token) is { } remains)
            {
                LogNotLeft(logger, parts.Options.Node.ShutdownTimeout * 0.8, remains);
            }
            else
            {
                LogLeft(logger);
            }
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _running;
        if (_session is { } session)
        {
            _session = null;
            await session.DisposeAsync();
        }

        _phase = "stopped";
    }

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>
    /// Not ready is said already, and a leaving member gets no shards. So: shards first; then requests under way, which may need other nodes; the
    /// member row last. Returns what remained when the time was over; null when nothing did.
    /// </summary>
    private async Task<string?> LeaveAsync(NodeSession session, CancellationToken cancellationToken)
    {
        try
        {
            session.Cluster.BeginLeaving();
            while (session.Region.ShardsRunning > 0)
            {
                await Task.Delay(Look, parts.Time, cancellationToken);
            }

            await Quiesce(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            var shards = session.Region.Residency();
            return shards.Count == 0
                ? "requests of the HTTP edge are still under way"
                : $"{shards.Count} shards with {session.Region.Residents} entities remain ({string.Join(", ", shards.Take(10).Select(shard => shard.Shard))}{(shards.Count > 10 ? ", …" : "")}) and will be taken over when the lease has expired";
        }

        return await session.Cluster.LeaveAsync(cancellationToken)
            ? null
            : "the store did not confirm the farewell, so the others wait for the lease to expire";
    }

    private async Task RunAsync()
    {
        try
        {
            _session = await StartFirstAsync();
            while (_session is { } session)
            {
                _phase = "running";
                LogRunning(logger, parts.Template.NodeName, session.Self.Incarnation);
                if (await EndAsync(session) is not { } end)
                {
                    return;
                }

                LogEnded(logger, end.Kind, end.Reason);
                _phase = "starting";
                _session = null;
                await session.DisposeAsync();
                _session = await RestartAsync();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
        catch (ClusterRefusedException refused)
        {
            Fail(ExitCodes.Refused, refused.Message);
        }
        catch (StoreUnavailableException unavailable)
        {
            Fail(ExitCodes.StoreUnavailable, $"The store cannot be reached: {unavailable.Message} Check Store:Kind, Store:Path and Store:ConnectionString, and that the server runs.");
        }
        catch (Exception fault)
        {
            LogFault(logger, fault);
            Fail(ExitCodes.Fault, fault.Message);
        }
    }

    /// <summary>How the session ended; null when it goes on, and the process is to stop because an operator told the member to leave.</summary>
    private async Task<SessionEnd?> EndAsync(NodeSession session)
    {
        var ordered = session.Cluster.LeaveOrdered;
        if (await Task.WhenAny(session.Cluster.Completion, ordered).WaitAsync(_stop.Token) == ordered && !session.Cluster.Completion.IsCompleted)
        {
            // The host then calls StoppingAsync, as after a signal.
            lifetime.StopApplication();
            return null;
        }

        return await session.Cluster.Completion;
    }

    /// <summary>The first start gives up after the configured time: most likely a wrong address.</summary>
    private async Task<NodeSession> StartFirstAsync()
    {
        var started = parts.Time.GetTimestamp();
        while (true)
        {
            try
            {
                return await NodeSession.StartAsync(parts, _stop.Token);
            }
            catch (StoreUnavailableException unavailable)
                when (parts.Time.GetElapsedTime(started) < parts.Options.Store.StartTimeout)
            {
                LogWaiting(logger, unavailable.Message);
                await Task.Delay(PauseBetweenTries, parts.Time, _stop.Token);
            }
        }
    }

    /// <summary>A node that has run before waits for its store as long as it takes.</summary>
    private async Task<NodeSession> RestartAsync()
    {
        while (true)
        {
            try
            {
                return await NodeSession.StartAsync(parts, _stop.Token);
            }
            catch (StoreUnavailableException unavailable)
            {
                LogWaiting(logger, unavailable.Message);
                await Task.Delay(PauseBetweenTries, parts.Time, _stop.Token);
            }
        }
    }

    private void Fail(int exitCode, string message)
    {
        ExitCode = exitCode;
        LogFailed(logger, message);
        lifetime.StopApplication();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Node {Name} is a member as {Incarnation}")]
    private static partial void LogRunning(ILogger logger, string name, Incarnation incarnation);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The session ended ({Kind}): {Reason}. A new one begins")]
    private static partial void LogEnded(ILogger logger, SessionEndKind kind, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Waiting for the store: {Reason}")]
    private static partial void LogWaiting(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "Leaving: giving the shards away")]
    private static partial void LogLeaving(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "Left the cluster")]
    private static partial void LogLeft(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Did not leave within {Time}: {Remains}")]
    private static partial void LogNotLeft(ILogger logger, TimeSpan time, string remains);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The node stops: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The engine failed")]
    private static partial void LogFault(ILogger logger, Exception fault);
}
