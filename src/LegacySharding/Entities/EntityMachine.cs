using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.LegacySharding.Entities;

/// <summary>
/// One entity's part of a shard's step: deduplicate, decide, fold, write, answer. The order matters: a retry must meet the
/// memory of its first answer before any precondition, expected version or rule, else it would get another answer.
/// </summary>
internal static class EntityMachine
{
    /// <summary>Added to an event's payload when the size of a batch is estimated.</summary>
    public const int RowOverheadBytes = 256;

    public static void Handle(ShardState shard, EntityState entity, ShardInput.Ask ask, in ShardClock clock, List<ShardEffect> effects)
    {
        if (ask.IsRead)
        {
            Decide(shard, entity, ask, null, clock, effects);
            return;
        }

        // 1. Commands in flight: a copy waits for the same held answer.
        if (entity.Flights is { } flights && flights.TryGetValue(ask.CommandId, out var flight))
        {
            flight.AddCopy(ask);
            entity.Unanswered++;
            return;
        }

        // 2. Commands answered lately.
        if (entity.Memory.TryFind(ask.CommandId, out var remembered))
        {
            AnswerAgain(entity, ask, remembered, clock, effects);
            return;
        }

        var fresh = new CommandFlight(ask);
        (entity.Flights ??= []).Add(ask.CommandId, fresh);
        entity.Unanswered++;

        // 3. Only if the memory has holes and a copy may exist: the journal.
        if (entity.Memory.IsTruncated && ask.MayHaveCopies)
        {
            effects.Add(ShardEffect.LookUpResult(entity, ask.CommandId));
            return;
        }

        Decide(shard, entity, ask, fresh, clock, effects);
    }

    public static void OnResultLookedUp(
        ShardState shard, EntityState entity, ShardInput.ResultLookedUp input, in ShardClock clock, List<ShardEffect> effects)
    {
        if (entity.Flights is null || !entity.Flights.TryGetValue(input.CommandId, out var flight) || flight.Reply is not null)
        {
            return;
        }

        if (input.Failure is not null)
        {
            Land(entity, input.CommandId, flight);
            CompleteAll(flight, AskOutcome.StoreUnavailable(input.Failure), effects);
            return;
        }

        if (input.Found is { } found && found.Entity == entity.Key)
        {
            Land(entity, input.CommandId, flight);
            var remembered = new RememberedCommand(found.CommandId, found.Hash, found.SequenceNr, StoredAnswer.Decode(found.Answer.Span));
            AnswerAgain(entity, flight.First, remembered, clock, effects);
            foreach (var copy in flight.Copies ?? [])
            {
                AnswerAgain(entity, copy, remembered, clock, effects);
            }

            return;
        }

        if (clock.Now >= flight.First.Deadline && flight.Copies is null)
        {
            Land(entity, input.CommandId, flight);
            CompleteAll(flight, AskOutcome.Expired, effects);
            return;
        }

        Decide(shard, entity, flight.First, flight, clock, effects);
    }

    /// <summary>A write of this shard is durable: its answers leave, in order.</summary>
    public static void OnDurable(ShardState shard, ShardWrite write, List<ShardEffect> effects)
    {
        var entity = write.Entity;
        entity.UnsavedWrites--;
        entity.Stamp = ++shard.DurableChanges;
        if (ReferenceEquals(entity.LastWrite, write))
        {
            entity.LastWrite = null;
        }

        if (write.Flight is { Reply: { } reply, Answer: { } answer } flight)
        {
            var remembered = new RememberedCommand(flight.First.CommandId, flight.First.Hash, reply.Version, answer);
            entity.Memory.Add(remembered, shard.Options.RememberedCommands);
            Land(entity, flight.First.CommandId, flight);
            effects.Add(ShardEffect.Complete(flight.First, AskOutcome.Answered(reply)));
            foreach (var copy in flight.Copies ?? [])
            {
                effects.Add(ShardEffect.Complete(copy, AskOutcome.Answered(Repeat(entity, copy, remembered))));
            }
        }

        foreach (var (ask, held) in write.Held ?? [])
        {
            entity.Unanswered--;
            if (ask.IsConfirmed)
            {
                ConfirmationMachine.Wait(shard, entity, ask, held, effects);
            }
            else
            {
                effects.Add(ShardEffect.Complete(ask, AskOutcome.Answered(held)));
            }
        }
    }

    /// <summary>A write is not confirmed: nobody who waits for it gets its answer.</summary>
    public static void Fail(ShardWrite write, AskOutcome outcome, List<ShardEffect> effects)
    {
        if (write.Flight is { } flight)
        {
            Land(write.Entity, flight.First.CommandId, flight);
            CompleteAll(flight, outcome, effects);
        }

        foreach (var (ask, _) in write.Held ?? [])
        {
            write.Entity.Unanswered--;
            effects.Add(ShardEffect.Complete(ask, outcome));
        }
    }

