using AkkaScale.Journal.Options;
using AkkaScale.Journal.Writing;

namespace AkkaScale.Journal.Postgres;

/// <summary>What a <see cref="PostgresStore"/> needs to know.</summary>
/// <param name="Readers">Connections for recoveries and snapshots.</param>
/// <param name="Timeout">After which a statement that is not answered counts as one of unknown outcome.</param>
/// <param name="Held">See <see cref="AppendSql.Held"/>.</param>
internal sealed record PostgresStoreSettings(
    string ConnectionString,
    AppendNames Names,
    bool Migrate,
    int Readers,
    TimeSpan Timeout,
    string Held,
    Action<PostgresPosition, PostgresPosition>? LostItsTail);
