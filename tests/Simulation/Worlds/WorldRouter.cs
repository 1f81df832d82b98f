using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Regions;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>A process's router around production's journey, map and waiting room; it outlives the process's sessions.</summary>
internal sealed class WorldRouter
{
    private readonly World _world;
    private readonly WorldNode _node;
    private readonly WaitingRoom _room;
    private readonly List<Journey> _waiting = [];
    private readonly SortedDictionary<long, Attempt> _pending = [];
    private long _correlation;

    public WorldRouter(World world, WorldNode node)
    {
        _world = world;
        _node = node;
        Map = ShardMapSnapshot.Empty(world.Config.Cluster.ShardCount);
        _room = new WaitingRoom(world.Config.Cluster.ShardCount, world.Config.Sharding);
    }

    public ShardMapSnapshot Map { get; private set; }

    public bool IsIdle => _pending.Count == 0 && _waiting.Count == 0 && _room.Count == 0;

    public void Publish(ClusterReading reading) => Publish(Map.With(reading));

    public void Publish(ShardOwner fact) => Publish(Map.With(fact));

    public void Ask(EntityCommand command, IEntityKind kind, Guid commandId, Action<EntityReply> answer)
    {
        var shard = ShardHash.ShardOf(command.Entity.Id, Map.ShardCount);
        Try(new Journey(command, kind, commandId, shard, _node.Local + command.Timeout, answer));
    }

    public void OnDisconnected(WorldNode peer)
    {
        foreach (var attempt in _pending.Values.Where(attempt => attempt.Peer == peer).ToArray())
        {
            attempt.Complete(AskOutcome.Unknown("the connection to the shard's owner was lost"));
        }

        _node.Member?.RequestPoll();
    }

    private void Publish(ShardMapSnapshot map)
    {
        if (map.Version == Map.Version)
        {
            return;
        }

        Map = map;
        if (_waiting.Count > 0)
        {
            foreach (var journey in _waiting.ToArray())
            {
                if (JourneyMachine.EndsWaitWithNewerMap(journey.Last))
                {
                    _node.Soon(() => GoOn(journey, journey.Waits));
                }
            }
        }
    }

    private void Try(Journey journey)
    {
        if (journey.Deadline <= _node.Local)
        {
            journey.Answer(journey.Machine.GiveUp(journey.Last));
            return;
        }

        var map = Map;
        Send(journey, outcome => OnOutcome(journey, map, outcome));
    }

    private void OnOutcome(Journey journey, ShardMapSnapshot map, AskOutcome outcome)
    {
        journey.Last = outcome;
        if (journey.Machine.OnAttempted(outcome, journey.Deadline - _node.Local) is { } answer)
        {
            journey.Answer(answer);
            return;
        }

        if (!_room.TryEnter(journey.Shard, 1))
        {
            journey.Answer(journey.Machine.OnNoRoom(outcome));
            return;
        }

        _node.Member?.RequestPoll();
        journey.MapBefore = map;
        _waiting.Add(journey);
        var waits = ++journey.Waits;
        var left = journey.Deadline - _node.Local;
        var most = journey.Machine.Pause < left ? journey.Machine.Pause : left;
        if (JourneyMachine.EndsWaitWithNewerMap(outcome) && Map.Version != map.Version)
        {
            most = TimeSpan.Zero;
        }

        _node.After(most > TimeSpan.Zero ? most : TimeSpan.Zero, () => GoOn(journey, waits));
    }

    private void GoOn(Journey journey, int waits)
    {
        if (journey.Waits != waits || !_waiting.Remove(journey))
        {
            return;
        }

        journey.Waits++;
        _room.Leave(journey.Shard, 1);
        journey.Machine.OnWaited(journey.MapBefore, Map, journey.Shard);
        Try(journey);
    }

    private void Send(Journey journey, Action<AskOutcome> then)
    {
        if (_node.Member is not { IsRunning: true } member || JourneyMachine.Destination(Map, journey.Shard, member.Self.Incarnation) is not { } owner)
        {
            then(AskOutcome.NotOwner);
            return;
        }

        var correlation = ++_correlation;
        var attempt = new Attempt(this, correlation, then);
        _pending.Add(correlation, attempt);
        var left = journey.Deadline - _node.Local;
        _node.After(left, () => attempt.Complete(AskOutcome.Unknown("no answer before the deadline")));
        if (owner == member.Self.Incarnation)
        {
            member.Region.Deliver(journey.Shard, journey.Ask(journey.Deadline.Ticks, journey.Machine.Attempt, attempt));
            return;
        }

        if (_world.FindMember(owner) is not { } peer)
        {
            attempt.Complete(AskOutcome.NotOwner);
            return;
        }

        attempt.Peer = peer.Node;
        var number = journey.Machine.Attempt;
        if (!_world.Network.TrySend(
            _node, peer.Node, () => peer.OnAsk(journey, number, left, new RemoteCaller(this, peer.Node, attempt)), mayDouble: journey.MayHaveCopies))
        {
            attempt.Complete(AskOutcome.NotOwner);
        }
    }

    /// <summary>One command on its way through all its attempts.</summary>
    internal sealed class Journey(EntityCommand command, IEntityKind kind, Guid commandId, int shard, TimeSpan deadline, Action<EntityReply> answer)
    {
        public JourneyMachine Machine { get; } = new(command.IsRead);

        public int Shard { get; } = shard;

        public TimeSpan Deadline { get; } = deadline;

        public Action<EntityReply> Answer { get; } = answer;

        public AskOutcome Last { get; set; } = AskOutcome.Expired;

        public ShardMapSnapshot MapBefore { get; set; } = null!;

        public int Waits { get; set; }

        public bool MayHaveCopies => command.IsClientKey || Machine.Attempt > 0;

        /// <param name="deadlineTicks">On the clock of the process it is delivered in.</param>
        public ShardInput.Ask Ask(long deadlineTicks, int attempt, IAskTarget target) => new(command.Entity, kind, command.Command, commandId, deadlineTicks, target)
        {
            IsClientKey = command.IsClientKey,
            IsRead = command.IsRead,
            IsConfirmed = command.IsConfirmed,
            Attempt = attempt,
            Hash = command.Hash,
            ExpectedVersion = command.ExpectedVersion,
            ActingUser = command.ActingUser,
        };
    }

    /// <summary>The first outcome counts.</summary>
    private sealed class Attempt(WorldRouter router, long correlation, Action<AskOutcome> then) : IAskTarget
    {
        public WorldNode? Peer { get; set; }

        public void Complete(AskOutcome outcome)
        {
            if (router._pending.Remove(correlation))
            {
                if (outcome.Kind == AskOutcomeKind.NotOwner && Peer is not null)
                {
                    router._world.Coverage.Met(Situation.StaleRoute);
                }

                router._node.Soon(() => then(outcome));
            }
        }
    }

    /// <summary>At the receiver: its answer goes back as a frame, which may be lost or come twice.</summary>
    private sealed class RemoteCaller(WorldRouter asker, WorldNode at, Attempt attempt) : IAskTarget
    {
        private bool _isDone;

        public void Complete(AskOutcome outcome)
        {
            if (_isDone)
            {
                throw new WorldViolationException("region", "a caller got two outcomes of one delivery");
            }

            _isDone = true;
            asker._world.Network.TrySend(at, asker._node, () => attempt.Complete(outcome));
        }
    }
}