    /// <summary>Gives an outcome to everything that waits for recovery or for a look-up; what is being written stays.</summary>
    public static void FailUndecided(EntityState entity, AskOutcome outcome, List<ShardEffect> effects)
    {
        while (entity.Parked is not null && entity.Parked.TryDequeue(out var ask))
        {
            entity.Unanswered--;
            effects.Add(ShardEffect.Complete(ask, outcome));
        }

        if (entity.Flights is not { Count: > 0 } flights)
        {
            return;
        }

        foreach (var flight in flights.Values.Where(flight => flight.Reply is null).ToArray())
        {
            Land(entity, flight.First.CommandId, flight);
            CompleteAll(flight, outcome, effects);
        }
    }

    private static void Decide(
        ShardState shard, EntityState entity, ShardInput.Ask ask, CommandFlight? flight, in ShardClock clock, List<ShardEffect> effects)
    {
        var at = TimeOf(entity, clock);
        var decision = Judge(shard, entity, ask, at, out var status, out var isFault);
        if (decision.Events.Count > 0)
        {
            WriteEvents(shard, entity, ask, flight!, decision, at, effects);
            return;
        }

        var refusal = decision.Refusal;
        var reply = new EntityReply(
            status, refusal?.Code ?? "", refusal?.Detail ?? "", entity.Version, false, false,
            refusal is null ? new StateBody(entity.Kind, decision.NewState, entity.Key.Id, entity.Version) : null);

        // An answer without events is stored when a copy may wait elsewhere: it must not take effect after this answer.
        if (flight is not null && ask.MayHaveCopies && !isFault)
        {
            WriteResult(shard, entity, ask, flight, reply, at, effects);
            return;
        }

        if (flight is not null)
        {
            Land(entity, ask.CommandId, flight);
        }

        if (entity.LastWrite is { } unsaved)
        {
            entity.Unanswered++;
            unsaved.Hold(ask, reply);
            foreach (var copy in flight?.Copies ?? [])
            {
                entity.Unanswered++;
                unsaved.Hold(copy, reply);
            }

            return;
        }

        if (ask.IsConfirmed && clock.MayServe)
        {
            ConfirmationMachine.Wait(shard, entity, ask, reply, effects);
            return;
        }

        Answer(ask, reply, clock, effects);
        foreach (var copy in flight?.Copies ?? [])
        {
            Answer(copy, reply, clock, effects);
        }
    }

    private static CommandContext ContextOf(EntityState entity, ShardInput.Ask ask, DateTimeOffset at) =>
        new(entity.Key.Id, entity.Version, ask.ActingUser, at);

    /// <summary>Asks the kind, within what the engine allows.</summary>
    /// <param name="isFault">The kind's code failed: no answer of the entity, so not one to be remembered.</param>
    private static EntityDecision Judge(
        ShardState shard, EntityState entity, ShardInput.Ask ask, DateTimeOffset at, out ReplyStatus status, out bool isFault)
    {
        isFault = false;
        status = ReplyStatus.Refused;
        var state = entity.Current!;
        if (ask.Precondition is { } precondition)
        {
            return new EntityDecision(state, [], precondition);
        }

        if (ask.ExpectedVersion is { } expected && expected != entity.Version)
        {
            status = ReplyStatus.VersionMismatch;
            return new EntityDecision(state, [], new Refusal("version/mismatch", $"The entity is at version {entity.Version}, not at {expected}."));
        }

        EntityDecision decision;
        try
        {
            decision = entity.Kind.Decide(state, ask.Command, ContextOf(entity, ask, at));
        }
        catch (Exception fault)
        {
            // Pure code of the kind failed: nothing has changed, and one command must not stop its neighbours.
            isFault = true;
            return new EntityDecision(state, [], new Refusal("entity/failed", $"{fault.GetType().Name}: {fault.Message}"));
        }

        if (decision.Events.Count == 0)
        {
            status = decision.Refusal is not null ? ReplyStatus.Refused
                : ask.IsRead ? ReplyStatus.Accepted
                : ReplyStatus.Unchanged;
            return decision;
        }

        if (ask.IsRead)
        {
            isFault = true;
            return new EntityDecision(state, [], new Refusal("entity/failed", "A read must not yield events."));
        }

        foreach (var happened in decision.Events)
        {
            if (happened.Payload.Length > shard.Options.EventBytes)
            {
                return new EntityDecision(state, [], new Refusal(
                    "request/too-large", $"The event {happened.EventType} takes {happened.Payload.Length} bytes; {shard.Options.EventBytes} are allowed."));
            }
        }

        status = ReplyStatus.Accepted;
        return decision;
    }

