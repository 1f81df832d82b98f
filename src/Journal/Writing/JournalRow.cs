namespace AkkaScale.Journal.Writing;

/// <summary>One event as it stands in the journal, before it has a place in the order.</summary>
/// <param name="Created">Ticks in UTC, as the stock plugin writes them.</param>
/// <param name="Manifest">Of the serializer; empty when it has none.</param>
/// <param name="CommandId">Of the command that the event answers, if there is one.</param>
internal readonly record struct JournalRow(
    long SequenceNr,
    long Created,
    byte[] Message,
    int Identifier,
    string Manifest,
    string? CommandId,
    IReadOnlyCollection<string> Tags);
