using System.Buffers;
using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.LegacySharding.Regions;

/// <summary>
/// Brings a command to its shard's owner, wherever that is, and keeps trying under one command id until the deadline. What
/// cannot be delivered waits in a bounded room; a lost connection or an unknown outcome is asked again, since the entity repeats
/// its first answer.
/// </summary>
public sealed class EntityRouter : IEntityClient
{
    private readonly IShardMap _map;
    private readonly EntityKindRegistry _kinds;
    private readonly ShardingOptions _options;
    private readonly ShardingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly Func<Guid> _newCommandId;
    private readonly WaitingRoom _waiting;
    private volatile RouteSnapshot? _route;

    public EntityRouter(
        IShardMap map, EntityKindRegistry kinds, ShardingOptions options, ShardingMetrics metrics, TimeProvider time, Func<Guid> newCommandId)
    {
        _map = map;
        _kinds = kinds;
        _options = options;
        _metrics = metrics;
        _time = time;
        _newCommandId = newCommandId;
        _waiting = new WaitingRoom(map.Current.ShardCount, options);
    }

    /// <summary>Asks that wait for an owner right now.</summary>
    public int Waiting => _waiting.Count;

    /// <summary>
    /// The ways of the present session, or null between two sessions; then asks wait. The router outlives sessions, so a command
    /// that loses its session goes on in the next one under the same command id.
    /// </summary>
    public void RouteThrough(RouteSnapshot? route)
    {
        _route = route;
        _map.RequestRefresh();
    }

    public async ValueTask<EntityReply> AskAsync(EntityCommand command, CancellationToken cancellationToken)
    {
        var kind = _kinds.Find(command.Entity.Kind)
            ?? throw new ArgumentException($"Entity kind {command.Entity.Kind} is not registered; known are {string.Join(", ", _kinds.Names)}.");
        if (!kind.Accepts(command.Command))
        {
            throw new ArgumentException($"{command.Command.GetType().Name} is not a command of kind {kind.Name}.");
        }

        if (command.Entity.Id.Length == 0)
        {
            throw new ArgumentException("An entity id must not be empty.");
        }

        if (command is { IsConfirmed: true, IsRead: false })
        {
            throw new ArgumentException("Only a read can be confirmed; what a command appends is fenced anyway.");
        }

        var journey = new Journey(this, command, kind);
        var reply = await RouteAsync(journey, cancellationToken);
        _metrics.Answered(reply.Status, _time.GetElapsedTime(journey.Started));
        return reply;
    }

    private async ValueTask<EntityReply> RouteAsync(Journey journey, CancellationToken cancellationToken)
    {
        var outcome = AskOutcome.Expired;
        while (journey.Remaining > TimeSpan.Zero)
        {
            var map = _map.Current;
            outcome = await AttemptAsync(map, journey, cancellationToken);
            if (journey.Machine.OnAttempted(outcome, journey.Remaining) is { } answer)
            {
                return answer;
            }

            _metrics.Retried(outcome.Kind);
            if (!await WaitAsync(map, journey, outcome, cancellationToken))
            {
                return journey.Machine.OnNoRoom(outcome);
            }

            journey.Machine.OnWaited(map, _map.Current, journey.Shard);
        }

        return journey.Machine.GiveUp(outcome);
    }

    private async ValueTask<AskOutcome> AttemptAsync(ShardMapSnapshot map, Journey journey, CancellationToken cancellationToken)
    {
        var remaining = journey.Remaining > TimeSpan.Zero ? journey.Remaining : TimeSpan.Zero;
        var route = _route;
        if (route is null || JourneyMachine.Destination(map, journey.Shard, route.Self) is not { } owner)
        {
            return AskOutcome.NotOwner;
        }

        PendingAsk pending;
        var correlation = 0L;
        if (owner == route.Self)
        {
            pending = new PendingAsk();
            route.Region.Deliver(journey.Shard, journey.Ask(pending));
        }
        else
        {
            (correlation, pending) = route.Frames.Send(owner, journey.Ask, remaining);
        }

        try
        {
            return pending.Task.IsCompletedSuccessfully
                ? pending.Task.Result
                : await pending.Task.WaitAsync(remaining, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            return AskOutcome.Unknown("no answer before the deadline");
        }
        finally
        {
            if (correlation != 0)
            {
                route.Frames.Abandon(correlation);
            }
        }
    }

    /// <summary>Waits for a newer map, at most for a pause that grows. False if there is no room to wait in.</summary>
    private async ValueTask<bool> WaitAsync(
        ShardMapSnapshot map, Journey journey, AskOutcome outcome, CancellationToken cancellationToken)
    {
        var bytes = journey.CommandBytes;
        if (!_waiting.TryEnter(journey.Shard, bytes))
        {
            return false;
        }

        try
        {
            _map.RequestRefresh();
            var most = journey.Machine.Pause < journey.Remaining ? journey.Machine.Pause : journey.Remaining;
            if (most <= TimeSpan.Zero)
            {
                return true;
            }

            using var wait = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var delay = Task.Delay(most, _time, wait.Token);

            await (JourneyMachine.EndsWaitWithNewerMap(outcome)
                ? Task.WhenAny(_map.WaitForNewerAsync(map.Version, wait.Token), delay)
                : delay);
            await wait.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            return true;
        }
        finally
        {
            _waiting.Leave(journey.Shard, bytes);
        }
    }

    /// <summary>One command on its way through all its attempts.</summary>
    private sealed class Journey(EntityRouter router, EntityCommand command, IEntityKind kind)
    {
        private readonly Guid _commandId = command.CommandId ?? router._newCommandId();

        private readonly TimeSpan _timeout = command.Timeout < router._options.MaxTimeout ? command.Timeout : router._options.MaxTimeout;

        private long? _commandBytes;

        public long Started { get; } = router._time.GetTimestamp();

        public EntityCommand Command { get; } = command;

        public IEntityKind Kind { get; } = kind;

        public int Shard { get; } = ShardHash.ShardOf(command.Entity.Id, router._map.Current.ShardCount);

        public JourneyMachine Machine { get; } = new(command.IsRead);

        /// <summary>Of the serialised command; measured once, and only if it has to wait.</summary>
        public long CommandBytes => _commandBytes ??= Measure();

        public TimeSpan Remaining => _timeout - router._time.GetElapsedTime(Started);

        private long Deadline => Started + (long)(_timeout.TotalSeconds * router._time.TimestampFrequency);

        public ShardInput.Ask Ask(IAskTarget target) => new(Command.Entity, Kind, Command.Command, _commandId, Deadline, target)
        {
            IsClientKey = Command.IsClientKey,
            IsRead = Command.IsRead,
            IsConfirmed = Command.IsConfirmed,
            Attempt = Machine.Attempt,
            Hash = Command.Hash,
            ExpectedVersion = Command.ExpectedVersion,
            ActingUser = Command.ActingUser,
            Precondition = Command.Precondition,
        };

        private long Measure()
        {
            var buffer = new ArrayBufferWriter<byte>();
            Kind.WriteCommand(buffer, Command.Command);
            return buffer.WrittenCount;
        }
    }
}