    private static void WriteEvents(
        ShardState shard, EntityState entity, ShardInput.Ask ask, CommandFlight flight, in EntityDecision decision, DateTimeOffset at,
        List<ShardEffect> effects)
    {
        var created = entity.Version == 0;
        flight.Answer = created ? StoredAnswer.CreatedAnswer : StoredAnswer.Accepted;
        flight.Reply = new EntityReply(
            ReplyStatus.Accepted, "", "", entity.Version + decision.Events.Count, created, false,
            new StateBody(entity.Kind, decision.NewState, entity.Key.Id, entity.Version + decision.Events.Count));
        var events = new JournalEvent[decision.Events.Count];
        var bytes = 0;
        for (var index = 0; index < events.Length; index++)
        {
            var happened = decision.Events[index];
            var isLast = index == events.Length - 1;
            bytes += happened.Payload.Length + RowOverheadBytes;
            events[index] = new JournalEvent(
                shard.Shard, shard.NextPosition++, shard.Epoch, entity.Key, ++entity.Version, happened.EventType, happened.Payload,
                ask.CommandId, isLast ? ask.Hash : default,
                isLast ? flight.Answer.Encode() : ReadOnlyMemory<byte>.Empty, at);
        }

        entity.Current = decision.NewState;
        entity.LastAt = at;
        var write = new ShardWrite(shard.NextToken++, shard.Generation, entity)
        {
            Events = events,
            Flight = flight,
            Bytes = bytes,
        };
        entity.LastWrite = write;
        Append(shard, write, effects);
        if (entity.Version - entity.SnapshotVersion >= entity.Kind.SnapshotEvery)
        {
            WriteSnapshot(shard, entity, events[^1].Position, at, effects);
        }
    }

    /// <summary>Right behind the event it includes, in the same or a later slice: never ahead of the journal.</summary>
    private static void WriteSnapshot(ShardState shard, EntityState entity, long position, DateTimeOffset at, List<ShardEffect> effects)
    {
        entity.SnapshotVersion = entity.Version;
        var payload = entity.Kind.WriteSnapshot(entity.Current!);
        Append(
            shard,
            new ShardWrite(shard.NextToken++, shard.Generation, entity)
            {
                Snapshot = new EntitySnapshot(entity.Key, entity.Version, position, entity.Kind.StateVersion, payload, at),
                Bytes = payload.Length + RowOverheadBytes,
            },
            effects);
    }

    private static void WriteResult(
        ShardState shard, EntityState entity, ShardInput.Ask ask, CommandFlight flight, EntityReply reply, DateTimeOffset at,
        List<ShardEffect> effects)
    {
        flight.Answer = new StoredAnswer(reply.Status, false, reply.Code, reply.Detail);
        flight.Reply = reply;
        var encoded = flight.Answer.Encode();
        Append(
            shard,
            new ShardWrite(shard.NextToken++, shard.Generation, entity)
            {
                Result = new StoredResult(entity.Key, ask.CommandId, ask.Hash, entity.Version, encoded, at),
                Flight = flight,
                Bytes = encoded.Length + RowOverheadBytes,
            },
            effects);
    }

    private static void Append(ShardState shard, ShardWrite write, List<ShardEffect> effects)
    {
        shard.Unsaved.Enqueue(write);
        write.Entity.UnsavedWrites++;
        effects.Add(ShardEffect.Append(write));
    }

    private static void AnswerAgain(
        EntityState entity, ShardInput.Ask ask, in RememberedCommand remembered, in ShardClock clock, List<ShardEffect> effects) =>
        Answer(ask, Repeat(entity, ask, remembered), clock, effects);

    /// <summary>An answer that shows only durable state: it may leave as long as this process may serve.</summary>
    private static void Answer(ShardInput.Ask ask, EntityReply reply, in ShardClock clock, List<ShardEffect> effects) =>
        effects.Add(ShardEffect.Complete(ask, clock.MayServe ? AskOutcome.Answered(reply) : AskOutcome.NotOwner));

    /// <summary>The first answer again: status, code and version; the state only if the entity is still, durably, at that version.</summary>
    private static EntityReply Repeat(EntityState entity, ShardInput.Ask ask, in RememberedCommand remembered)
    {
        if (!ask.Hash.IsEmpty && !remembered.Hash.IsEmpty && ask.Hash != remembered.Hash)
        {
            return new EntityReply(
                ReplyStatus.PayloadDiffers, "idempotency/payload-differs", "This key was used for another command.",
                remembered.Version, false, false, null);
        }

        var answer = remembered.Answer;
        var showsState = answer.Status is ReplyStatus.Accepted or ReplyStatus.Unchanged
            && entity.Version == remembered.Version && entity.LastWrite is null && entity.Current is not null;
        return new EntityReply(
            answer.Status, answer.Code, answer.Detail, remembered.Version, answer.Created, true,
            showsState ? new StateBody(entity.Kind, entity.Current!, entity.Key.Id, entity.Version) : null);
    }

    private static void Land(EntityState entity, Guid commandId, CommandFlight flight)
    {
        if (entity.Flights is not null && entity.Flights.Remove(commandId))
        {
            entity.Unanswered -= flight.Count;
        }
    }

    private static void CompleteAll(CommandFlight flight, AskOutcome outcome, List<ShardEffect> effects)
    {
        effects.Add(ShardEffect.Complete(flight.First, outcome));
        foreach (var copy in flight.Copies ?? [])
        {
            effects.Add(ShardEffect.Complete(copy, outcome));
        }
    }

    /// <summary>Never before the entity's latest event.</summary>
    private static DateTimeOffset TimeOf(EntityState entity, in ShardClock clock)
    {
        // The store keeps microseconds; what is decided on must be what is read back.
        var wall = new DateTimeOffset(clock.Wall.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        return wall > entity.LastAt ? wall : entity.LastAt;
    }
}
