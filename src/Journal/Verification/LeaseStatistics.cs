namespace AkkaScale.Journal.Verification;

/// <summary>How much is in the tables that one lease has fenced.</summary>
/// <param name="Bytes">Of the events as they are stored.</param>
/// <param name="SnapshotBytes">Of the snapshots as they are stored.</param>
public sealed record LeaseStatistics(string Lease, long Events, long Entities, long Bytes, long Snapshots, long SnapshotBytes);
