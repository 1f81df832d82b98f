namespace AkkaScale.Journal.Reading;

/// <summary>A row of the journal as it is stored.</summary>
/// <param name="Created">Ticks in UTC.</param>
/// <param name="Deleted">Akka keeps the last deleted row, so that the highest number is not forgotten.</param>
/// <param name="Identifier">Of the serializer; null in rows of very old plugins, whose manifest is a type name.</param>
public sealed record StoredEvent(
    string PersistenceId,
    long SequenceNr,
    long Created,
    bool Deleted,
    byte[] Message,
    int? Identifier,
    string Manifest,
    string? WriterUuid);
