namespace AkkaScale.LegacySharding.Ports;

/// <summary>
/// What one shard contributes to a batch: commits whole or not at all. Positions are contiguous; sequence numbers are contiguous per entity.
/// May hold results or snapshots without events. A snapshot's sequence number is never above the entity's head after this slice.
/// </summary>
public sealed record ShardSlice(
    int Shard,
    long Epoch,
    IReadOnlyList<JournalEvent> Events,
    IReadOnlyList<StoredResult> Results,
    IReadOnlyList<EntitySnapshot> Snapshots);
