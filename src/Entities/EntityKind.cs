using System.Buffers;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using System.Text.RegularExpressions;

namespace AkkaScale.Entities;

/// <summary>Declares kinds of entities.</summary>
public static partial class EntityKind
{
    /// <summary>
    /// A kind from two pure functions. Commands and events carry their declared names in <see cref="JsonDerivedTypeAttribute"/> on the base
    /// types; a later version of an event is declared as "name@2". States must be immutable.
    /// </summary>
    /// <param name="json">Source-generated metadata of all types; null: by reflection.</param>
    /// <exception cref="ArgumentException">A name that is not <c>[a-z][a-z0-9]*</c>, or an event type without declared names.</exception>
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

    /// <summary>Kinds are parts of persistence ids, shard names and paths, whose other parts are set off by "-" and "/".</summary>
    [GeneratedRegex("^[a-z][a-z0-9]*\\z")]
    internal static partial Regex NamePattern { get; }

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

    internal EntityKind(
        string name,
        TState initial,
        Func<TState, TCommand, CommandContext, Decision<TEvent>> decide,
        Func<TState, TEvent, EventContext, TState> evolve,
        JsonSerializerOptions json)
    {
        Name = EntityKind.NamePattern.IsMatch(name)
            ? name
            : throw new ArgumentException($"'{name}' cannot be the name of a kind: give a letter a to z, then letters a to z and digits.");
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

    /// <summary>Turns an event of an old version into today's; others are returned as they are.</summary>
    public Func<TEvent, TEvent> Upcast { get; set; } = happened => happened;

    /// <summary>Writes what callers see of a state, given id and version; by default the state's own JSON.</summary>
    public Action<IBufferWriter<byte>, TState, string, long>? Reply { get; set; }

    /// <summary>Sets <see cref="Reply"/>: callers see the JSON of a view made of state, id and version.</summary>
    public EntityKind<TState, TCommand, TEvent> ShownAs<TView>(Func<TState, string, long, TView> view, JsonTypeInfo<TView> json)
    {
        Reply = (output, state, id, version) =>
        {
            using var writer = new Utf8JsonWriter(output);
            JsonSerializer.Serialize(writer, view(state, id, version), json);
        };
        return this;
    }

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
    public TEvent ReadEvent(string eventType, ReadOnlyMemory<byte> payload) => _eventsByName.TryGetValue(eventType, out var declaration)
        ? (TEvent?)JsonSerializer.Deserialize(payload.Span, declaration.Type) ?? throw new JsonException($"Event {eventType} of kind {Name} is null.")
        : throw new JsonException($"Kind {Name} does not know event {eventType}.");

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

    private EntityDecision Encode(TState state, IReadOnlyList<TEvent> events, in CommandContext context)
    {
        var next = state;
        var version = context.Version;
        var encoded = new EncodedEvent[events.Count];
        for (var index = 0; index < encoded.Length; index++)
        {
            next = _evolve(next, events[index], new EventContext(context.EntityId, ++version, context.At));
            encoded[index] = WriteEvent(events[index]);
        }

        return new EntityDecision(next, encoded, null);
    }

    private EventDeclaration Declared(TEvent happened) => _eventsByType.TryGetValue(happened.GetType(), out var found)
        ? found
        : throw new InvalidOperationException($"Event {happened.GetType().Name} of kind {Name} has no declared name.");

    private sealed record EventDeclaration(string Name, JsonTypeInfo Type);
}
