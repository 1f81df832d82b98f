using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.LegacySharding.Shards;

/// <summary>
/// A shard as a step function: no clock, task or socket; the shell and the simulation drive the same code.
/// Invariants: (1) an answer leaves only after every event it was decided on is durable, that of a confirmed read only after the store was asked, later
/// than the read came in, whose shard it is; (2) writes reach the lane in order of
/// token, positions are gapless in that order; (3) after a lost fence or an unknown outcome nothing is served or written under
/// this epoch; (4) memory that ran ahead of a write that certainly failed is dropped, never patched.
/// </summary>
internal static class ShardMachine
{
    public static void Step(ShardState shard, ShardInput input, in ShardClock clock, List<ShardEffect> effects)
    {
        switch (input)
        {
            case ShardInput.Ask ask:
                OnAsk(shard, ask, clock, effects);
                break;
            case ShardInput.WritesDone done:
                OnWritesDone(shard, done, clock, effects);
                break;
            case ShardInput.EntityRecovered recovered:
                OnRecovered(shard, recovered, clock, effects);
                break;
            case ShardInput.ResultLookedUp found:
                OnResultLookedUp(shard, found, clock, effects);
                break;
            case ShardInput.RecoveryFailed failed:
                OnRecoveryFailed(shard, failed, effects);
                break;
            case ShardInput.WritesFailed failed:
                OnWritesFailed(shard, failed, effects);
                break;
            case ShardInput.Start start:
                OnStart(shard, start, clock, effects);
                break;
            case ShardInput.HeadRead head:
                OnHeadRead(shard, head, clock, effects);
                break;
            case ShardInput.HeadUnreadable head:
                Stop(shard, head.Detail, AskOutcome.NotOwner, effects);
                effects.Add(ShardEffect.Stopped(head.Detail));
                break;
            case ShardInput.Tick tick:
                shard.ResidentLimit = tick.ResidentLimit;
                ResidentList.Passivate(shard, clock.Now);
                break;
            case ShardInput.OwnerConfirmed confirmed:
                OnOwnerConfirmed(shard, confirmed, clock, effects);
                break;
            case ShardInput.Drain:
                OnDrain(shard, effects);
                break;
            case ShardInput.CopyOut copy:
                OnCopyOut(shard, copy, effects);
                break;
            case ShardInput.StopIntake stop:
                OnStopIntake(shard, stop, effects);
                break;
            case ShardInput.Resume resume:
                OnResume(shard, resume);
                break;
            case ShardInput.Drop drop:
                Stop(shard, drop.Reason, AskOutcome.NotOwner, effects);
                break;
        }

        FinishDraining(shard, effects);
        FinishSettling(shard, effects);
    }

    private static void OnStart(ShardState shard, ShardInput.Start start, in ShardClock clock, List<ShardEffect> effects)
    {
        if (start.Warm is not { } warm)
        {
            effects.Add(ShardEffect.ReadHead);
            return;
        }

        shard.DurablePosition = warm.NextPosition - 1;
        shard.NextPosition = warm.NextPosition;
        OutgoingCopies.Adopt(shard, warm, clock.Now);
        Open(shard, clock, effects);
    }

    /// <summary>The next position is known: whoever came before that is served first.</summary>
    private static void Open(ShardState shard, in ShardClock clock, List<ShardEffect> effects)
    {
        shard.Phase = ShardPhase.Running;
        while (shard.Starting.TryDequeue(out var ask))
        {
            OnAsk(shard, ask, clock, effects);
        }
    }

    private static void OnAsk(ShardState shard, ShardInput.Ask ask, in ShardClock clock, List<ShardEffect> effects)
    {
        if (shard.Phase == ShardPhase.Starting)
        {
            if (shard.Starting.Count < shard.Options.RouterBufferPerShard)
            {
                shard.Starting.Enqueue(ask);
            }
            else
            {
                effects.Add(ShardEffect.Complete(ask, AskOutcome.Overloaded("the shard is starting and its buffer is full")));
            }

            return;
        }

        if (shard.Phase != ShardPhase.Running)
        {
            effects.Add(ShardEffect.Complete(ask, AskOutcome.NotOwner));
            return;
        }

        if (clock.Now >= ask.Deadline)
        {
            effects.Add(ShardEffect.Complete(ask, AskOutcome.Expired));
            return;
        }

        var entity = Resident(shard, ask, clock, effects);
        if (entity.Unanswered >= shard.Options.MailboxLimit)
        {
            effects.Add(ShardEffect.Complete(ask, AskOutcome.Overloaded("the entity's mailbox is full")));
            return;
        }

        if (entity.IsRecovering)
        {
            (entity.Parked ??= new()).Enqueue(ask);
            entity.Unanswered++;
            return;
        }

        EntityMachine.Handle(shard, entity, ask, clock, effects);
    }

