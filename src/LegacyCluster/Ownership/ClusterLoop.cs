using System.Collections.Immutable;
using System.Threading.Channels;
using AkkaScale.LegacyCluster.Membership;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>
/// Drives one member's machines: polls the store, feeds answers and reports, carries effects out in order. Store
/// operations run on tasks this loop owns, so that one which waits for row locks stops neither polls nor other answers.
/// </summary>
internal sealed partial class ClusterLoop : IShardHostReports
{
    private const int MaxLoadsWaiting = 1_024;

    private static readonly TimeSpan ShortestPollGap = TimeSpan.FromMilliseconds(5);

    private readonly ClusterEnvironment _environment;
    private readonly ClusterMachine _machine;
    private readonly LeaseLoop _lease;
    private readonly IShardHost? _host;
    private readonly IClusterPeers _peers;
    private readonly MonotonicClock _clock;
    private readonly Incarnation _self;
    private readonly ILogger _log;
    private readonly StoreOperations _operations;

    // Bounded by what can be under way: a report for each hosted shard, an answer for each operation, one reading, one pending wake, and so many
    // reports of loads.
    private readonly Channel<LoopEvent> _events = Channel.CreateUnbounded<LoopEvent>(new UnboundedChannelOptions { SingleReader = true });

    private int _wakePending;
    private int _pollWanted;
    private int _loadsWaiting;
    private bool _isPolling;
    private bool _hintDue;
    private TimeSpan _pollSentAt = TimeSpan.MinValue / 2;
    private ImmutableArray<(Incarnation, string)> _peerList = [];
    private SessionEnd? _end;
    private readonly TaskCompletionSource<string> _leaveOrdered;
    private bool _isGreeted;
    private volatile StoreState _store = new(null, TimeSpan.Zero, true);
    private volatile string _waitsFor = "";

    public ClusterLoop(
        ClusterEnvironment environment, ClusterMachine machine, LeaseLoop lease, IShardHost? host, IClusterPeers peers,
        MonotonicClock clock, Incarnation self, ILogger log, TaskCompletionSource<string> leaveOrdered)
    {
        _leaveOrdered = leaveOrdered;
        _environment = environment;
        _machine = machine;
        _lease = lease;
        _host = host;
        _peers = peers;
        _clock = clock;
        _self = self;
        _log = log;
        _operations = new StoreOperations(environment, self, Post, log);
    }

    /// <summary>The last reading, when it was asked for, and whether the last attempt succeeded.</summary>
    public StoreState Store => _store;

    /// <summary>Nodes that are up and without which this member does not come up; empty when it waits for none.</summary>
    public string WaitsFor => _waitsFor;

    public void ReadyToGive(ShardEpoch shard, string handoffId) => Post(new ClusterInput.ShardReady(shard, handoffId));

    public void Drained(ShardEpoch shard) => Post(new ClusterInput.ShardDrained(shard));

    public void Stopped(ShardEpoch shard, string reason)
    {
        LogShardStopped(shard.Shard, shard.Epoch, reason);
        Post(new ClusterInput.ShardStopped(shard, reason));
    }

    public void Post(ClusterInput input) => _events.Writer.TryWrite(new LoopEvent.Input(input));

    /// <summary>Dropped when the loop cannot follow: what is known of the loads then only grows older.</summary>
    public void Report(ClusterInput.LoadsReported loads)
    {
        if (Interlocked.Increment(ref _loadsWaiting) <= MaxLoadsWaiting)
        {
            Post(loads);
        }
        else
        {
            Interlocked.Decrement(ref _loadsWaiting);
        }
    }

    public void RequestPoll()
    {
        Volatile.Write(ref _pollWanted, 1);
        Wake();
    }

