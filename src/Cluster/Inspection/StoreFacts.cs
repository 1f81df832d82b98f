namespace AkkaScale.Cluster.Inspection;

/// <summary>How the database is set up and how it fares; one of the two is given.</summary>
internal sealed record StoreFacts(PostgresFacts? Postgres, SqliteFacts? Sqlite);
