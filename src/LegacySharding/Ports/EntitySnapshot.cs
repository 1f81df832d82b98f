using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.LegacySharding.Ports;

/// <summary>The latest stored state of an entity; one row per entity, replaced by newer ones only.</summary>
/// <param name="SequenceNr">Of the last event folded in.</param>
/// <param name="Position">Of that event in its shard.</param>
/// <param name="StateVersion">Declared by the kind; another one is ignored and the events are folded from the start.</param>
public sealed record EntitySnapshot(
    EntityKey Entity,
    long SequenceNr,
    long Position,
    int StateVersion,
    ReadOnlyMemory<byte> Payload,
    DateTimeOffset At);
