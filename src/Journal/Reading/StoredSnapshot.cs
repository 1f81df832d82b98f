namespace AkkaScale.Journal.Reading;

/// <summary>A row of the table <c>snapshot</c>.</summary>
/// <param name="Created">Ticks in UTC.</param>
public sealed record StoredSnapshot(
    string PersistenceId, long SequenceNr, long Created, byte[] Snapshot, int? SerializerId, string Manifest);
