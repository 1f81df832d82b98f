using AkkaScale.Cluster.Options;
using AkkaScale.Journal.Options;
using AkkaScale.Journal.Postgres;
using AkkaScale.Journal.Reading;
using AkkaScale.Journal.Sqlite;
using AkkaScale.Journal.Writing;

namespace AkkaScale.Journal;

/// <summary>Makes the store that the options name.</summary>
internal static class JournalStores
{
    public static IJournalStore Create(FencedJournalOptions options, string writer)
    {
        var names = new AppendNames(options.Cluster, options.Leases?.Owner ?? "", writer);
        return options.Store switch
        {
            StoreKind.Postgres => new PostgresStore(new PostgresStoreSettings(
                options.ConnectionString, names, options.Migrate, options.Readers, options.StatementTimeout,
                options.HeldQuery ?? AppendSql.Held, options.DatabaseLostItsTail)),
            StoreKind.Sqlite => new SqliteStore(new SqliteStoreSettings(
                options.ConnectionString, names, options.Migrate, options.Readers, options.HeldQuery ?? SqliteFence.Held)),
            _ => throw new JournalRefusedException($"There is no store {options.Store}."),
        };
    }
}
