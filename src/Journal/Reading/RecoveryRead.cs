namespace AkkaScale.Journal.Reading;

/// <summary>What one round trip brings of an entity.</summary>
/// <param name="Events">After the snapshot, or from where it was asked, in order; the first of them if there are many.</param>
/// <param name="HighestSequenceNr">Of all its rows; 0 when there are none.</param>
internal sealed record RecoveryRead(StoredSnapshot? Snapshot, IReadOnlyList<StoredEvent> Events, long HighestSequenceNr);
