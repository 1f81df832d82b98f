using System.Collections.Immutable;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Allocation;
using AkkaScale.LegacySharding.Regions;
using AkkaScale.LegacySharding.Shards;
using AkkaScale.Tests.Model;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>One incarnation: production's lease and cluster machines, driven as ClusterLoop and LeaseLoop drive them, over a region of real shards.</summary>
internal sealed class WorldMember
{
    private static readonly TimeSpan ShortestPollGap = TimeSpan.FromMilliseconds(5);

    private readonly World _world;
    private readonly ClusterOptions _options;
    private readonly LeaseMachine _lease;
    private readonly ClusterMachine _machine;
    private int _lostRenewals;
    private bool _isJoined;
    private bool _isPolling;
    private bool _pollWanted;
    private TimeSpan _pollSentAt;

    public WorldMember(World world, WorldNode node, MemberSnapshot self)
    {
        _world = world;
        _options = world.Config.Cluster;
        Node = node;
        Self = self;
        _lease = new LeaseMachine(_options.ServingPeriod);
        var isHost = self.HasRole(MemberSnapshot.EntityRole);
        _machine = new ClusterMachine(
            new MembershipMachine(self.Incarnation, _options),
            new OwnershipMachine(self.Incarnation, _options, world.Config.Streams.Of($"ownership/{self.Incarnation}")),
            isHost ? new CoordinatorMachine(self.Incarnation, world.Config.Allocation.Create(), world.Config.Allocation) : null,
            new ReachabilityMachine(self.Incarnation, _options));
        Region = new WorldRegion(world, this);
    }

    public WorldNode Node { get; }

    public MemberSnapshot Self { get; }

    public WorldRegion Region { get; }

    /// <summary>Why the session ended, once it has.</summary>
    public SessionEnd? End { get; private set; }

    public bool IsRunning => End is null && Node.Member == this;

    public MemberStatus Status => _machine.Membership.OwnStatus;

    public long LeaseDeadline => _lease.Times.ValidUntil.Ticks;

    /// <summary>By its own clock, now; a paused process may have compared just before it was stopped.</summary>
    public bool MayServe => IsRunning && Clock.MayServe;

    public ShardClock Clock => new(Node.Local.Ticks, LeaseDeadline, Node.Wall);

    public void Start()
    {
        _world.Say($"{Node.Name} joins as {World.Short(Self.Incarnation)}");
        Join();
    }

    public void Leave()
    {
        Step(new ClusterInput.LeaveRequested());
        Step(new ClusterInput.FarewellAllowed());
    }

    public void Report(ClusterInput report) => Node.Soon(() => Step(report));

    public void OnConnected(WorldNode peer)
    {
        RequestPoll();
        if (peer.Member is { } member)
        {
            Region.Handoffs.OnConnected(member.Self.Incarnation);
        }
    }

    public void OnDisconnected(WorldNode peer)
    {
        RequestPoll();
        Region.Handoffs.OnDisconnected(peer);
    }

    public void OnAsk(WorldRouter.Journey journey, int attempt, TimeSpan remaining, IAskTarget target)
    {
        if (IsRunning)
        {
            Region.Deliver(journey.Shard, journey.Ask((Node.Local + remaining).Ticks, attempt, target));
        }
        else
        {
            target.Complete(AskOutcome.NotOwner);
        }
    }

    public void RequestPoll()
    {
        if (_isJoined && !_pollWanted)
        {
            _pollWanted = true;
            After(ShortestPollGap, PollIfDue);
        }
    }

    /// <summary>To the store, with what comes back while the session lasts.</summary>
    public void Call<T>(Func<StoreModel, T> execute, Action<T, bool> reply, TimeSpan timeout, bool isWrite = true, bool mayBeLate = true)
    {
        var life = Node.Life;
        Node.Link.Call(execute, reply, Node.ToTrue(timeout), action => Node.Deliver(life, () => IfRunning(action)), isWrite, mayBeLate);
    }

    public void After(TimeSpan delay, Action action) => Node.After(delay, () => IfRunning(action));

