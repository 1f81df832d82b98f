using AkkaScale.Entities;
using AkkaScale.Sharding.Events;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Entities;

/// <summary>One entity's step: deduplicate, decide, fold, write, answer.</summary>
/// <remarks>
/// <para>The order of checks matters: a retry must meet the memory of its first answer before any precondition, expected version or rule,
/// else it would get another answer.</para>
/// <para>The next command is decided on the state that the last one left, while that one is still being written. So nothing that depends
/// on a write may leave before it is durable: answers wait with the newest write there was when they were decided.</para>
/// <para>A write's own answer may leave whatever the time: the write was fenced. Any other only while this process may serve; else
/// another process may own the entity and have changed it. That goes for those that waited for a write too: it may have been committed
/// long before they came, and this process have been stopped in between. No write is begun meanwhile: until the database answers again
/// its caller would not know what became of it.</para>
/// </remarks>
internal static class EntityMachine
{
    public static void Step(EntityState state, EntityInput input, in EntityClock clock, List<EntityEffect> effects)
    {
        if (state.HasEnded)
        {
            if (input is EntityInput.Ask late)
            {
                effects.Add(new EntityEffect.Tell(late.Asked, EntityOutcome.NotServed));
            }

            return;
        }

        switch (input)
        {
            case EntityInput.Ask(var asked):
                OnAsk(state, asked, clock, effects);
                break;
            case EntityInput.Durable(var write):
                OnDurable(state, write, clock, effects);
                break;
            case EntityInput.LookedUp looked:
                OnLookedUp(state, looked, clock, effects);
                break;
            case EntityInput.Confirmed confirmed:
                ConfirmationMachine.OnConfirmed(state, confirmed, clock, effects);
                break;
            case EntityInput.Stop:
                state.IsStopping = true;
                LeaveUndecided(state, effects);
                break;
            case EntityInput.Ended(var detail):
                OnEnded(state, detail, effects);
                return;
        }

        if (state.IsStopping && state.Writes.Count == 0)
        {
            state.HasEnded = true;
            effects.Add(new EntityEffect.Stop());
        }
    }

    private static void OnAsk(EntityState state, WaitingAsk asked, in EntityClock clock, List<EntityEffect> effects)
    {
        if (state.IsStopping)
        {
            effects.Add(new EntityEffect.Tell(asked, EntityOutcome.NotServed));
            return;
        }

        if (state.Unanswered >= state.Options.MailboxLimit)
        {
            effects.Add(new EntityEffect.Tell(asked, EntityOutcome.Overloaded("the entity's mailbox is full")));
            return;
        }

        state.Unanswered++;
        if (asked.Ask.IsRead)
        {
            DecideInTime(state, asked, null, clock, effects);
            return;
        }

        // 1. Commands in flight: a copy waits for the same answer.
        var ask = asked.Ask;
        if (state.Flights.TryGetValue(ask.CommandId, out var flight))
        {
            flight.AddCopy(asked);
            return;
        }

        // 2. Commands answered lately.
        if (state.Memory.TryFind(ask.CommandId, out var remembered))
        {
            Answer(state, asked, Repeat(state, ask, remembered), clock, effects);
            return;
        }

        var fresh = new CommandFlight(asked);
        state.Flights.Add(ask.CommandId, fresh);

        // 3. Only if the memory has holes and a copy may exist: the journal.
        if (state.Memory.IsTruncated && ask.MayHaveCopies)
        {
            effects.Add(new EntityEffect.LookUp(ask.CommandId));
            return;
        }

        DecideInTime(state, asked, fresh, clock, effects);
    }

    private static void OnLookedUp(EntityState state, EntityInput.LookedUp looked, in EntityClock clock, List<EntityEffect> effects)
    {
        if (!state.Flights.TryGetValue(looked.CommandId, out var flight) || flight.Reply is not null)
        {
            return;
        }

        if (looked.Failure is { } failure)
        {
            Land(state, flight);
            TellAll(state, flight, EntityOutcome.StoreUnavailable(failure), effects);
            return;
        }

        if (looked.Found is { } found)
        {
            Land(state, flight);
            foreach (var asked in flight.All)
            {
                Answer(state, asked, Repeat(state, asked.Ask, found), clock, effects);
            }

            return;
        }

        DecideInTime(state, flight.First, flight, clock, effects);
    }

