using AkkaScale.Cluster;
using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;
using AkkaScale.Sharding.Allocation;

namespace AkkaScale.Tests.Simulation;

/// <summary>
/// One incarnation: the machines that production runs, a lease, and a host that does nothing but remember which shards it serves. Stands in
/// for ClusterLoop and LeaseLoop under simulated time.
/// </summary>
internal sealed class SimulatedMember
{
    private static readonly TimeSpan ShortestPollGap = TimeSpan.FromMilliseconds(5);

    private readonly ClusterSimulation _cluster;
    private readonly Simulator _simulator;
    private readonly ClusterOptions _options;
    private readonly double _rate;
    private readonly TimeSpan _started;
    private readonly StoreLink _link;
    private readonly LeaseMachine _lease;
    private readonly ClusterMachine _machine;
    private readonly Queue<Action> _whilePaused = [];
    private readonly SortedDictionary<int, SimulatedShard> _hosted = [];
    private readonly Dictionary<string, SimulatedCopy> _copies = [];
    private readonly HashSet<ShardEpoch> _spent = [];
    private readonly HashSet<string> _calledOff = [];
    private readonly bool _raisesAgain;
    private int _lostRenewals;
    private bool _isPolling;
    private bool _pollWanted;
    private TimeSpan _pollSentAt;

    public SimulatedMember(ClusterSimulation cluster, MemberSnapshot self, double rate, StoreLink link)
    {
        _cluster = cluster;
        _simulator = cluster.Simulator;
        _options = cluster.Options;
        _rate = rate;
        _link = link;
        _started = _simulator.Now;
        _raisesAgain = _simulator.Chance(0.5);
        Self = self;
        _lease = new LeaseMachine(_options.ServingPeriod);
        var isHost = self.HasRole(MemberSnapshot.EntityRole);
        _machine = new ClusterMachine(
            new MembershipMachine(self.Incarnation, _options),
            new OwnershipMachine(self.Incarnation, _options, new Random(_simulator.Random.Next())),
            isHost ? new CoordinatorMachine(self.Incarnation, new WeightedAllocation(new AllocationOptions()), new AllocationOptions()) : null,
            new ReachabilityMachine(self.Incarnation, _options));
    }

    public MemberSnapshot Self { get; }

    /// <summary>Why the session ended, once it has.</summary>
    public SessionEnd? End { get; private set; }

    public bool IsCrashed { get; private set; }

    public bool IsPaused { get; private set; }

    public bool IsRunning => End is null && !IsCrashed;

    /// <summary>Shards the host holds in memory, with their epochs.</summary>
    public IReadOnlyDictionary<int, SimulatedShard> Hosted => _hosted;

    public MemberStatus Status => _machine.Membership.OwnStatus;

    /// <summary>Whether its own deadline lets it serve; a paused process may have compared just before it was stopped.</summary>
    public bool MayServe => !IsCrashed && Local < _lease.Times.ValidUntil;

    private TimeSpan Local => (_simulator.Now - _started) * _rate;

    public void Start()
    {
        _simulator.Trace($"{Self.NodeName} joins as {Self.Incarnation}");
        Join();
    }

    public void Crash()
    {
        IsCrashed = true;
        _hosted.Clear();
        _simulator.Trace($"{Self.NodeName} crashes");
    }

    public void Pause()
    {
        IsPaused = true;
        _simulator.Trace($"{Self.NodeName} is paused");
    }

    public void Resume()
    {
        IsPaused = false;
        _simulator.Trace($"{Self.NodeName} goes on");
        while (!IsPaused && _whilePaused.TryDequeue(out var action))
        {
            Deliver(action);
        }
    }

    public void Leave()
    {
        _simulator.Trace($"{Self.NodeName} is asked to leave");
        Deliver(() => Step(new ClusterInput.LeaveRequested()));
        Deliver(() => Step(new ClusterInput.FarewellAllowed()));
    }

    public void Hint() => Deliver(RequestPoll);

    /// <summary>The shard's fence was lost, or an append has an unknown outcome.</summary>
    public void StopShard(int shard) => Deliver(() =>
    {
        if (_hosted.Remove(shard, out var hosted))
        {
            _simulator.Trace($"{Self.NodeName} stops shard {shard}, epoch {hosted.Epoch}");
            Step(new ClusterInput.ShardStopped(new ShardEpoch(shard, hosted.Epoch), "simulated"));
        }
    });

