using Akka.Persistence;

namespace AkkaScale.Journal.Reading;

/// <summary>Which snapshots are meant; all bounds inclusive, created in ticks.</summary>
internal sealed record SnapshotRange(long MinSequenceNr, long MaxSequenceNr, long MinCreated, long MaxCreated)
{
    public static readonly SnapshotRange None = new(long.MaxValue, -1, 0, 0);

    public static SnapshotRange Of(SnapshotSelectionCriteria criteria) => new(
        criteria.MinSequenceNr, criteria.MaxSequenceNr, criteria.MinTimestamp?.Ticks ?? 0, criteria.MaxTimeStamp.Ticks);
}
