using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.LegacySharding.Ports;

/// <summary>
/// The answer a command got, found by its id: from the last event of the command, or, for refusals and commands that changed
/// nothing, from table command_result.
/// </summary>
/// <param name="SequenceNr">The entity's version when it answered.</param>
/// <param name="Answer">Encoded answer, at most 1 kB, opaque to the journal.</param>
public sealed record StoredResult(
    EntityKey Entity,
    Guid CommandId,
    PayloadHash Hash,
    long SequenceNr,
    ReadOnlyMemory<byte> Answer,
    DateTimeOffset At);
