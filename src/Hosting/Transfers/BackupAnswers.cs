using AkkaScale.Hosting.Management;

namespace AkkaScale.Hosting.Transfers;

/// <summary>Body of `POST /backup`.</summary>
/// <param name="Name">Of the directory below Store:BackupPath; made up from the time if left out.</param>
internal sealed record BackupRequest(string? Name = null, string? Reason = null, string? By = null) : IOrderRequest;

/// <summary>How this store is backed up, and what is under way.</summary>
/// <param name="Directory">Store:BackupPath of the asked node, for the embedded store; null: none is set.</param>
/// <param name="Line">What to type, for PostgreSQL.</param>
/// <param name="Findings">What stands in the way of a good backup.</param>
/// <param name="DoneBytes">Of the one under way.</param>
internal sealed record BackupStatusAnswer(
    string Store, string? Directory, string? Line, IReadOnlyList<FindingAnswer> Findings, bool Running, long DoneBytes, long TotalBytes);

/// <summary>A finished backup; also written beside the copy, as backup.json.</summary>
/// <param name="Heads">The last position of each shard, by number. Every event acknowledged before the backup was ordered is among them.</param>
internal sealed record BackupAnswer(
    string Directory, string Cluster, int ShardCount, long Generation, DateTimeOffset At, long Events, IReadOnlyList<long> Heads, DateTimeOffset? LastEventAt,
    long Bytes, double Seconds);