    /// <summary>Copies have arrived, perhaps late, perhaps twice.</summary>
    public void Receive(string handoffId, SimulatedCopy copy) => Deliver(() => _copies[handoffId] = copy);

    /// <summary>A command: read, then written behind what is in memory. An outcome that stays unknown stops the shard.</summary>
    public void Command(int number) => Deliver(() =>
    {
        if (!MayServe || !_hosted.TryGetValue(number, out var shard) || shard is not { Memory: { } memory, IsWriting: false, StoppedFor: null })
        {
            return;
        }

        if (memory != _cluster.Store.Journals[number])
        {
            throw _simulator.Violation(
                $"{Self.NodeName} serves shard {number}, epoch {shard.Epoch}, at {memory} while its journal is at {_cluster.Store.Journals[number]}");
        }

        shard.IsWriting = true;
        Call(store => store.Append(Self.Incarnation, new ShardEpoch(number, shard.Epoch), memory), (length, isKnown) =>
        {
            shard.IsWriting = false;
            if (isKnown && length is not null)
            {
                shard.Memory = length;
            }
            else if (_hosted.GetValueOrDefault(number) == shard)
            {
                StopShard(number);
            }
        }, _options.LeaseTtl / 4);
    });

    /// <summary>Events of a paused process happen when it goes on; of one that is over, never.</summary>
    private void Deliver(Action action)
    {
        if (!IsRunning)
        {
            return;
        }

        if (IsPaused)
        {
            _whilePaused.Enqueue(action);
            return;
        }

        action();
    }

    private void AfterLocal(TimeSpan delay, Action action) => _simulator.After(delay / _rate, () => Deliver(action));

    private void Call<T>(Func<ModelStore, T> execute, Action<T, bool> reply, TimeSpan timeout, bool isWrite = true, bool mayBeLate = true) =>
        _link.Call(() => execute(_cluster.Store), reply, timeout / _rate, Deliver, isWrite, mayBeLate);

    private void Join() => Call(store => store.Join(Self), (outcome, isKnown) =>
    {
        if (isKnown && outcome == WriteOutcome.Applied)
        {
            Run();
            return;
        }

        Call(store => store.Read(), (reading, isRead) =>
        {
            if (isRead && reading.Members.Any(member => member.Incarnation == Self.Incarnation))
            {
                Run();
            }
            else
            {
                AfterLocal(_options.PollInterval, Join);
            }
        }, _options.LeaseTtl, isWrite: false);
    }, _options.LeaseTtl);

    private void Run()
    {
        Renew();
        Poll();
    }

    private void Renew()
    {
        if (_lease.IsLost)
        {
            return;
        }

        _lease.Sent(Local);
        var (expected, lost) = (_lease.Counter, _lostRenewals);
        Call(store => store.Renew(Self.Incarnation, expected, lost, _raisesAgain), (answer, isKnown) =>
        {
            var outcome = isKnown ? answer.Outcome : WriteOutcome.Unknown;
            _lease.Answered(outcome, isKnown ? answer.Counter : expected);
            _lostRenewals = outcome == WriteOutcome.Unknown ? _lostRenewals + 1 : 0;
            if (outcome == WriteOutcome.Refused)
            {
                Step(new ClusterInput.LeaseLost());
                return;
            }

            AfterLocal(outcome == WriteOutcome.Applied ? _options.RenewInterval : _options.RenewInterval / 4, Renew);
        }, _options.LeaseTtl / 3, mayBeLate: lost == 0);
    }

    private void RequestPoll()
    {
        _pollWanted = true;
        AfterLocal(ShortestPollGap, PollIfDue);
    }

    private void PollIfDue()
    {
        var gap = _pollWanted ? ShortestPollGap : _options.PollInterval;
        if (!_isPolling && Local - _pollSentAt >= gap)
        {
            Poll();
        }
    }

    private void Poll()
    {
        _isPolling = true;
        _pollWanted = false;
        _pollSentAt = Local;
        var ticket = _machine.Ticket;
        Call(store => store.Read(), (reading, isKnown) =>
        {
            _isPolling = false;
            if (isKnown)
            {
                Step(new ClusterInput.PeersUnreachable(_cluster.UnreachableFor(this, reading)));
                Step(new ClusterInput.Polled(reading, ticket, _lease.Times));
            }

            if (_pollWanted)
            {
                AfterLocal(ShortestPollGap, PollIfDue);
            }

            AfterLocal(_options.PollInterval, PollIfDue);
        }, _options.LeaseTtl / 2, isWrite: false);
    }

