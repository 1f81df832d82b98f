namespace AkkaScale.LegacySharding.Ports;

/// <summary>What the journal holds of one shard.</summary>
/// <param name="Head">Highest position, 0 if there is none.</param>
/// <param name="Bytes">Of the events' payloads and the answers kept with them, uncompressed; without keys and indexes.</param>
/// <param name="SnapshotBytes">Of states.</param>
public sealed record ShardStats(int Shard, long Events, long Entities, long Head, long Bytes, long Snapshots, long SnapshotBytes);