    private static void OnDurable(EntityState state, EntityWrite write, in EntityClock clock, List<EntityEffect> effects)
    {
        if (!state.Writes.TryDequeue(out var oldest) || !ReferenceEquals(oldest, write))
        {
            throw new InvalidOperationException($"A write of {state.Key} was confirmed before the one ahead of it.");
        }

        if (ReferenceEquals(state.LastWrite, write))
        {
            state.LastWrite = null;
        }

        state.Durable = write.State;
        state.DurableVersion = write.Version;
        var flight = write.Flight;
        var remembered = new RememberedCommand(flight.First.Ask.CommandId, flight.First.Ask.Hash, flight.Reply!.Version, flight.Answer!);
        state.Memory.Add(remembered, state.Options.RememberedCommands);
        Land(state, flight);
        Tell(state, flight.First, EntityOutcome.Answered(flight.Reply), effects);
        foreach (var copy in flight.Copies ?? [])
        {
            Tell(state, copy, EntityOutcome.Answered(Repeat(state, copy.Ask, remembered)), effects);
        }

        foreach (var (asked, reply) in write.Held ?? [])
        {
            Answer(state, asked, reply, clock, effects);
        }

        state.RowsSinceSnapshot += write.Rows.Count;
        SaveSnapshot(state, write.At, effects);
    }

    /// <summary>
    /// Of what is durable, so never ahead of the journal, however many writes are still under way. Rows count, not versions: a recovery
    /// reads the answers without events as well.
    /// </summary>
    private static void SaveSnapshot(EntityState state, DateTimeOffset at, List<EntityEffect> effects)
    {
        if (state.RowsSinceSnapshot < state.Kind.SnapshotEvery)
        {
            return;
        }

        state.RowsSinceSnapshot = 0;
        effects.Add(new EntityEffect.SaveSnapshot(new EntityMemorySnapshot(
            state.Kind.Name, state.DurableVersion, at, state.Durable, state.Memory.ToArray(), state.Memory.IsTruncated)));
    }

    /// <summary>What is being written may have taken effect; nothing else has.</summary>
    private static void OnEnded(EntityState state, string detail, List<EntityEffect> effects)
    {
        state.HasEnded = true;
        foreach (var write in state.Writes)
        {
            Land(state, write.Flight);
            TellAll(state, write.Flight, EntityOutcome.Unknown(detail), effects);
            foreach (var (asked, _) in write.Held ?? [])
            {
                Tell(state, asked, EntityOutcome.NotServed, effects);
            }
        }

        state.Writes.Clear();
        state.LastWrite = null;
        LeaveUndecided(state, effects);
    }

    private static void LeaveUndecided(EntityState state, List<EntityEffect> effects)
    {
        ConfirmationMachine.Abandon(state, effects);
        foreach (var flight in state.Flights.Values.Where(flight => flight.Reply is null).ToArray())
        {
            Land(state, flight);
            TellAll(state, flight, EntityOutcome.NotServed, effects);
        }
    }

    private static void DecideInTime(
        EntityState state, WaitingAsk asked, CommandFlight? flight, in EntityClock clock, List<EntityEffect> effects)
    {
        var now = clock.Now;
        var isInTime = flight is null ? now < asked.Ask.Deadline : flight.All.Any(each => now < each.Ask.Deadline);
        if (isInTime && (flight is null || clock.MayServe))
        {
            Decide(state, asked, flight, clock, effects);
            return;
        }

        // A write that is begun past this process's deadline would leave its caller in doubt for as long as the database is away.
        var outcome = isInTime ? EntityOutcome.NotServed : EntityOutcome.Expired;
        if (flight is null)
        {
            Tell(state, asked, outcome, effects);
            return;
        }

        Land(state, flight);
        TellAll(state, flight, outcome, effects);
    }

    private static void Decide(EntityState state, WaitingAsk asked, CommandFlight? flight, in EntityClock clock, List<EntityEffect> effects)
    {
        var at = TimeOf(state, clock);
        var verdict = EntityJudge.Judge(state, asked.Ask, at);
        if (verdict.Events.Count > 0)
        {
            WriteEvents(state, asked.Ask, flight!, verdict, at, effects);
            return;
        }

        var reply = new EntityReply(
            verdict.Status, verdict.Refusal?.Code ?? "", verdict.Refusal?.Detail ?? "", state.Version, false, false,
            verdict.Refusal is null ? new StateBody(state.Kind, state.Current, state.Key.Id, state.Version) : null);

        // An answer without events is stored when a copy may wait elsewhere: it must not take effect after this answer.
        if (flight is not null && asked.Ask.MayHaveCopies && !verdict.IsFault)
        {
            WriteAnswer(state, asked.Ask, flight, reply, at, effects);
            return;
        }

        if (flight is not null)
        {
            Land(state, flight);
        }

        foreach (var each in flight?.All ?? [asked])
        {
            if (state.LastWrite is { } unsaved)
            {
                unsaved.Hold(each, reply);
            }
            else
            {
                Answer(state, each, reply, clock, effects);
            }
        }
    }