    private void IfRunning(Action action)
    {
        if (IsRunning)
        {
            action();
        }
    }

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
                After(_options.PollInterval, Join);
            }
        }, _options.LeaseTtl, isWrite: false);
    }, _options.LeaseTtl);

    private void Run()
    {
        _isJoined = true;
        Renew();
        Poll();
        Region.Tick();
    }

    private void Renew()
    {
        if (_lease.IsLost)
        {
            return;
        }

        _lease.Sent(Node.Local);
        var (expected, lost) = (_lease.Counter, _lostRenewals);
        Call(store => store.Renew(Self.Incarnation, expected, lost, _world.Config.RaisesAgain), (answer, isKnown) =>
        {
            var outcome = isKnown ? answer.Outcome : WriteOutcome.Unknown;
            _lease.Answered(outcome, isKnown ? answer.Counter : expected);
            _lostRenewals = outcome == WriteOutcome.Unknown ? _lostRenewals + 1 : 0;
            if (outcome == WriteOutcome.Refused)
            {
                Step(new ClusterInput.LeaseLost());
                return;
            }

            After(outcome == WriteOutcome.Applied ? _options.RenewInterval : _options.RenewInterval / 4, Renew);
        }, _options.LeaseTtl / 3, mayBeLate: lost == 0);
    }

    private void PollIfDue()
    {
        var gap = _pollWanted ? ShortestPollGap : _options.PollInterval;
        if (!_isPolling && Node.Local - _pollSentAt >= gap)
        {
            Poll();
        }
    }

    private void Poll()
    {
        _isPolling = true;
        _pollWanted = false;
        _pollSentAt = Node.Local;
        var ticket = _machine.Ticket;
        Call(store => store.Read(), (reading, isKnown) =>
        {
            _isPolling = false;
            if (isKnown)
            {
                Node.Router.Publish(reading);
                Step(new ClusterInput.PeersUnreachable(UnreachableIn(reading)));
                Step(new ClusterInput.Polled(reading, ticket, _lease.Times));
            }

            if (_pollWanted)
            {
                After(ShortestPollGap, PollIfDue);
            }

            After(_options.PollInterval, PollIfDue);
        }, _options.LeaseTtl / 2, isWrite: false);
    }

    private ImmutableHashSet<Incarnation> UnreachableIn(ClusterReading reading)
    {
        var unreachable = ImmutableHashSet<Incarnation>.Empty;
        foreach (var peer in reading.Members)
        {
            if (peer.IsLive && peer.Incarnation != Self.Incarnation
                && !(_world.FindMember(peer.Incarnation) is { } member && _world.Network.IsConnected(Node, member.Node)))
            {
                unreachable = unreachable.Add(peer.Incarnation);
            }
        }

        return unreachable;
    }

    private void Step(ClusterInput input)
    {
        if (!IsRunning)
        {
            return;
        }

        foreach (var effect in _machine.Step(input, Node.Local))
        {
            Execute(effect);
        }
    }

    private void Execute(ClusterEffect effect)
    {
        switch (effect)
        {
            case ClusterEffect.StartShard start:
                Region.Start(start.Shard, start.AcquiredBy);
                break;
            case ClusterEffect.HandOffShard handoff:
                Region.HandOff(handoff.Shard, handoff.Target, handoff.HandoffId);
                break;
            case ClusterEffect.AbortHandOff abort:
                _world.Coverage.Met(Situation.HandoffCalledOff);
                Region.Handoffs.CallOff(abort.Shard, abort.HandoffId);
                break;
            case ClusterEffect.GiveAwayShard given:
                Region.GiveAway(given.Shard, given.HandoffId);
                break;
            case ClusterEffect.HandOffEnded ended:
                Region.Handoffs.Ended(ended.Shard, ended.HandoffId, ended.IsGiven);
                break;
            case ClusterEffect.DrainShard drain:
                Region.Drain(drain.Shard);
                break;
            case ClusterEffect.DropShard drop:
                Region.Drop(drop.Shard);
                break;
            case ClusterEffect.PublishOwner fact:
                Node.Router.Publish(fact.Owner);
                break;
            case ClusterEffect.Hint:
                SendHint();
                break;
            case ClusterEffect.Poll:
                RequestPoll();
                break;
            case ClusterEffect.LeaveOrdered:
                Step(new ClusterInput.FarewellAllowed());
                break;
            case ClusterEffect.RevokeLease revoke:
                _world.Say($"{Node.Name} serves nothing any more: {revoke.Reason}");
                _lease.Revoke();
                break;
            case ClusterEffect.EndSession end:
                Ended(end.End);
                break;
            case ClusterEffect.AwaitPeers:
                break;
            default:
                ExecuteInStore(effect);
                break;
        }
    }

    private void Ended(SessionEnd end)
    {
        _world.Say($"{Node.Name} ends its session: {end.Kind}, {end.Reason}");
        End = end;
        Region.Vanish();
        if (end.Kind == SessionEndKind.Stopped)
        {
            Node.End();
            return;
        }

        _world.Coverage.Met(Situation.SessionLost);
        Node.After(TimeSpan.FromMilliseconds(20), () =>
        {
            if (Node.Member == this)
            {
                Node.Join();
            }
        });
    }

    private void SendHint()
    {
        foreach (var peer in _world.Nodes)
        {
            if (peer != Node)
            {
                _world.Network.TrySend(Node, peer, () => peer.Member?.RequestPoll());
            }
        }
    }

    private void ExecuteInStore(ClusterEffect effect)
    {
        var self = Self.Incarnation;
        switch (effect)
        {
            case ClusterEffect.ChangeStatus change:
                _world.Say($"{Node.Name} asks: {World.Short(change.Change.Member)} to {change.Change.To}, {change.Change.Reason}");
                Call(store => store.ChangeStatus(change.Change), (outcome, isKnown) =>
                    Step(new ClusterInput.StatusAnswered(change.Generation, Known(outcome, isKnown))), _options.LeaseTtl);
                break;
            case ClusterEffect.PublishUnreachable publish:
                Call(store => store.PublishUnreachable(self, publish.Peers), (outcome, isKnown) =>
                    Step(new ClusterInput.UnreachablePublished(publish.Generation, Known(outcome, isKnown))), _options.LeaseTtl);
                break;
            case ClusterEffect.ClaimCoordinator claim:
                Call(store => store.ClaimCoordinator(claim.Expected, self), (outcome, isKnown) =>
                    Step(new ClusterInput.CoordinatorAnswered(claim.Generation, Known(outcome, isKnown))), _options.LeaseTtl);
                break;
            case ClusterEffect.WriteTargets write:
                _world.Say($"{Node.Name} writes {write.Targets.Length} targets in term {write.Term.Term}");
                Call(store => store.WriteTargets(write.Term, write.Targets), (outcome, isKnown) =>
                    Step(new ClusterInput.CoordinatorAnswered(write.Generation, Known(outcome, isKnown))), _options.LeaseTtl);
                break;
            case ClusterEffect.Acquire acquire:
                After(acquire.Delay, () => Call(store => store.Acquire(self, acquire.Claims, acquire.AcquiredBy), (granted, isKnown) =>
                    Step(new ClusterInput.AcquireAnswered(acquire.Generation, isKnown ? [.. granted] : null)), _options.LeaseTtl));
                break;
            case ClusterEffect.HandOverShards handOver:
                After(handOver.Delay + _world.HandOverWait, () => Call(store => store.HandOver(self, handOver.Shards), (given, isKnown) =>
                    Step(new ClusterInput.HandOverAnswered(handOver.Generation, isKnown ? [.. given] : null)), _options.LeaseTtl));
                break;
            case ClusterEffect.Release release:
                After(release.Delay, () => Call(store => store.Release(self, release.Shards), (released, isKnown) =>
                    Step(new ClusterInput.ReleaseAnswered(release.Generation, isKnown ? [.. released] : null)), _options.LeaseTtl));
                break;
            default:
                throw new InvalidOperationException($"unknown effect {effect}");
        }
    }

    private static WriteOutcome Known(WriteOutcome outcome, bool isKnown) => isKnown ? outcome : WriteOutcome.Unknown;
}
