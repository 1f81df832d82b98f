using System.Buffers;

namespace AkkaScale.Entities;

/// <summary>A registered kind without its type parameters; states and commands are immutable objects.</summary>
public interface IEntityKind
{
    string Name { get; }

    /// <summary>Changes when stored snapshots can no longer be read; then the events are folded anew.</summary>
    int StateVersion { get; }

    /// <summary>Events between two snapshots.</summary>
    int SnapshotEvery { get; }

    object InitialState { get; }

    /// <summary>Called by the registry that takes the kind in: messages are written as their receivers' kinds read them.</summary>
    void FindReceiversIn(EntityKindRegistry kinds);

    /// <exception cref="System.Text.Json.JsonException">Not a command of this kind.</exception>
    object ReadCommand(ReadOnlySequence<byte> payload);

    void WriteCommand(IBufferWriter<byte> output, object command);

    /// <summary>True if the object is of the kind's command type.</summary>
    bool Accepts(object command);

    /// <summary>Decides and folds: pure but for the bytes it allocates.</summary>
    EntityDecision Decide(object state, object command, in CommandContext context);

    /// <exception cref="System.Text.Json.JsonException">An unknown type or unreadable payload: the entity cannot be recovered.</exception>
    object Evolve(object state, string eventType, ReadOnlyMemory<byte> payload, in EventContext context);

    /// <summary>The timers that this state wants set.</summary>
    /// <exception cref="InvalidOperationException">A name that cannot be, or one used twice.</exception>
    IReadOnlyList<EntityTimer> TimersOf(object state) => [];

    /// <summary>The command that this timer's firing delivers.</summary>
    object TimerCommand(string name) => throw new InvalidOperationException($"Kind {Name} has no timers.");

    /// <summary>The entity is to be in memory wherever its shard is.</summary>
    bool IsRemembered(object state) => false;

    byte[] WriteSnapshot(object state);

    object ReadSnapshot(ReadOnlyMemory<byte> payload);

    /// <summary>Writes the state as callers see it.</summary>
    void WriteReply(IBufferWriter<byte> output, object state, string entityId, long version);
}

/// <summary>Events already encoded and already folded.</summary>
/// <param name="NewState">The state after all events; the same reference if there are none.</param>
public readonly record struct EntityDecision(object NewState, IReadOnlyList<EncodedEvent> Events, Refusal? Refusal)
{
    private readonly IReadOnlyList<EncodedMessage>? _messages;

    /// <summary>From now on the entity is remembered, or no longer; null: as before.</summary>
    public bool? Remembered { get; init; }

    /// <summary>In order of their events.</summary>
    public IReadOnlyList<EncodedMessage> Messages
    {
        get => _messages ?? [];
        init => _messages = value;
    }
}

/// <param name="EventType">Declared name, with "@version" from version 2 on.</param>
public readonly record struct EncodedEvent(string EventType, byte[] Payload)
{
    /// <summary>The timers that the state after this event wants set; null: an event of the engine, which changes no state.</summary>
    public IReadOnlyList<EntityTimer>? Timers { get; init; }
}
