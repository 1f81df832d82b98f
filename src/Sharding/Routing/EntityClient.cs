using System.Buffers;
using System.Collections.Concurrent;
using Akka.Actor;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Entities;
using AkkaScale.Sharding.Figures;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Sharding.Routing;

/// <summary>
/// Asks entities through their shard region, and keeps trying under one command id until the deadline: after a time without an answer, and at
/// once when the shard gets another home or loses the one it had. A lost ask is an unknown outcome, not an error, since the entity repeats its
/// first answer.
/// </summary>
internal sealed class EntityClient : IEntityClient, IDisposable
{
    private readonly EntityKindRegistry _kinds;
    private readonly EntityShardingOptions _options;
    private readonly IEntityRegions _regions;
    private readonly ShardMapView _map;
    private readonly EntityMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly AskRoom _room;
    private readonly ConcurrentDictionary<Journey, byte> _underway = new();
    private readonly CancellationTokenSource _stopping = new();

    public EntityClient(
        EntityKindRegistry kinds, EntityShardingOptions options, IEntityRegions regions, ShardMapView map, EntityMetrics metrics,
        TimeProvider time)
    {
        (_kinds, _options, _regions, _map, _metrics, _time) = (kinds, options, regions, map, metrics, time);
        _room = new AskRoom(options);
        metrics.ObserveAsks(() => _room.Count);
        Watching = WatchAsync(_stopping.Token);
    }

    /// <summary>Ends after <see cref="Dispose"/>.</summary>
    public Task Watching { get; }

    public int UnderWay => _room.Count;

    public async ValueTask<EntityReply> AskAsync(EntityCommand command, CancellationToken cancellationToken)
    {
        var kind = Check(command);
        var started = _time.Monotonic();
        var (region, shard) = (command.Entity.Kind, _regions.RegionOf(command.Entity.Kind).NumberOf(command.Entity.Id));
        var bytes = SizeOf(kind, command.Command);
        var reply = AskMachine.NoAnswer(ReplyStatus.Overloaded, "overloaded", "Too many commands of this process are under way.");
        if (_room.TryEnter(region, shard, bytes))
        {
            try
            {
                reply = await JourneyAsync(command, shard, started, cancellationToken);
            }
            finally
            {
                _room.Leave(region, shard, bytes);
            }
        }

        _metrics.Answered(reply.Status, _time.Monotonic() - started);
        return reply;
    }

    public void Dispose() => _stopping.Cancel();

    private static long SizeOf(IEntityKind kind, object command)
    {
        var buffer = new ArrayBufferWriter<byte>();
        kind.WriteCommand(buffer, command);
        return buffer.WrittenCount;
    }

    private IEntityKind Check(EntityCommand command)
    {
        var kind = _kinds.Find(command.Entity.Kind) ?? throw new ArgumentException(
            $"Entity kind {command.Entity.Kind} is not registered; known are {string.Join(", ", _kinds.Names)}.");
        if (!kind.Accepts(command.Command))
        {
            throw new ArgumentException($"{command.Command.GetType().Name} is not a command of kind {kind.Name}.");
        }

        if (command.Entity.Id.Length == 0)
        {
            throw new ArgumentException("An entity id must not be empty.");
        }

        return command is { IsConfirmed: true, IsRead: false }
            ? throw new ArgumentException("Only a read can be confirmed; what a command writes is fenced anyway.")
            : kind;
    }

    private async Task<EntityReply> JourneyAsync(EntityCommand command, int shard, TimeSpan started, CancellationToken cancellationToken)
    {
        var deadline = started + (command.Timeout < _options.MaxTimeout ? command.Timeout : _options.MaxTimeout);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        var journey = new Journey(command.Entity.Kind, shard, _map);
        _underway.TryAdd(journey, 0);
        try
        {
            return await RunAsync(command, journey, deadline, ending.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return journey.Machine(command.IsRead, _options.AttemptTimeout).GiveUp(EntityOutcome.NotServed);
        }
        finally
        {
            _underway.TryRemove(journey, out _);
            await ending.CancelAsync();
        }
    }

    private async Task<EntityReply> RunAsync(EntityCommand command, Journey journey, TimeSpan deadline, CancellationToken ending)
    {
        var machine = journey.Machine(command.IsRead, _options.AttemptTimeout);
        var commandId = command.CommandId ?? Guid.CreateVersion7(_time.GetUtcNow());
        var last = EntityOutcome.Expired;
        var attempts = new List<Task<EntityOutcome>>();
        for (TimeSpan remaining; (remaining = deadline - _time.Monotonic()) > TimeSpan.Zero;)
        {
            // 1. Send, and wait for an answer to this or to an earlier attempt.
            var changed = journey.BeginAttempt();
            attempts.Add(SendAsync(new EntityAsk(command.Entity, command.Command, commandId, deadline)
            {
                IsClientKey = command.IsClientKey,
                IsRead = command.IsRead,
                IsConfirmed = command.IsConfirmed,
                Attempt = machine.Attempt,
                Hash = command.Hash,
                ExpectedVersion = command.ExpectedVersion,
                ActingUser = command.ActingUser,
                Precondition = command.Precondition,
            }, ending));
            var patience = Task.Delay(Least(machine.AttemptTimeout, remaining), _time, ending);
            var first = await Task.WhenAny([.. attempts, changed, patience]);

            // 2. Make of it an answer, or go on.
            if (first is Task<EntityOutcome> answered)
            {
                attempts.Remove(answered);
                var outcome = await answered;
                _metrics.Attempted(outcome.Kind);
                last = outcome.Kind == OutcomeKind.Expired ? last : outcome; // that it came too late says less than why the one before it failed
                if (machine.OnOutcome(outcome, deadline - _time.Monotonic()) is { } reply)
                {
                    // Without a key of the caller's own, only this client can have sent the command before.
                    return reply with { Replayed = reply.Replayed && command.IsClientKey };
                }

                // 3. Wait a little, or until the shard has another home: what fails again and again is not asked ever faster.
                remaining = deadline - _time.Monotonic();
                if (remaining > TimeSpan.Zero)
                {
                    await Task.WhenAny(journey.BeginPause(), Task.Delay(Least(machine.Pause, remaining), _time, ending));
                }
            }
            else if (first == changed)
            {
                machine.OnHomeChanged();
                _metrics.Repeated("home-changed");
            }
            else
            {
                ending.ThrowIfCancellationRequested();
                machine.OnTimeout();
                _metrics.Repeated("timeout");
            }
        }

        return machine.GiveUp(last);
    }

    private Task<EntityOutcome> SendAsync(EntityAsk ask, CancellationToken ending) => _regions.Find(ask.Entity.Kind) is { } region
        ? region.Ask<EntityOutcome>(ask, Timeout.InfiniteTimeSpan, ending)
        : Task.FromResult(EntityOutcome.NotServed);

    private static TimeSpan Least(TimeSpan one, TimeSpan other) => one < other ? one : other;

    /// <summary>Tells every journey whose shard has another home, one by one: waiting tasks of all of them on one event would cost more.</summary>
    private async Task WatchAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            var changed = _map.WaitForChangeAsync();
            foreach (var journey in _underway.Keys)
            {
                journey.Look(_regions.IsMember);
            }

            await changed.WaitAsync(stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