    private static EntityState Resident(ShardState shard, ShardInput.Ask ask, in ShardClock clock, List<ShardEffect> effects)
    {
        if (!shard.Entities.TryGetValue(ask.Entity, out var entity))
        {
            entity = new EntityState(ask.Entity, ask.Kind);
            shard.Entities.Add(ask.Entity, entity);
            effects.Add(ShardEffect.Recover(entity));
        }

        ResidentList.Touch(shard, entity, clock.Now);
        if (shard.Entities.Count > shard.ResidentLimit)
        {
            ResidentList.Passivate(shard, clock.Now, entity);
        }

        return entity;
    }

    private static void OnHeadRead(ShardState shard, ShardInput.HeadRead head, in ShardClock clock, List<ShardEffect> effects)
    {
        if (shard.Phase == ShardPhase.Stopped || shard.NextPosition != 0)
        {
            return;
        }

        shard.DurablePosition = head.Position;
        shard.NextPosition = head.Position + 1;
        if (shard.Phase != ShardPhase.Starting)
        {
            return;
        }

        Open(shard, clock, effects);
    }

    private static void OnRecovered(ShardState shard, ShardInput.EntityRecovered input, in ShardClock clock, List<ShardEffect> effects)
    {
        var entity = input.Entity;
        if (!IsCurrent(shard, entity) || !entity.IsRecovering)
        {
            // Asked in an earlier life of this entity; newer state must not be overwritten.
            return;
        }

        var recovered = input.Recovered;
        entity.Current = recovered.State;
        entity.Version = recovered.Version;
        entity.SnapshotVersion = recovered.SnapshotVersion;
        entity.LastAt = recovered.LastAt;
        entity.Memory = recovered.Memory;
        entity.Stamp = ++shard.DurableChanges;
        var parked = entity.Parked;
        entity.Parked = null;
        while (parked is not null && parked.TryDequeue(out var ask))
        {
            entity.Unanswered--;
            if (clock.Now >= ask.Deadline)
            {
                effects.Add(ShardEffect.Complete(ask, AskOutcome.Expired));
            }
            else
            {
                EntityMachine.Handle(shard, entity, ask, clock, effects);
            }
        }
    }

    private static void OnRecoveryFailed(ShardState shard, ShardInput.RecoveryFailed failed, List<ShardEffect> effects)
    {
        if (!IsCurrent(shard, failed.Entity) || !failed.Entity.IsRecovering)
        {
            return;
        }

        var outcome = failed.IsUnreadable
            ? AskOutcome.Answered(new EntityReply(ReplyStatus.Refused, "entity/unreadable", failed.Detail, -1, false, false, null))
            : AskOutcome.StoreUnavailable(failed.Detail);
        Forget(shard, failed.Entity, outcome, effects);
    }

    private static void OnResultLookedUp(ShardState shard, ShardInput.ResultLookedUp input, in ShardClock clock, List<ShardEffect> effects)
    {
        if (shard.Phase is ShardPhase.Running or ShardPhase.Draining && IsCurrent(shard, input.Entity))
        {
            EntityMachine.OnResultLookedUp(shard, input.Entity, input, clock, effects);
        }
    }

    private static void OnWritesDone(ShardState shard, ShardInput.WritesDone done, in ShardClock clock, List<ShardEffect> effects)
    {
        if (done.Generation != shard.Generation || shard.Phase == ShardPhase.Stopped)
        {
            return;
        }

        while (shard.Unsaved.TryPeek(out var write) && write.Token <= done.ThroughToken)
        {
            shard.Unsaved.Dequeue();
            if (write.Events.Count > 0)
            {
                shard.DurablePosition = write.Events[^1].Position;
            }

            EntityMachine.OnDurable(shard, write, effects);
        }
    }

    private static void OnWritesFailed(ShardState shard, ShardInput.WritesFailed failed, List<ShardEffect> effects)
    {
        if (failed.Generation != shard.Generation || shard.Phase == ShardPhase.Stopped)
        {
            return;
        }

        if (failed.Outcome.Status is SliceStatus.Rejected or SliceStatus.Unavailable)
        {
            DropUnsaved(shard, AskOutcome.StoreUnavailable(failed.Outcome.Detail), effects);
            return;
        }

        var reason = $"{failed.Outcome.Status}: {failed.Outcome.Detail}";
        var outcome = failed.Outcome.Status == SliceStatus.Unknown ? AskOutcome.Unknown(reason) : AskOutcome.NotOwner;
        Stop(shard, reason, outcome, effects);
        effects.Add(ShardEffect.Stopped(reason));
    }

    private static void OnOwnerConfirmed(ShardState shard, ShardInput.OwnerConfirmed answer, in ShardClock clock, List<ShardEffect> effects)
    {
        if (shard.Phase == ShardPhase.Stopped || !ConfirmationMachine.IsExpected(shard, answer))
        {
            return;
        }

        if (answer.Outcome == ConfirmationOutcome.NotOwner)
        {
            // As a lost fence: what else is in memory is as old as what the read saw.
            var reason = $"a read was not confirmed: {answer.Detail}";
            Stop(shard, reason, AskOutcome.NotOwner, effects);
            effects.Add(ShardEffect.Stopped(reason));
            return;
        }

        ConfirmationMachine.OnConfirmed(shard, answer, clock, effects);
    }