    /// <summary>Runs until the session is over or <paramref name="stop"/> is cancelled; every shard is dropped when it returns.</summary>
    public async Task<SessionEnd> RunAsync(CancellationToken stop)
    {
        using var timer = _environment.Time.CreateTimer(_ => Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        try
        {
            RequestPoll();
            while (_end is null)
            {
                var next = await _events.Reader.ReadAsync(stop).ConfigureAwait(false);
                Handle(next);
                while (_end is null && _events.Reader.TryRead(out var more))
                {
                    Handle(more);
                }

                SendHintIfDue();
                PollIfDue(timer);
            }

            return _end;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return new SessionEnd(SessionEndKind.Stopped, "stopped without leaving");
        }
        catch (Exception exception)
        {
            LogFault(exception);
            return new SessionEnd(SessionEndKind.Fault, exception.Message);
        }
        finally
        {
            _events.Writer.Complete();
            _lease.Revoke();
            DropEverything();
            await _operations.StopAsync().ConfigureAwait(false);
        }
    }

    private void Wake()
    {
        if (Interlocked.Exchange(ref _wakePending, 1) == 0)
        {
            _events.Writer.TryWrite(new LoopEvent.Wake());
        }
    }

    private void Handle(LoopEvent next)
    {
        switch (next)
        {
            case LoopEvent.Wake:
                Volatile.Write(ref _wakePending, 0);
                break;

            case LoopEvent.Input input:
                if (input.Value is ClusterInput.LoadsReported)
                {
                    Interlocked.Decrement(ref _loadsWaiting);
                }

                Execute(_machine.Step(input.Value, _clock.Now));
                break;

            case LoopEvent.PollEnded ended:
                OnPolled(ended);
                break;
        }
    }

    private void OnPolled(LoopEvent.PollEnded ended)
    {
        _isPolling = false;
        _environment.Metrics.Polled(ended.Reading is not null);
        LogStoreChange(ended);
        if (ended.Reading is not { } reading)
        {
            _store = _store with { IsReachable = false };
            return;
        }

        LogMembers(_store.Reading, reading);
        _store = new StoreState(reading, ended.SentAt, true);
        UpdatePeers(reading);

        // The map goes first: a host that is told to start a shard then finds itself in it.
        _environment.Map.Publish(reading);
        Execute(_machine.Step(new ClusterInput.PeersUnreachable(Unreachable(reading)), _clock.Now));
        Execute(_machine.Step(new ClusterInput.Polled(reading, ended.Ticket, _lease.Times), _clock.Now));
    }

    private ImmutableHashSet<Incarnation> Unreachable(ClusterReading reading) =>
        [.. reading.Members.Where(member => member.IsLive && member.Incarnation != _self && !_peers.IsReachable(member.Incarnation))
            .Select(member => member.Incarnation)];

    private void Execute(List<ClusterEffect> effects)
    {
        foreach (var effect in effects)
        {
            Execute(effect);
        }

        var dropped = effects.OfType<ClusterEffect.DropShard>().ToArray();
        if (dropped.Length > 0)
        {
            LogDropped(dropped.Length, dropped[0].Shard.Shard, dropped[0].Shard.Epoch);
        }
    }

    private void Execute(ClusterEffect effect)
    {
        switch (effect)
        {
            case ClusterEffect.StartShard start:
                _host?.Start(start.Shard, start.AcquiredBy);
                break;

            case ClusterEffect.HandOffShard handoff:
                _host?.HandOff(handoff.Shard, handoff.Target, handoff.HandoffId);
                break;

            case ClusterEffect.AbortHandOff abort:
                _host?.AbortHandOff(abort.Shard, abort.HandoffId);
                break;

            case ClusterEffect.GiveAwayShard given:
                _host?.GiveAway(given.Shard, given.HandoffId);
                break;

            case ClusterEffect.HandOffEnded ended:
                _host?.HandOffEnded(ended.Shard, ended.HandoffId, ended.IsGiven);
                break;

            case ClusterEffect.DrainShard drain:
                _host?.Drain(drain.Shard);
                break;

            case ClusterEffect.DropShard drop:
                _host?.Drop(drop.Shard);
                break;

            case ClusterEffect.PublishOwner fact:
                _environment.Map.Publish(fact.Owner);
                break;

            case ClusterEffect.Hint:
                _hintDue = true;
                break;

            case ClusterEffect.Poll:
                Volatile.Write(ref _pollWanted, 1);
                break;

            case ClusterEffect.AwaitPeers waiting:
                _waitsFor = string.Join(", ", waiting.Nodes);
                LogWaitsForPeers(_waitsFor, waiting.Since.TotalSeconds);
                break;

            case ClusterEffect.LeaveOrdered ordered:
                LogLeaveOrdered(ordered.Reason);
                _leaveOrdered.TrySetResult(ordered.Reason);
                break;

            case ClusterEffect.RevokeLease revoke:
                LogRevoked(_self, revoke.Reason);
                _lease.Revoke();
                break;

            case ClusterEffect.EndSession end:
                _end = end.End;
                break;

            default:
                _operations.Begin(effect);
                break;
        }
    }

    private void SendHintIfDue()
    {
        if (_hintDue)
        {
            _hintDue = false;
            _peers.SendMapHint();
        }
    }

    private void PollIfDue(ITimer timer)
    {
        if (_isPolling || _end is not null)
        {
            return;
        }

        var gap = Volatile.Read(ref _pollWanted) != 0 ? ShortestPollGap : _environment.Options.PollInterval;
        var wait = _pollSentAt + gap - _clock.Now;
        if (wait > TimeSpan.Zero)
        {
            // Timers round down to milliseconds; a wake that comes early would spin.
            timer.Change(wait + TimeSpan.FromMilliseconds(1), Timeout.InfiniteTimeSpan);
            return;
        }

        _isPolling = true;
        _pollSentAt = _clock.Now;
        Volatile.Write(ref _pollWanted, 0);
        _operations.BeginPoll(_machine.Ticket, _pollSentAt, ended => _events.Writer.TryWrite(ended));
    }

    private void UpdatePeers(ClusterReading reading)
    {
        var live = reading.Members.Where(member => member.IsLive).ToArray();
        var list = live.Select(member => (member.Incarnation, member.Address)).ToImmutableArray();
        if (!list.SequenceEqual(_peerList))
        {
            _peerList = list;
            _peers.UpdatePeers(live);
        }

        if (!_isGreeted)
        {
            // Whoever hears it reads this member's row and connects.
            _isGreeted = true;
            _hintDue = true;
        }

        if (_machine.Membership.OwnStatus != MemberStatus.Joining)
        {
            _waitsFor = "";
        }
    }

    private void DropEverything()
    {
        var drops = new List<ClusterEffect>();
        _machine.Ownership.Step(new ClusterInput.LeaseLost(), _clock.Now, drops);
        try
        {
            Execute(drops);
        }
        catch (Exception exception)
        {
            // The lease is revoked already, so nothing is served; the end of the session must be told all the same.
            LogFault(exception);
        }
    }

    private void LogStoreChange(LoopEvent.PollEnded ended)
    {
        if (ended.Failure is { } failure && _store.IsReachable)
        {
            LogUnreachable(failure.Message);
        }
        else if (ended.Failure is null && !_store.IsReachable)
        {
            LogReachable();
        }
    }

    private void LogMembers(ClusterReading? before, ClusterReading now)
    {
        var known = before?.Members.ToDictionary(member => member.Incarnation, member => member.Status) ?? [];
        foreach (var member in now.Members)
        {
            // What was over before this process came is no news.
            var isNews = known.TryGetValue(member.Incarnation, out var status) ? status != member.Status : before is not null || member.IsLive;
            if (isNews)
            {
                LogMember(member.NodeName, member.Incarnation, member.Status, member.Reason);
            }
        }

        if (before is null || before.Coordinator != now.Coordinator)
        {
            LogCoordinator(now.Coordinator.Holder, now.Coordinator.Term);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Member {Node} ({Member}) is {Status}: {Reason}")]
    private partial void LogMember(string node, Incarnation member, MemberStatus status, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "The coordinator is {Holder} (term {Term})")]
    private partial void LogCoordinator(Incarnation? holder, long term);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The store cannot be read: {Failure}. Serving goes on until the lease runs out")]
    private partial void LogUnreachable(string failure);

    [LoggerMessage(Level = LogLevel.Information, Message = "The store can be read again")]
    private partial void LogReachable();

    [LoggerMessage(Level = LogLevel.Warning, Message = "Shard {Shard} (epoch {Epoch}) stopped: {Reason}")]
    private partial void LogShardStopped(int shard, long epoch, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Dropped {Count} shards that are not owned any more, the first {Shard} (epoch {Epoch})")]
    private partial void LogDropped(int count, int shard, long epoch);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Not up yet after {Seconds:0} s: there is no connection with {Nodes}, up in the store. Check the network and Node:ClusterAdvertise of both sides")]
    private partial void LogWaitsForPeers(string nodes, double seconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "This member was told to leave: {Reason}")]
    private partial void LogLeaveOrdered(string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Member} serves nothing any more: {Reason}")]
    private partial void LogRevoked(Incarnation member, string reason);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The cluster loop failed; everything owned is dropped")]
    private partial void LogFault(Exception exception);
}
