namespace AkkaScale.Journal.Reading;

/// <summary>A row of the journal with all that is known of it, for people and tools.</summary>
/// <param name="Ordering">Its place among all events; in PostgreSQL not always the order of commit.</param>
/// <param name="At">When it was written, by the writer's clock.</param>
/// <param name="Deleted">True for the last of an entity's deleted events, which stays as a mark.</param>
/// <param name="Lease">Null when it was written without a fence.</param>
public sealed record JournalEvent(
    long Ordering,
    string PersistenceId,
    long SequenceNr,
    DateTimeOffset At,
    bool Deleted,
    byte[] Message,
    int? SerializerId,
    string Manifest,
    string? Writer,
    string? Lease,
    long? Epoch,
    string? CommandId);
