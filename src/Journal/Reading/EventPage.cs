namespace AkkaScale.Journal.Reading;

/// <summary>Some of an entity's events in order.</summary>
/// <param name="Next">The number to ask for next; null when there are no more.</param>
public sealed record EventPage(IReadOnlyList<JournalEvent> Events, long? Next);
