using Akka.Actor;
using Akka.Cluster.Sharding;
using Akka.Persistence;
using AkkaScale.Cluster.Liveness;
using AkkaScale.Entities;
using AkkaScale.Sharding.Events;
using AkkaScale.Sharding.Loads;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Routing;
using AkkaScale.Sharding.Stuck;
using Microsoft.Extensions.Logging;

namespace AkkaScale.Sharding.Entities;

/// <summary>One entity: messages and the journal's answers to <see cref="EntityMachine"/>, and what that wants done.</summary>
internal sealed partial class EntityActor : UntypedPersistentActor
{
    private readonly IEntityKind _kind;
    private readonly EntityKey _key;
    private readonly EntityServices _services;
    private readonly ShardMeter _meter;
    private readonly EntityFold _fold;
    private readonly EntityWork _work;
    private readonly Queue<WaitingAsk> _parked = new();
    private readonly List<EntityEffect> _effects = [];
    private readonly CancellationTokenSource _stopping = new();
    private EntityState? _state;
    private ResidentBook.Resident? _resident;

    public EntityActor(IEntityKind kind, string id, EntityServices services)
    {
        (_kind, _key, _services) = (kind, new EntityKey(kind.Name, id), services);
        _meter = services.MeterOf(_key);
        _fold = new EntityFold(_key, kind, services.Options);
        _work = services.Works.Enter(_key);
        PersistenceId = EntityRegion.PersistenceIdOf(_key);
    }

    public override string PersistenceId { get; }

    public static Props Props(IEntityKind kind, string id, EntityServices services) =>
        Akka.Actor.Props.CreateBy(new EntityActorProducer(kind, id, services));

    protected override bool AroundReceive(Receive receive, object message)
    {
        _work.Begin();
        try
        {
            return ReceiveOrPark(receive, message);
        }
        finally
        {
            _work.End();
        }
    }

    /// <summary>While it recovers asks are kept here rather than in Akka's stash: there they would be lost when recovery fails.</summary>
    private bool ReceiveOrPark(Receive receive, object message)
    {
        switch (message)
        {
            case EntityAsk ask when IsRecovering:
                Park(new WaitingAsk(ask, Sender));
                return true;
            case StopEntity when IsRecovering:
                Context.Stop(Self);
                return true;
            case UnreadableAsk unreadable:
                Sender.Tell(EntityOutcome.NotUnderstood(unreadable.Detail));
                return true;
            default:
                return base.AroundReceive(receive, message);
        }
    }

    protected override void OnRecover(object message)
    {
        if (message is RecoveryCompleted)
        {
            _state = _fold.Finish();
            _resident = _services.Residents.Enter(_key, Self);
            _meter.Entered();
            _services.OnRecovered(_kind.Name, _fold.Rows);
            while (_parked.TryDequeue(out var asked))
            {
                Step(new EntityInput.Ask(asked));
            }
        }
        else
        {
            _fold.Add(message is SnapshotOffer offer ? offer.Snapshot : message);
        }
    }

    protected override void OnCommand(object message)
    {
        switch (message)
        {
            case EntityAsk ask:
                _services.Residents.Use(_resident!);
                _services.OnDelivered();
                _meter.Delivered();
                Step(new EntityInput.Ask(new WaitingAsk(ask, Sender)));
                break;
            case EntityInput answer:
                Step(answer);
                break;
            case StopEntity:
                Step(new EntityInput.Stop());
                break;
            case PassivateEntity:
                Passivate();
                break;
            case LookAtEntity:
                Sender.Tell(Look(_state!));
                break;
            case SaveSnapshotSuccess saved:
                DeleteSnapshots(new SnapshotSelectionCriteria(saved.Metadata.SequenceNr - 1));
                break;
            case SaveSnapshotFailure failure:
                LogNoSnapshot(_services.Logger, failure.Cause, PersistenceId);
                break;
        }
    }

    protected override void OnPersistFailure(Exception cause, object? @event, long sequenceNr)
    {
        LogNotWritten(_services.Logger, cause, PersistenceId, sequenceNr);
        Step(new EntityInput.Ended($"the write is not confirmed: {cause.Message}"));
    }

    protected override void OnPersistRejected(Exception cause, object? @event, long sequenceNr)
    {
        // Akka would let the actor live on with an event that was not written.
        OnPersistFailure(cause, @event, sequenceNr);
        Context.Stop(Self);
    }

    protected override void OnRecoveryFailure(Exception reason, object? message = null)
    {
        // With a message it is a row that cannot be folded, and repeating does not help; else the database.
        LogNotRecovered(_services.Logger, reason, PersistenceId, LastSequenceNr);
        var isUnreadable = message is not null || reason is System.Text.Json.JsonException;
        TellParked(isUnreadable
            ? EntityOutcome.Answered(new EntityReply(ReplyStatus.Refused, "entity/unreadable", reason.Message, -1, false, false, null))
            : EntityOutcome.StoreUnavailable(reason.Message));
    }

