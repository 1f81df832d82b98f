using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.LegacySharding.Ports;

/// <summary>One row of the journal.</summary>
/// <param name="Position">Gapless per shard from 1, given by the owner.</param>
/// <param name="Epoch">Under which it was written; never decreases along positions.</param>
/// <param name="SequenceNr">Gapless per entity from 1; the entity's version after this event.</param>
/// <param name="EventType">Declared name, with "@version" from version 2 on.</param>
/// <param name="Payload">UTF-8 JSON.</param>
/// <param name="CommandId">Of the command that caused it.</param>
/// <param name="CommandHash">On the command's last event if its id is a client's; else empty.</param>
/// <param name="Answer">On the command's last event: the encoded answer, at most 1 kB, opaque to the journal; else empty.</param>
/// <param name="At">Wall clock of the owner, never decreasing per entity. Microsecond precision, UTC.</param>
public sealed record JournalEvent(
    int Shard,
    long Position,
    long Epoch,
    EntityKey Entity,
    long SequenceNr,
    string EventType,
    ReadOnlyMemory<byte> Payload,
    Guid CommandId,
    PayloadHash CommandHash,
    ReadOnlyMemory<byte> Answer,
    DateTimeOffset At);
