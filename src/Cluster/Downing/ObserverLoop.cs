using System.Collections.Concurrent;
using AkkaScale.Cluster.Links;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Storage;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Cluster.Downing;

/// <summary>
/// Drives <see cref="DeathMachine"/>: reads the members' rows several times a second, on a thread and a connection of its own, and does
/// what changes them.
/// </summary>
internal sealed partial class ObserverLoop : IDisposable
{
    /// <summary>How far back an incarnation is looked for that ended before this process first read.</summary>
    private const int Lookback = 500;

    private static readonly TimeSpan StopPatience = TimeSpan.FromSeconds(10);

    private readonly IClusterStore _store;
    private readonly ClusterDatabaseOptions _options;
    private readonly Action<NodeEnd, string> _end;
    private readonly ILogger _logger;
    private readonly DeathState _state;
    private readonly HashSet<(string Address, long Uid)> _lookedFor = [];
    private readonly PeerLinks _links;
    private readonly Thread _thread;
    private readonly SemaphoreSlim _wake = new(0);
    private readonly ConcurrentQueue<TaskCompletionSource> _readers = new();
    private readonly CancellationTokenSource _stopping = new();
    private volatile MembersSnapshot _snapshot = new(new ClusterReading(0, null, []), TimeSpan.MinValue, TimeSpan.MinValue);
    private volatile bool _isLeaving;
    private volatile bool _mustRead;
    private IObserverSession? _session;
    private bool _isAway;

    public ObserverLoop(
        IClusterStore store, ClusterDatabaseOptions options, string incarnation, Action<NodeEnd, string> end, ILogger logger)
    {
        (_store, _options, _end, _logger) = (store, options, end, logger);
        _state = new DeathState(incarnation);
        Commands = new SessionCommands<IObserverSession>(() => _wake.Release());
        _links = new PeerLinks(incarnation, options.Time, () =>
        {
            _mustRead = true;
            _wake.Release();
        });
        _thread = new Thread(Run) { IsBackground = true, Name = "observer", Priority = ThreadPriority.AboveNormal };
    }

    /// <summary>What other threads ask of the same session.</summary>
    public SessionCommands<IObserverSession> Commands { get; }

    public MembersSnapshot Snapshot => _snapshot;

    /// <summary>Whether the last reading succeeded, and began lately.</summary>
    public bool IsRecent => _options.Time.Monotonic() - _snapshot.SentAt < _options.LongestGap;

    /// <summary>Incarnations to be read whatever their state, besides this process's own. Asked by the observing thread; set before Start.</summary>
    public Func<IReadOnlyCollection<string>> Wanted { get; set; } = static () => [];

    /// <summary>
    /// Members of Akka's gossip of which no row has been read: they may have ended before this process came. Asked like <see cref="Wanted"/>.
    /// </summary>
    public Func<IReadOnlyCollection<(string Address, long Uid)>> Unknown { get; set; } = static () => [];

    /// <summary>
    /// Whether this process renews itself. Who cannot is no judge of others' silence: what keeps it from renewing may keep them too.
    /// </summary>
    public Func<bool> MayDecide { get; set; } = static () => true;

    /// <summary>Called on the observing thread when this process has been sent away; it serves nothing more when this returns.</summary>
    public Action<string>? StopServing { get; set; }

    /// <summary>Called on the observing thread when somebody has become dead or left.</summary>
    public Action? SomebodyWent { get; set; }

    private TimeSpan Now => _options.Time.Monotonic();

    public void Start() => _thread.Start();

    /// <summary>Reads without waiting for the next time. Completes when what a reading said that succeeded has been acted on.</summary>
    public Task ReadAgainAsync()
    {
        var reader = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _readers.Enqueue(reader);
        _mustRead = true;
        _wake.Release();
        return reader.Task;
    }

    /// <summary>The own row may be found left from now on.</summary>
    public void Leave() => _isLeaving = true;

