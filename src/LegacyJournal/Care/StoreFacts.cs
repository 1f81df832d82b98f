namespace AkkaScale.LegacyJournal.Care;

/// <summary>How a store is set up and how it fares; one of the two is given.</summary>
public sealed record StoreFacts(PostgresFacts? Postgres, SqliteFacts? Sqlite);