    private static void WriteEvents(
        EntityState state, EntityAsk ask, CommandFlight flight, in EntityVerdict verdict, DateTimeOffset at, List<EntityEffect> effects)
    {
        var answer = state.Version == 0 ? StoredAnswer.CreatedAnswer : StoredAnswer.Accepted;
        var rows = new object[verdict.Events.Count];
        for (var index = 0; index < rows.Length; index++)
        {
            var happened = verdict.Events[index];
            state.Version++;
            rows[index] = new EntityEvent(state.Kind.Name, happened.EventType, happened.Payload, state.Version, at)
            {
                Answered = index == rows.Length - 1 ? new RememberedCommand(ask.CommandId, ask.Hash, state.Version, answer) : null,
            };
        }

        state.Current = verdict.NewState;
        var body = new StateBody(state.Kind, state.Current, state.Key.Id, state.Version);
        flight.Decide(new EntityReply(ReplyStatus.Accepted, "", "", state.Version, answer.Created, false, body), answer);
        Write(state, flight, rows, at, effects);
    }

    private static void WriteAnswer(
        EntityState state, EntityAsk ask, CommandFlight flight, EntityReply reply, DateTimeOffset at, List<EntityEffect> effects)
    {
        var answer = StoredAnswer.Of(reply);
        flight.Decide(reply with { Detail = answer.Detail }, answer);
        Write(state, flight, [new EntityAnswered(new RememberedCommand(ask.CommandId, ask.Hash, state.Version, answer), at)], at, effects);
    }

    private static void Write(EntityState state, CommandFlight flight, object[] rows, DateTimeOffset at, List<EntityEffect> effects)
    {
        state.LastAt = at;
        var write = new EntityWrite(flight, rows, state.Current, state.Version, at);
        state.Writes.Enqueue(write);
        state.LastWrite = write;
        effects.Add(new EntityEffect.Persist(write));
    }

    /// <summary>An answer that shows only what is durable.</summary>
    private static void Answer(EntityState state, WaitingAsk asked, EntityReply reply, in EntityClock clock, List<EntityEffect> effects)
    {
        if (!clock.MayServe)
        {
            Tell(state, asked, EntityOutcome.NotServed, effects);
        }
        else if (asked.Ask.IsConfirmed)
        {
            ConfirmationMachine.Wait(state, asked, reply, effects);
        }
        else
        {
            Tell(state, asked, EntityOutcome.Answered(reply), effects);
        }
    }

    /// <summary>
    /// The first answer again: status, code and version; the state only if the entity is still, durably, at that version.
    /// </summary>
    private static EntityReply Repeat(EntityState state, EntityAsk ask, in RememberedCommand remembered)
    {
        if (!ask.Hash.IsEmpty && !remembered.Hash.IsEmpty && ask.Hash != remembered.Hash)
        {
            return new EntityReply(
                ReplyStatus.PayloadDiffers, "idempotency/payload-differs",
                "The same key came with another command, body or If-Match before.", state.DurableVersion, false, false, null);
        }

        var answer = remembered.Answer;
        var showsState = answer.Status is ReplyStatus.Accepted or ReplyStatus.Unchanged && state.DurableVersion == remembered.Version;
        return new EntityReply(
            answer.Status, answer.Code, answer.Detail, remembered.Version, answer.Created, true,
            showsState ? new StateBody(state.Kind, state.Durable, state.Key.Id, state.DurableVersion) : null);
    }

    private static void Land(EntityState state, CommandFlight flight) => state.Flights.Remove(flight.First.Ask.CommandId);

    private static void Tell(EntityState state, WaitingAsk asked, EntityOutcome outcome, List<EntityEffect> effects)
    {
        state.Unanswered--;
        effects.Add(new EntityEffect.Tell(asked, outcome));
    }

    private static void TellAll(EntityState state, CommandFlight flight, EntityOutcome outcome, List<EntityEffect> effects)
    {
        foreach (var asked in flight.All)
        {
            Tell(state, asked, outcome, effects);
        }
    }

    /// <summary>Never before the entity's latest row.</summary>
    private static DateTimeOffset TimeOf(EntityState state, in EntityClock clock)
    {
        // What is stored has microseconds; what is decided on must be what is read back.
        var wall = new DateTimeOffset(clock.Wall.UtcTicks / TimeSpan.TicksPerMicrosecond * TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
        return wall > state.LastAt ? wall : state.LastAt;
    }
}