    private void Step(ClusterInput input)
    {
        if (IsRunning)
        {
            foreach (var effect in _machine.Step(input, Local))
            {
                Execute(effect);
            }
        }
    }

    private void Execute(ClusterEffect effect)
    {
        switch (effect)
        {
            case ClusterEffect.StartShard start:
                StartShard(start.Shard, start.AcquiredBy);
                break;

            case ClusterEffect.HandOffShard handoff:
                Expect(handoff.Shard, "handed off");
                AfterLocal(_simulator.Between(0, 0.1), () => StopIntake(handoff));
                break;

            case ClusterEffect.AbortHandOff abort:
                Expect(abort.Shard, "kept");
                Resume(abort);
                break;

            case ClusterEffect.GiveAwayShard given:
                Expect(given.Shard, "given away");
                _hosted.Remove(given.Shard.Shard);
                break;

            case ClusterEffect.HandOffEnded:
                break;

            case ClusterEffect.DrainShard drain:
                Expect(drain.Shard, "drained");
                _hosted[drain.Shard.Shard].StoppedFor = "drain";
                AfterLocal(_simulator.Between(0, 0.1), () => Drained(drain.Shard));
                break;

            case ClusterEffect.DropShard drop:
                Expect(drop.Shard, "dropped");
                _hosted.Remove(drop.Shard.Shard);
                break;

            case ClusterEffect.Hint:
                _cluster.Hint(this);
                break;

            case ClusterEffect.Poll:
                RequestPoll();
                break;

            case ClusterEffect.RevokeLease revoke:
                _simulator.Trace($"{Self.NodeName} serves nothing any more: {revoke.Reason}");
                _lease.Revoke();
                break;

            case ClusterEffect.EndSession end:
                _simulator.Trace($"{Self.NodeName} ends its session: {end.End.Kind}");
                End = end.End;
                _cluster.OnEnded(this);
                break;

            case ClusterEffect.PublishOwner:
                break;

            default:
                ExecuteInStore(effect);
                break;
        }
    }

    private void ExecuteInStore(ClusterEffect effect)
    {
        var self = Self.Incarnation;
        switch (effect)
        {
            case ClusterEffect.ChangeStatus change:
                _simulator.Trace($"{Self.NodeName} asks: {change.Change.Member} to {change.Change.To}, {change.Change.Reason}");
                Call(store => store.ChangeStatus(change.Change), (outcome, isKnown) =>
                    Step(new ClusterInput.StatusAnswered(change.Generation, Known(outcome, isKnown))), _options.LeaseTtl);
                break;

            case ClusterEffect.PublishUnreachable publish:
                Call(store => store.PublishUnreachable(self, publish.Peers), (outcome, isKnown) =>
                    Step(new ClusterInput.UnreachablePublished(publish.Generation, Known(outcome, isKnown))), _options.LeaseTtl);
                break;

            case ClusterEffect.AwaitPeers waiting:
                _simulator.Trace($"{Self.NodeName} waits for {string.Join(", ", waiting.Nodes)}");
                break;

            case ClusterEffect.LeaveOrdered:
                Step(new ClusterInput.FarewellAllowed());
                break;

            case ClusterEffect.ClaimCoordinator claim:
                Call(store => store.ClaimCoordinator(claim.Expected, self), (outcome, isKnown) =>
                    Step(new ClusterInput.CoordinatorAnswered(claim.Generation, Known(outcome, isKnown))), _options.LeaseTtl);
                break;

            case ClusterEffect.WriteTargets write:
                _simulator.Trace($"{Self.NodeName} writes {write.Targets.Length} targets in term {write.Term.Term}");
                Call(store => store.WriteTargets(write.Term, write.Targets), (outcome, isKnown) =>
                    Step(new ClusterInput.CoordinatorAnswered(write.Generation, Known(outcome, isKnown))), _options.LeaseTtl);
                break;

            case ClusterEffect.Acquire acquire:
                AfterLocal(acquire.Delay, () => Call(store => store.Acquire(self, acquire.Claims, acquire.AcquiredBy), (granted, isKnown) =>
                    Step(new ClusterInput.AcquireAnswered(acquire.Generation, isKnown ? [.. granted] : null)), _options.LeaseTtl));
                break;

            case ClusterEffect.HandOverShards handOver:
                _spent.UnionWith(handOver.Shards.Select(shard => new ShardEpoch(shard.Shard, shard.Epoch)));
                AfterLocal(handOver.Delay, () => Call(store => store.HandOver(self, handOver.Shards), (given, isKnown) =>
                    Step(new ClusterInput.HandOverAnswered(handOver.Generation, isKnown ? [.. given] : null)), _options.LeaseTtl));
                break;

            case ClusterEffect.Release release:
                _spent.UnionWith(release.Shards);
                AfterLocal(release.Delay, () => Call(store => store.Release(self, release.Shards), (released, isKnown) =>
                    Step(new ClusterInput.ReleaseAnswered(release.Generation, isKnown ? [.. released] : null)), _options.LeaseTtl));
                break;

            default:
                throw new InvalidOperationException($"unknown effect {effect}");
        }
    }

