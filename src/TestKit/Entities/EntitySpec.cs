using System.Runtime.CompilerServices;
using AkkaScale.Entities;

namespace AkkaScale.TestKit.Entities;

/// <summary>Specs of one entity of a kind, without a cluster: given what happened, when a command comes, then this follows.</summary>
/// <example><code>
/// EntitySpec.For(kind)
///     .Given(new ItemAdded("pear"))
///     .When(new AddItem("apple"))
///     .Then(new ItemAdded("apple"))
///     .ThenState(cart => cart.Items.Length == 2);
/// </code></example>
public static class EntitySpec
{
    public static EntitySpec<TState, TCommand, TEvent> For<TState, TCommand, TEvent>(EntityKind<TState, TCommand, TEvent> kind)
        where TState : class
        where TCommand : class
        where TEvent : class => new(kind);
}

/// <summary>
/// One entity's story so far. Every step also checks what every kind must keep: deciding twice comes to the same, neither function
/// changes what it is given, commands, events and states survive their JSON, and folding the journal anew gives the state in memory.
/// Every method throws <see cref="SpecFailedException"/> when what it states does not hold.
/// </summary>
public sealed class EntitySpec<TState, TCommand, TEvent>
    where TState : class
    where TCommand : class
    where TEvent : class
{
    private readonly EntityKind<TState, TCommand, TEvent> _kind;
    private readonly KindContract<TState, TCommand, TEvent> _contract;
    private readonly SpecStory _story;
    private readonly List<StoredEvent<TEvent>> _journal = [];
    private readonly List<(Func<TState, bool> Holds, string Words)> _always = [];
    private string _id = "entity-1";
    private string _actingUser = "";
    private DateTimeOffset _time = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private TState _state;
    private Decision<TEvent>? _decision;

    internal EntitySpec(EntityKind<TState, TCommand, TEvent> kind)
    {
        _kind = kind;
        _state = kind.Initial;
        _story = new SpecStory(kind.Name);
        _contract = new KindContract<TState, TCommand, TEvent>(kind, _story);
    }

    /// <summary>The state after everything so far.</summary>
    public TState State => _state;

    /// <summary>The entity's sequence number.</summary>
    public long Version => _journal.Count;

    /// <summary>The entity's id from here on; to be called before anything has happened. "entity-1" if never called.</summary>
    public EntitySpec<TState, TCommand, TEvent> WithId(string id)
    {
        _id = _journal.Count == 0 ? id : throw new InvalidOperationException("An entity with events keeps its id: call WithId first.");
        _story.Tell($"Id {id}");
        return this;
    }

    /// <summary>Who acts in the commands that follow; nobody if never called.</summary>
    public EntitySpec<TState, TCommand, TEvent> As(string actingUser)
    {
        _actingUser = actingUser;
        _story.Tell($"As {actingUser}");
        return this;
    }

    /// <summary>The time of what follows; the first of January 2026 if never called. As in the cluster, it never goes back for an entity.</summary>
    public EntitySpec<TState, TCommand, TEvent> At(DateTimeOffset time)
    {
        _time = time > _time || _journal.Count == 0 ? time : _time;
        _story.Tell($"At {_time:O}");
        return this;
    }

    /// <summary>Lets time pass before what follows.</summary>
    public EntitySpec<TState, TCommand, TEvent> After(TimeSpan time) => At(_time + time);

    /// <summary>States something that holds now and after every event from here on.</summary>
    public EntitySpec<TState, TCommand, TEvent> Always(
        Func<TState, bool> holds, [CallerArgumentExpression(nameof(holds))] string words = "")
    {
        _always.Add((holds, words));
        _story.Tell($"Always {words}");
        CheckAlways();
        return this;
    }

    /// <summary>What has happened to the entity; read from its JSON, as from the journal, old versions of events included.</summary>
    public EntitySpec<TState, TCommand, TEvent> Given(params TEvent[] events)
    {
        foreach (var happened in events)
        {
            _story.Tell($"Given {SpecStory.OneLine(happened)}");
            var stored = _contract.Store(happened, new EventContext(_id, Version + 1, _time));
            _state = _contract.Fold(_state, stored);
            _journal.Add(stored);
            CheckAlways();
        }

        _decision = null;
        return this;
    }

    /// <summary>A command comes. What it comes to is told by the next calls; a further When goes on from there.</summary>
    public EntitySpec<TState, TCommand, TEvent> When(TCommand command)
    {
        _story.Tell($"When {SpecStory.OneLine(command)}");
        _contract.CheckCommand(command);
        var decision = _contract.Decide(_state, command, new CommandContext(_id, Version, _actingUser, _time));
        foreach (var happened in decision.Events)
        {
            var stored = _contract.Store(happened, new EventContext(_id, Version + 1, _time));
            _state = _contract.Evolve(_state, happened, stored.Context);
            _journal.Add(stored);
            CheckAlways();
        }

        _contract.CheckSnapshot(_state);
        _contract.CheckReplay(_journal, _state);
        _decision = decision;
        return this;
    }

    /// <summary>Exactly these events, in this order, compared by their public members.</summary>
    public EntitySpec<TState, TCommand, TEvent> Then(params TEvent[] events)
    {
        var decision = Decided();
        var (expected, actual) = (Text(events), Outcome(decision));
        if (expected != actual)
        {
            throw _story.Failed($"Expected other events (- expected, + actual):\n{TextDifference.Between(expected, actual)}");
        }

        return Told($"Then {string.Join(", ", events.Select(SpecStory.OneLine))}");
    }

    /// <summary>The command is refused under this code, and nothing happens.</summary>
    public EntitySpec<TState, TCommand, TEvent> ThenRefused(string code)
    {
        var decision = Decided();
        if (decision.Refusal?.Code != code)
        {
            throw _story.Failed($"Expected a refusal with code \"{code}\", but it came to:\n{Indented(Outcome(decision))}");
        }

        return Told($"Then refused: {code}");
    }

    /// <summary>The command is accepted, and nothing had to change.</summary>
    public EntitySpec<TState, TCommand, TEvent> ThenUnchanged()
    {
        var decision = Decided();
        if (decision.Refusal is not null || decision.Events.Count > 0)
        {
            throw _story.Failed($"Expected that nothing changes, but it came to:\n{Indented(Outcome(decision))}");
        }

        return Told("Then unchanged");
    }

    /// <summary>The state now satisfies this.</summary>
    public EntitySpec<TState, TCommand, TEvent> ThenState(
        Func<TState, bool> holds, [CallerArgumentExpression(nameof(holds))] string words = "")
    {
        if (!holds(_state))
        {
            throw _story.Failed($"The state does not satisfy {words}. It is:\n{Indented(ObjectText.Of(_state))}");
        }

        return Told($"Then state: {words}");
    }

    /// <summary>The state now is this one, compared by public members.</summary>
    public EntitySpec<TState, TCommand, TEvent> ThenState(TState expected)
    {
        var (wanted, actual) = (ObjectText.Of(expected), ObjectText.Of(_state));
        if (wanted != actual)
        {
            throw _story.Failed($"The state is another (- expected, + actual):\n{TextDifference.Between(wanted, actual)}");
        }

        return Told("Then the state is as expected");
    }

    private Decision<TEvent> Decided() =>
        _decision ?? throw new InvalidOperationException("Then follows a When: no command has come since the beginning or the last Given.");

    private EntitySpec<TState, TCommand, TEvent> Told(string line)
    {
        _story.Tell(line);
        return this;
    }

    private void CheckAlways()
    {
        foreach (var (holds, words) in _always)
        {
            if (!holds(_state))
            {
                throw _story.Failed($"It should always hold that {words}. At version {Version} the state is:\n{Indented(ObjectText.Of(_state))}");
            }
        }
    }

    private static string Outcome(Decision<TEvent> decision) => decision.Refusal is { } refusal
        ? $"refused: {refusal.Code} ({refusal.Detail})"
        : decision.Events.Count == 0 ? "unchanged" : Text(decision.Events);

    private static string Text(IReadOnlyList<TEvent> events) => events.Count == 0 ? "unchanged" : string.Join('\n', events.Select(ObjectText.Of));

    private static string Indented(string text) => $"    {text.Replace("\n", "\n    ")}";
}
