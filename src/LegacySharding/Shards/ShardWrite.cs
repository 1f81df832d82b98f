using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.LegacySharding.Shards;

/// <summary>
/// What one command adds to its shard's slice, and the answers that wait for it. A shard's writes are appended in order of
/// token; the lane reads events, result and snapshot, the rest belongs to the shard.
/// </summary>
internal sealed class ShardWrite(long token, int generation, EntityState entity)
{
    /// <summary>Grows by one with every write of the shard.</summary>
    public long Token { get; } = token;

    /// <summary>Grows when writes failed for certain; a lane discards what belongs to a failed one.</summary>
    public int Generation { get; } = generation;

    public EntityState Entity { get; } = entity;

    public IReadOnlyList<JournalEvent> Events { get; init; } = [];

    public StoredResult? Result { get; init; }

    public EntitySnapshot? Snapshot { get; init; }

    /// <summary>About what it takes in the batch, in bytes.</summary>
    public int Bytes { get; init; }

    /// <summary>The command that caused it; null for a snapshot.</summary>
    public CommandFlight? Flight { get; init; }

    /// <summary>Answers to reads and refusals that were decided on the state this write leads to.</summary>
    public List<(ShardInput.Ask Ask, EntityReply Reply)>? Held { get; private set; }

    public void Hold(ShardInput.Ask ask, EntityReply reply) => (Held ??= []).Add((ask, reply));
}
