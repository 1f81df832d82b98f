namespace AkkaScale.Journal.Verification;

/// <summary>How much is in the tables.</summary>
/// <param name="Kinds">By the part of the persistence id before its first hyphen; largest first.</param>
public sealed record JournalStatistics(
    long Events,
    long Entities,
    long Bytes,
    long UnfencedEvents,
    long HighestOrdering,
    long Snapshots,
    long SnapshotBytes,
    long Leases,
    IReadOnlyList<KindStatistics> Kinds);
