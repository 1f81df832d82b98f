using System.Buffers;
using AkkaScale.Entities;

namespace AkkaScale.TestKit.Entities;

/// <summary>
/// What every kind must keep, checked at every step of a spec. Break one of these, and an entity is another one after a crash,
/// a move or a passivation than it was before.
/// </summary>
internal sealed class KindContract<TState, TCommand, TEvent>(EntityKind<TState, TCommand, TEvent> kind, SpecStory story)
    where TState : class
    where TCommand : class
    where TEvent : class
{
    /// <summary>Commands travel between nodes as JSON.</summary>
    public void CheckCommand(TCommand command)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var read = Try($"Command {command.GetType().Name} does not survive its JSON", () =>
        {
            kind.WriteCommand(bytes, command);
            return kind.ReadCommand(new ReadOnlySequence<byte>(bytes.WrittenMemory));
        });
        Same(ObjectText.Of(command), ObjectText.Of(read), $"Command {command.GetType().Name} is another one after its JSON (- before, + after)");
    }

    /// <summary>Decides twice, at two readings of the machine's clock, and compares.</summary>
    public Decision<TEvent> Decide(TState state, TCommand command, in CommandContext context)
    {
        var before = ObjectText.Of(state);
        var decision = DecideOnce(state, command, context);
        var first = Outcome(decision);
        var now = DateTime.UtcNow;
        SpinWait.SpinUntil(() => DateTime.UtcNow != now);
        var second = Outcome(DecideOnce(state, command, context));
        Same(first, second,
            "Decide came to something else the second time (- first, + second): it must depend on state, command and context alone, time and chance included");
        Same(before, ObjectText.Of(state), "Decide has changed the state it was given (- before, + after): states must be immutable");
        return decision;
    }

    /// <summary>Events lie in the journal as JSON, under their declared names.</summary>
    public StoredEvent<TEvent> Store(TEvent happened, in EventContext context)
    {
        var name = happened.GetType().Name;
        var (encoded, read) = Try($"Event {name} does not survive its JSON", () =>
        {
            var written = kind.WriteEvent(happened);
            return (written, kind.ReadEvent(written.EventType, written.Payload));
        });
        Same(ObjectText.Of(happened), ObjectText.Of(read), $"Event {name} is another one after its JSON (- before, + after)");
        return new StoredEvent<TEvent>(happened, encoded, context);
    }

    /// <summary>As is done with an event that was decided just now.</summary>
    public TState Evolve(TState state, TEvent happened, EventContext context)
    {
        var before = ObjectText.Of(state);
        var next = Try($"Evolve failed for {happened.GetType().Name}", () => kind.EvolveTyped(state, happened, context));
        Same(before, ObjectText.Of(state), $"Evolve has changed the state it was given by {happened.GetType().Name} (- before, + after): states must be immutable");
        return next;
    }

    /// <summary>As recovery does.</summary>
    public TState Fold(TState state, StoredEvent<TEvent> stored)
    {
        var before = ObjectText.Of(state);
        var next = Try(
            $"Evolve failed for {stored.Encoded.EventType}",
            () => (TState)kind.Evolve(state, stored.Encoded.EventType, stored.Encoded.Payload, stored.Context));
        Same(before, ObjectText.Of(state), $"Evolve has changed the state it was given by {stored.Encoded.EventType} (- before, + after): states must be immutable");
        return next;
    }

    /// <summary>States are stored as snapshots.</summary>
    public void CheckSnapshot(TState state)
    {
        var read = Try("The state does not survive its snapshot", () => kind.ReadSnapshot(kind.WriteSnapshot(state)));
        Same(ObjectText.Of(state), ObjectText.Of(read), "The state is another one after its snapshot (- before, + after)");
    }

    /// <summary>Who takes over folds the journal from the start.</summary>
    public void CheckReplay(IEnumerable<StoredEvent<TEvent>> journal, TState state)
    {
        var folded = journal.Aggregate(kind.Initial, Fold);
        Same(
            ObjectText.Of(state), ObjectText.Of(folded),
            "Folding the journal anew gives another state (- in memory, + folded): Evolve must depend on state, event and context alone");
    }

    private Decision<TEvent> DecideOnce(TState state, TCommand command, CommandContext context) =>
        Try("Decide failed; say no with a Refusal", () => kind.DecideTyped(state, command, context));

    private string Outcome(Decision<TEvent> decision) => decision.Refusal is { } refusal
        ? ObjectText.Of(refusal)
        : string.Join('\n', decision.Events.Select(ObjectText.Of));

    private void Same(string expected, string actual, string what)
    {
        if (expected != actual)
        {
            throw story.Failed($"{what}:\n{TextDifference.Between(expected, actual)}");
        }
    }

    private T Try<T>(string what, Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception cause) when (cause is not SpecFailedException)
        {
            throw story.Failed($"{what}: {cause.GetType().Name}: {cause.Message}", cause);
        }
    }
}
