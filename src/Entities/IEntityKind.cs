using System.Buffers;

namespace AkkaScale.Entities;

/// <summary>A registered kind without its type parameters; states and commands are immutable objects.</summary>
public interface IEntityKind
{
    string Name { get; }

    /// <summary>Changes when stored snapshots can no longer be read; then the events are folded anew.</summary>
    int StateVersion { get; }

    /// <summary>Events between two snapshots; stored answers without an event count as one.</summary>
    int SnapshotEvery { get; }

    object InitialState { get; }

    /// <exception cref="System.Text.Json.JsonException">Not a command of this kind.</exception>
    object ReadCommand(ReadOnlySequence<byte> payload);

    void WriteCommand(IBufferWriter<byte> output, object command);

    /// <summary>True if the object is of the kind's command type.</summary>
    bool Accepts(object command);

    /// <summary>Decides and folds: pure but for the bytes it allocates.</summary>
    EntityDecision Decide(object state, object command, in CommandContext context);

    /// <exception cref="System.Text.Json.JsonException">An unknown type or unreadable payload: the entity cannot be recovered.</exception>
    object Evolve(object state, string eventType, ReadOnlyMemory<byte> payload, in EventContext context);

    byte[] WriteSnapshot(object state);

    object ReadSnapshot(ReadOnlyMemory<byte> payload);

    /// <summary>Writes the state as callers see it.</summary>
    void WriteReply(IBufferWriter<byte> output, object state, string entityId, long version);
}

/// <summary>Events already encoded and already folded.</summary>
/// <param name="NewState">The state after all events; the same reference if there are none.</param>
public readonly record struct EntityDecision(object NewState, IReadOnlyList<EncodedEvent> Events, Refusal? Refusal);

/// <param name="EventType">Declared name, with "@version" from version 2 on.</param>
public readonly record struct EncodedEvent(string EventType, byte[] Payload);
