using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace AkkaScale.Entities;

/// <summary>Declares kinds of entities.</summary>
public static class EntityKind
{
    /// <summary>
    /// A kind from two pure functions. Commands and events carry their declared names in <see cref="JsonDerivedTypeAttribute"/> on the base
    /// types; a later version of an event is declared as "name@2". States must be immutable.
    /// </summary>
    /// <param name="json">Source-generated metadata of all types; null: by reflection.</param>
    /// <exception cref="ArgumentException">No name, or an event type without declared names.</exception>
    public static EntityKind<TState, TCommand, TEvent> Define<TState, TCommand, TEvent>(
        string name,
        TState initial,
        Func<TState, TCommand, CommandContext, Decision<TEvent>> decide,
        Func<TState, TEvent, EventContext, TState> evolve,
        JsonSerializerContext? json = null)
        where TState : class
        where TCommand : class
        where TEvent : class =>
        new(name, initial, decide, evolve, json?.Options ?? ReflectionOptions);

    /// <inheritdoc cref="Define{TState,TCommand,TEvent}(string,TState,Func{TState,TCommand,CommandContext,Decision{TEvent}},Func{TState,TEvent,EventContext,TState},JsonSerializerContext)"/>
    public static EntityKind<TState, TCommand, TEvent> Define<TState, TCommand, TEvent>(
        string name,
        TState initial,
        Func<TState, TCommand, Decision<TEvent>> decide,
        Func<TState, TEvent, TState> evolve,
        JsonSerializerContext? json = null)
        where TState : class
        where TCommand : class
        where TEvent : class =>
        new(name, initial, (state, command, _) => decide(state, command), (state, happened, _) => evolve(state, happened), json?.Options ?? ReflectionOptions);

    private static JsonSerializerOptions ReflectionOptions { get; } =
        new(JsonSerializerDefaults.Web) { TypeInfoResolver = new DefaultJsonTypeInfoResolver() };
}

