namespace AkkaScale.Management.Facts;

/// <summary>What a verification of one shard's rows has found.</summary>
/// <param name="Events">That were checked.</param>
internal sealed record JournalCheck(ShardKey Shard, long Events, long Entities, IReadOnlyList<JournalViolation> Violations);

/// <param name="Invariant">I1, I2 or I3, as the design numbers them.</param>
/// <param name="Entity">kind/id; null: it is a violation of no entity.</param>
internal sealed record JournalViolation(string Invariant, string? Entity, string Detail);

/// <param name="ShardCount">Of the region; <paramref name="Shards"/> are those that were asked for.</param>
internal sealed record JournalFigures(int ShardCount, IReadOnlyList<ShardFigures> Shards);

/// <param name="Bytes">Of the events' payloads and the answers kept with them, uncompressed; without keys and indexes.</param>
/// <param name="SnapshotBytes">Of states and what is kept with them.</param>
internal sealed record ShardFigures(
    ShardKey Shard, long Events, long Entities, long Bytes, long Snapshots, long SnapshotBytes);