    protected override void PostStop()
    {
        _stopping.Cancel();
        _services.Works.Leave(_work);
        TellParked(EntityOutcome.NotServed);
        if (_state is not null)
        {
            Step(new EntityInput.Ended("the entity was stopped during the write"));
            _services.Residents.Leave(_resident!);
            _meter.Left();
        }

        base.PostStop();
    }

    private void Step(EntityInput input)
    {
        var clock = new EntityClock(_services.Time.Monotonic(), _services.Time.GetUtcNow(), _services.IsServing());
        EntityMachine.Step(_state!, input, clock, _effects);
        foreach (var effect in _effects)
        {
            Run(effect);
        }

        _effects.Clear();
    }

    private void Run(EntityEffect effect)
    {
        switch (effect)
        {
            case EntityEffect.Tell(var asked, var outcome):
                asked.ReplyTo.Tell(outcome);
                break;
            case EntityEffect.Persist(var write):
                var last = write.Rows[^1];
                PersistAllAsync(write.Rows, row =>
                {
                    if (ReferenceEquals(row, last))
                    {
                        Step(new EntityInput.Durable(write));
                    }
                });
                break;
            case EntityEffect.SaveSnapshot(var snapshot):
                SaveSnapshot(snapshot);
                break;
            case EntityEffect.LookUp(var commandId):
                LookUpAsync(commandId).PipeTo(
                    Self, failure: error => new EntityInput.LookedUp(commandId, null, $"the journal was not asked: {error.Message}"));
                break;
            case EntityEffect.Confirm(var batch):
                ConfirmAsync(batch).PipeTo(
                    Self, failure: error => new EntityInput.Confirmed(batch, null, $"the owner was not confirmed: {error.Message}"));
                break;
            case EntityEffect.Stop:
                Context.Stop(Self);
                break;
        }
    }

    private async Task<EntityInput.LookedUp> LookUpAsync(Guid commandId)
    {
        using var deadline = Deadline();
        var found = await _services.FindCommandAsync(_key, commandId, deadline.Token).WaitAsync(deadline.Token);
        return new EntityInput.LookedUp(commandId, found, null);
    }

    private async Task<EntityInput.Confirmed> ConfirmAsync(long batch)
    {
        using var deadline = Deadline();
        return new EntityInput.Confirmed(batch, await _services.ConfirmAsync(_key, deadline.Token).WaitAsync(deadline.Token), "");
    }

    private CancellationTokenSource Deadline()
    {
        var deadline = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        deadline.CancelAfter(_services.Options.ConfirmationTimeout);
        return deadline;
    }

    private void Park(WaitingAsk asked)
    {
        if (!_services.IsServing())
        {
            asked.ReplyTo.Tell(EntityOutcome.NotServed); // the database does not answer, nor will it the recovery soon
            return;
        }

        if (_parked.Count >= _services.Options.MailboxLimit)
        {
            asked.ReplyTo.Tell(EntityOutcome.Overloaded("the entity is being recovered and its mailbox is full"));
            return;
        }

        _parked.Enqueue(asked);
    }

    private void TellParked(EntityOutcome outcome)
    {
        while (_parked.TryDequeue(out var asked))
        {
            asked.ReplyTo.Tell(outcome);
        }
    }

    private void Passivate()
    {
        var isQuiet = _state!.IsQuiet;
        if (isQuiet)
        {
            Context.Parent.Tell(new Passivate(StopEntity.Instance));
        }
        else
        {
            _services.Residents.Touch(_resident!);
        }

        if (!Sender.IsNobody())
        {
            Sender.Tell(new EntityPassivation(isQuiet));
        }
    }

    private EntityLook Look(EntityState state)
    {
        var isShown = state.Writes.Count == 0 && state.DurableVersion > 0;
        return new EntityLook(state.DurableVersion, isShown ? _kind.WriteSnapshot(state.Durable) : null, state.Unanswered);
    }

    [LoggerMessage(EventId = 4101, Level = LogLevel.Error, Message = "{Entity} cannot be recovered; it was read up to {SequenceNr}.")]
    private static partial void LogNotRecovered(ILogger logger, Exception reason, string entity, long sequenceNr);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Warning, Message = "{Entity} stops: its write at {SequenceNr} is not confirmed.")]
    private static partial void LogNotWritten(ILogger logger, Exception cause, string entity, long sequenceNr);

    [LoggerMessage(EventId = 4103, Level = LogLevel.Warning, Message = "{Entity} has not saved a snapshot; it will at the next occasion.")]
    private static partial void LogNoSnapshot(ILogger logger, Exception cause, string entity);
}