    public void Dispose()
    {
        _stopping.Cancel();
        if (_thread.IsAlive && !_thread.Join(StopPatience))
        {
            LogThreadStays(_logger);
        }

        _links.Dispose();
        Commands.Close();
        _session?.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!_stopping.IsCancellationRequested)
            {
                var begun = Now;
                Observe();
                var pause = begun + (_session is null ? _options.RenewInterval / 2 : _options.ObserveInterval) - Now;
                while (pause > TimeSpan.Zero && _wake.Wait(pause, _stopping.Token))
                {
                    AnswerCommands();
                    pause = _mustRead ? TimeSpan.Zero : begun + _options.ObserveInterval - Now;
                }
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private void Observe()
    {
        _mustRead = false;
        var readers = _readers.Count;
        try
        {
            _session ??= _store.Observe();
            List<string> also = [_state.Own, .. Wanted(), .. LookFor(_session, Unknown())];
            foreach (var (incarnation, at) in _links.TakeEnds())
            {
                Step(new DeathInput.LinkEnded(incarnation, at));
            }

            var sentAt = Now;
            var reading = _session.Read(also);
            Step(new DeathInput.Read(reading, sentAt, Now));
            Commands.Answer(_session);
            Report(null);
            for (; readers > 0 && _readers.TryDequeue(out var reader); readers--)
            {
                reader.SetResult();
            }
        }
        catch (Exception error)
        {
            Break(error);
        }
    }

    /// <summary>Incarnations of these members, each looked for once; from the next reading on they are known.</summary>
    private List<string> LookFor(IObserverSession session, IReadOnlyCollection<(string Address, long Uid)> members)
    {
        var wanted = members.Where(member => !_lookedFor.Contains(member)).ToHashSet();
        if (wanted.Count == 0)
        {
            return [];
        }

        var found = session.History(Lookback).Where(row => wanted.Contains((row.Address, row.Uid))).Select(row => row.Incarnation).ToList();
        _lookedFor.UnionWith(wanted);
        return found;
    }

    private void AnswerCommands()
    {
        try
        {
            if (_session is not null)
            {
                Commands.Answer(_session);
            }
        }
        catch (Exception error)
        {
            Break(error);
        }
    }

    private void Break(Exception error)
    {
        Report(error);

        // What was found may not have been read.
        _lookedFor.Clear();
        _session?.Dispose();
        _session = null;
        Commands.Fail(error);
        Step(new DeathInput.ReadFailed(Now));
    }

    private void Step(DeathInput input)
    {
        var effects = new List<DeathEffect>();
        if (_isLeaving)
        {
            DeathMachine.Step(_state, new DeathInput.Leaving(), _options, effects);
        }

        DeathMachine.Step(_state, input, _options, effects);
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case DeathEffect.Publish(var members):
                    Publish(members);
                    break;
                case DeathEffect.Declare(var incarnation, var state, var renewals, var reason):
                    if (MayDecide() && _session!.DeclareDead(incarnation, state, renewals, reason))
                    {
                        LogDeclared(_logger, incarnation, reason);
                    }

                    break;
                case DeathEffect.GiveWay(var renewals, var reason):
                    GiveWay(renewals, reason);
                    break;
                case DeathEffect.End(var why, var reason):
                    _end(why, reason);
                    break;
                default:
                    throw new InvalidOperationException($"Unknown effect {effect.GetType()}.");
            }
        }
    }

    /// <summary>
    /// Where it cannot be, the others wait. Not on the embedded store: whoever takes over there from one that is dead kills its process, which
    /// is to end by itself, with its reason.
    /// </summary>
    private void GiveWay(long renewals, string reason)
    {
        StopServing?.Invoke(reason);
        if (_options.Store != StoreKind.Postgres)
        {
            return;
        }

        _stopping.Token.WaitHandle.WaitOne(_options.LastAnswers);
        try
        {
            _session!.DeclareDead(_state.Own, NodeState.Down, renewals, reason);
        }
        catch (Exception error)
        {
            LogNoWay(_logger, error);
        }
    }

    private void Publish(MembersSnapshot members)
    {
        var before = _snapshot;
        _snapshot = members;
        if (_options.DetectEndedProcesses)
        {
            _links.Update([.. members.Nodes.Values]);
        }

        if (before.Nodes.Values.Any(node => !node.IsGone && !(members.Nodes.TryGetValue(node.Incarnation, out var now) && !now.IsGone)))
        {
            SomebodyWent?.Invoke();
        }
    }

    private void Report(Exception? error)
    {
        if (error is not null && !_isAway)
        {
            LogAway(_logger, error);
        }
        else if (error is null && _isAway)
        {
            LogBack(_logger);
        }

        _isAway = error is not null;
    }

    [LoggerMessage(EventId = 4201, Level = LogLevel.Warning, Message = "Declared dead: {Incarnation}, which {Reason}.")]
    private static partial void LogDeclared(ILogger logger, string incarnation, string reason);

    [LoggerMessage(EventId = 4202, Level = LogLevel.Warning,
        Message = "The members' rows cannot be read: nobody is declared dead or sent away until they can.")]
    private static partial void LogAway(ILogger logger, Exception error);

    [LoggerMessage(EventId = 4203, Level = LogLevel.Information, Message = "The members' rows are read again.")]
    private static partial void LogBack(ILogger logger);

    [LoggerMessage(EventId = 4205, Level = LogLevel.Warning, Message = "This process could not declare itself dead: the others wait until it must be.")]
    private static partial void LogNoWay(ILogger logger, Exception error);

    [LoggerMessage(EventId = 4204, Level = LogLevel.Warning, Message = "The observing thread still waits for the database; it is left behind.")]
    private static partial void LogThreadStays(ILogger logger);
}