    /// <summary>
    /// Certainly not written: memory goes back to what is durable by dropping every entity that ran ahead; the epoch stays, since
    /// nothing of this generation can arrive later.
    /// </summary>
    private static void DropUnsaved(ShardState shard, AskOutcome outcome, List<ShardEffect> effects)
    {
        shard.Generation++;
        shard.NextPosition = shard.DurablePosition + 1;
        while (shard.Unsaved.TryDequeue(out var write))
        {
            if (IsCurrent(shard, write.Entity))
            {
                Forget(shard, write.Entity, outcome, effects);
            }

            EntityMachine.Fail(write, outcome, effects);
        }
    }

    private static void OnDrain(ShardState shard, List<ShardEffect> effects)
    {
        if (shard.Phase is ShardPhase.Draining or ShardPhase.Stopped)
        {
            return;
        }

        shard.Phase = ShardPhase.Draining;
        CloseIntake(shard, effects);
    }

    /// <summary>Whoever has not been decided is to ask the next owner.</summary>
    private static void CloseIntake(ShardState shard, List<ShardEffect> effects)
    {
        while (shard.Starting.TryDequeue(out var ask))
        {
            effects.Add(ShardEffect.Complete(ask, AskOutcome.NotOwner));
        }

        ConfirmationMachine.Abandon(shard, effects);
        for (var entity = shard.MostRecent; entity is not null; entity = entity.LessRecent)
        {
            EntityMachine.FailUndecided(entity, AskOutcome.NotOwner, effects);
        }
    }

    private static void OnCopyOut(ShardState shard, ShardInput.CopyOut copy, List<ShardEffect> effects)
    {
        if (shard.Outgoing?.HandoffId != copy.HandoffId)
        {
            if (!copy.IsNewPass)
            {
                return;
            }

            shard.Outgoing = new OutgoingCopies(copy.HandoffId, shard);
        }

        effects.Add(ShardEffect.Copied(shard.Outgoing.Next(shard, copy.IsNewPass, copy.Most)));
    }

    private static void OnStopIntake(ShardState shard, ShardInput.StopIntake stop, List<ShardEffect> effects)
    {
        if (shard.Phase is ShardPhase.Draining or ShardPhase.Stopped)
        {
            return;
        }

        if (shard.Outgoing?.HandoffId != stop.HandoffId)
        {
            shard.Outgoing = new OutgoingCopies(stop.HandoffId, shard);
        }

        // It may be held for an earlier handoff that is off; this one is told anew.
        shard.StoppedFor = stop.HandoffId;
        shard.Phase = ShardPhase.Settling;
        CloseIntake(shard, effects);
    }

    private static void OnResume(ShardState shard, ShardInput.Resume resume)
    {
        if (shard.Outgoing?.HandoffId == resume.HandoffId)
        {
            shard.Outgoing = null;
        }

        if (shard.StoppedFor == resume.HandoffId && shard.Phase is (ShardPhase.Settling or ShardPhase.Held))
        {
            shard.Phase = shard.NextPosition == 0 ? ShardPhase.Starting : ShardPhase.Running;
        }
    }

    private static void FinishSettling(ShardState shard, List<ShardEffect> effects)
    {
        if (shard.Phase == ShardPhase.Settling && shard.Unsaved.Count == 0)
        {
            shard.Phase = ShardPhase.Held;
            if (shard.Outgoing?.HandoffId == shard.StoppedFor)
            {
                effects.Add(ShardEffect.Copied(shard.Outgoing!.Settle(shard)));
            }
        }
    }

    private static void FinishDraining(ShardState shard, List<ShardEffect> effects)
    {
        if (shard.Phase == ShardPhase.Draining && shard.Unsaved.Count == 0)
        {
            Stop(shard, "drained", AskOutcome.NotOwner, effects);
            effects.Add(ShardEffect.Drained);
        }
    }

    private static void Stop(ShardState shard, string reason, AskOutcome outcome, List<ShardEffect> effects)
    {
        if (shard.Phase == ShardPhase.Stopped)
        {
            return;
        }

        shard.Phase = ShardPhase.Stopped;
        while (shard.Starting.TryDequeue(out var ask))
        {
            effects.Add(ShardEffect.Complete(ask, AskOutcome.NotOwner));
        }

        // A write handed to the lane may still commit, whatever stopped the shard: its callers must ask again.
        var unsaved = outcome.Kind == AskOutcomeKind.NotOwner && reason.Length > 0 ? AskOutcome.Unknown(reason) : outcome;
        while (shard.Unsaved.TryDequeue(out var write))
        {
            EntityMachine.Fail(write, unsaved, effects);
        }

        ConfirmationMachine.Abandon(shard, effects);
        while (shard.MostRecent is { } entity)
        {
            Forget(shard, entity, AskOutcome.NotOwner, effects);
        }
    }

    private static void Forget(ShardState shard, EntityState entity, AskOutcome outcome, List<ShardEffect> effects)
    {
        ResidentList.Remove(shard, entity);
        EntityMachine.FailUndecided(entity, outcome, effects);
    }

    private static bool IsCurrent(ShardState shard, EntityState entity) =>
        shard.Entities.TryGetValue(entity.Key, out var current) && ReferenceEquals(current, entity);
}