    private static WriteOutcome Known(WriteOutcome outcome, bool isKnown) => isKnown ? outcome : WriteOutcome.Unknown;

    private void StartShard(ShardEpoch shard, string acquiredBy)
    {
        _simulator.Trace($"{Self.NodeName} starts {shard}");
        if (!_spent.Add(shard))
        {
            throw _simulator.Violation($"{Self.NodeName} is told to start {shard}, which was started or given up before");
        }

        var hosted = new SimulatedShard(shard.Epoch);
        if (!_hosted.TryAdd(shard.Shard, hosted))
        {
            throw _simulator.Violation($"{Self.NodeName} is told to start {shard} while it holds epoch {_hosted[shard.Shard].Epoch}");
        }

        if (HandOver.HandoffIdOf(acquiredBy) is { } handoffId
            && _copies.Remove(handoffId, out var copy) && copy.Shard == shard.Shard && copy.Epoch + 1 == shard.Epoch)
        {
            _cluster.Handoffs = _cluster.Handoffs with { WarmStarts = _cluster.Handoffs.WarmStarts + 1 };
            hosted.Memory = copy.Memory;
        }
        else
        {
            Load(shard.Shard, hosted);
        }
    }

    private void Load(int shard, SimulatedShard hosted) => Call(store => store.Journals[shard], (length, isKnown) =>
    {
        if (isKnown)
        {
            hosted.Memory = length;
        }
        else if (_hosted.GetValueOrDefault(shard) == hosted)
        {
            Load(shard, hosted);
        }
    }, _options.LeaseTtl / 4, isWrite: false);

    /// <summary>Precopy is over. What was accepted is finished before the target is sent the last copies; these may be lost, or come twice.</summary>
    private void StopIntake(ClusterEffect.HandOffShard handoff)
    {
        if (_hosted.GetValueOrDefault(handoff.Shard.Shard) is not { } shard || shard.Epoch != handoff.Shard.Epoch || _calledOff.Contains(handoff.HandoffId))
        {
            return;
        }

        shard.StoppedFor = handoff.HandoffId;
        if (shard.IsWriting)
        {
            AfterLocal(_simulator.Between(0, 0.01), () => StopIntake(handoff));
            return;
        }

        if (shard.Memory is { } memory)
        {
            for (var times = _simulator.Random.Next(3); times > 0; times--)
            {
                _cluster.SendCopy(handoff.Target, handoff.HandoffId, new SimulatedCopy(handoff.Shard.Shard, shard.Epoch, memory));
            }
        }

        AfterLocal(_simulator.Between(0, 0.02), () => Step(new ClusterInput.ShardReady(handoff.Shard, handoff.HandoffId)));
    }

    private void Resume(ClusterEffect.AbortHandOff abort)
    {
        _calledOff.Add(abort.HandoffId);
        var shard = _hosted[abort.Shard.Shard];
        if (shard.StoppedFor == abort.HandoffId)
        {
            _cluster.Handoffs = _cluster.Handoffs with { Resumed = _cluster.Handoffs.Resumed + 1 };
            shard.StoppedFor = null;
        }
    }

    private void Drained(ShardEpoch shard)
    {
        if (_hosted.TryGetValue(shard.Shard, out var hosted) && hosted.Epoch == shard.Epoch)
        {
            if (hosted.IsWriting)
            {
                AfterLocal(_simulator.Between(0, 0.1), () => Drained(shard));
                return;
            }

            _hosted.Remove(shard.Shard);
            Step(new ClusterInput.ShardDrained(shard));
        }
    }

    private void Expect(ShardEpoch shard, string what)
    {
        if (!_hosted.TryGetValue(shard.Shard, out var hosted) || hosted.Epoch != shard.Epoch)
        {
            throw _simulator.Violation($"{Self.NodeName} is told that {shard} be {what}, which it does not hold");
        }
    }
}