/// <summary>A registered kind: pure functions and the JSON of their types.</summary>
public sealed class EntityKind<TState, TCommand, TEvent> : IEntityKind
    where TState : class
    where TCommand : class
    where TEvent : class
{
    private readonly Func<TState, TCommand, CommandContext, Decision<TEvent>> _decide;
    private readonly Func<TState, TEvent, EventContext, TState> _evolve;
    private readonly JsonTypeInfo<TState> _stateType;
    private readonly JsonTypeInfo<TCommand> _commandType;
    private readonly Dictionary<Type, EventDeclaration> _eventsByType = [];
    private readonly Dictionary<string, EventDeclaration> _eventsByName = new(StringComparer.Ordinal);
    private EntityKindRegistry? _kinds;

    internal EntityKind(
        string name,
        TState initial,
        Func<TState, TCommand, CommandContext, Decision<TEvent>> decide,
        Func<TState, TEvent, EventContext, TState> evolve,
        JsonSerializerOptions json)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Initial = initial;
        _decide = decide;
        _evolve = evolve;
        _stateType = (JsonTypeInfo<TState>)json.GetTypeInfo(typeof(TState));
        _commandType = (JsonTypeInfo<TCommand>)json.GetTypeInfo(typeof(TCommand));
        foreach (var declared in json.GetTypeInfo(typeof(TEvent)).PolymorphismOptions?.DerivedTypes ?? [])
        {
            if (declared.TypeDiscriminator is not string eventName)
            {
                throw new ArgumentException($"Event {declared.DerivedType.Name} of kind {name} has no declared name: give [JsonDerivedType(typeof(…), \"name\")].");
            }

            if (eventName.StartsWith('$'))
            {
                throw new ArgumentException($"Event {eventName} of kind {name}: names that start with $ are the engine's.");
            }

            var declaration = new EventDeclaration(eventName, json.GetTypeInfo(declared.DerivedType));
            _eventsByType.Add(declared.DerivedType, declaration);
            _eventsByName.Add(eventName, declaration);
        }

        if (_eventsByName.Count == 0)
        {
            throw new ArgumentException($"Kind {name} declares no event: give {typeof(TEvent).Name} a [JsonDerivedType(typeof(…), \"name\")] for each.");
        }
    }

    public string Name { get; }

    public TState Initial { get; }

    public int StateVersion { get; set; } = 1;

    public int SnapshotEvery { get; set; } = 100;

    /// <summary>
    /// The timers that a state wants set; called after each event. A timer is set, moved and cancelled by naming it, naming it with another time, and no longer
    /// naming it. The events of a firing's command are to lead to a state that no longer names it with this time: it does not fire twice.
    /// </summary>
    public Func<TState, IEnumerable<EntityTimer>>? Timers { get; set; }

    /// <summary>The command that a firing delivers, given the timer's name; needed with <see cref="Timers"/>. One that is refused or changes nothing
    /// ends the timer too.</summary>
    public Func<string, TCommand>? TimerCommand { get; set; }

    /// <summary>Whether an entity in this state is to be loaded again, without being asked, by whoever takes over its shard.</summary>
    public Func<TState, bool>? Remembers { get; set; }

    /// <summary>Turns an event of an old version into today's; others are returned as they are.</summary>
    public Func<TEvent, TEvent> Upcast { get; set; } = happened => happened;

    /// <summary>Writes what callers see of a state, given id and version; by default the state's own JSON.</summary>
    public Action<IBufferWriter<byte>, TState, string, long>? Reply { get; set; }

    /// <summary>
    /// What an event tells other entities, from the state before it, the event, and the entity's own id. Pure. The messages are written with the event and
    /// taken by their receivers exactly once, in order per receiver. A refusal by a receiver's rule is final and comes back to nobody: send what cannot
    /// be refused, or let the receiver answer by a message of its own.
    /// </summary>
    public Func<TState, TEvent, string, IEnumerable<EntityMessage>>? Messages { get; set; }

    object IEntityKind.InitialState => Initial;

    public bool Accepts(object command) => command is TCommand;

    public object ReadCommand(ReadOnlySequence<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        try
        {
            return JsonSerializer.Deserialize(ref reader, _commandType) ?? throw new JsonException("A command must not be null.");
        }
        catch (NotSupportedException unnamed)
        {
            // What the serializer throws for an abstract type without a declared name.
            throw new JsonException($"A command of kind {Name} names no declared type.", unnamed);
        }
    }

    public void WriteCommand(IBufferWriter<byte> output, object command)
    {
        using var writer = new Utf8JsonWriter(output);
        JsonSerializer.Serialize(writer, (TCommand)command, _commandType);
    }

    public EntityDecision Decide(object state, object command, in CommandContext context)
    {
        var decision = _decide((TState)state, (TCommand)command, context);
        if (decision.Events.Count == 0)
        {
            return new EntityDecision(state, [], decision.Refusal);
        }

        return Encode((TState)state, decision.Events, context);
    }

    public object Evolve(object state, string eventType, ReadOnlyMemory<byte> payload, in EventContext context) =>
        _evolve((TState)state, Upcast(ReadEvent(eventType, payload)), context);

    /// <summary>The user's function itself, for specs of a kind.</summary>
    internal Decision<TEvent> DecideTyped(TState state, TCommand command, in CommandContext context) => _decide(state, command, context);

    /// <inheritdoc cref="DecideTyped"/>
    internal TState EvolveTyped(TState state, TEvent happened, in EventContext context) => _evolve(state, happened, context);

    /// <exception cref="InvalidOperationException">The event's type has no declared name.</exception>
    internal EncodedEvent WriteEvent(TEvent happened)
    {
        var declaration = Declared(happened);
        return new EncodedEvent(declaration.Name, JsonSerializer.SerializeToUtf8Bytes(happened, declaration.Type));
    }

    /// <summary>As it was written: not yet upcast.</summary>
    /// <exception cref="JsonException">An unknown name or an unreadable payload.</exception>
    internal TEvent ReadEvent(string eventType, ReadOnlyMemory<byte> payload) => _eventsByName.TryGetValue(eventType, out var declaration)
        ? (TEvent?)JsonSerializer.Deserialize(payload.Span, declaration.Type) ?? throw new JsonException($"Event {eventType} of kind {Name} is null.")
        : throw new JsonException($"Kind {Name} does not know event {eventType}.");

    public IReadOnlyList<EntityTimer> TimersOf(object state) => Timers is null ? [] : EntityTimer.Checked(Name, Timers((TState)state));

    object IEntityKind.TimerCommand(string name) => TimerCommand?.Invoke(name)
        ?? throw new InvalidOperationException($"Kind {Name} gives no command for timer {name}: set TimerCommand.");

    public bool IsRemembered(object state) => Remembers?.Invoke((TState)state) ?? false;

    public byte[] WriteSnapshot(object state) => JsonSerializer.SerializeToUtf8Bytes((TState)state, _stateType);

    public object ReadSnapshot(ReadOnlyMemory<byte> payload) =>
        JsonSerializer.Deserialize(payload.Span, _stateType) ?? throw new JsonException($"A snapshot of kind {Name} is null.");

    public void WriteReply(IBufferWriter<byte> output, object state, string entityId, long version)
    {
        if (Reply is not null)
        {
            Reply(output, (TState)state, entityId, version);
            return;
        }

        using var writer = new Utf8JsonWriter(output);
        JsonSerializer.Serialize(writer, (TState)state, _stateType);
    }

    public void FindReceiversIn(EntityKindRegistry kinds) => _kinds = kinds;

    private EntityDecision Encode(TState state, IReadOnlyList<TEvent> events, in CommandContext context)
    {
        var next = state;
        var version = context.Version;
        var encoded = new EncodedEvent[events.Count];
        var messages = Messages is null ? null : new MessageEncoder(Name, _kinds);
        for (var index = 0; index < encoded.Length; index++)
        {
            var happened = events[index];
            messages?.Add(index, Messages!(next, happened, context.EntityId));
            next = _evolve(next, happened, new EventContext(context.EntityId, ++version, context.At));
            encoded[index] = WriteEvent(happened) with { Timers = TimersOf(next) };
        }

        // Without an event there was nothing to remember, whatever the initial state says.
        var wasRemembered = context.Version > 0 && IsRemembered(state);
        var isRemembered = IsRemembered(next);
        return new EntityDecision(next, encoded, null)
        {
            Messages = messages?.Encoded ?? [],
            Remembered = wasRemembered == isRemembered ? null : isRemembered,
        };
    }

    private EventDeclaration Declared(TEvent happened) => _eventsByType.TryGetValue(happened.GetType(), out var found)
        ? found
        : throw new InvalidOperationException($"Event {happened.GetType().Name} of kind {Name} has no declared name.");

    private sealed record EventDeclaration(string Name, JsonTypeInfo Type);
}
