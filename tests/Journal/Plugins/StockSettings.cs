using Akka.Configuration;
using Akka.Persistence.Sql;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>Akka.Persistence.Sql as it comes, but for what would make tests slow.</summary>
public static class StockSettings
{
    public static Config For(string connectionString, string provider) => ConfigurationFactory.ParseString(
        $$"""
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.sql"
            sql { connection-string = "{{connectionString}}", provider-name = "{{provider}}" }
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.sql"
            sql { connection-string = "{{connectionString}}", provider-name = "{{provider}}" }
          }
          query.journal.sql {
            connection-string = "{{connectionString}}"
            provider-name = "{{provider}}"
            # Live queries look once a second by default, twice over.
            refresh-interval = 50ms
            journal-sequence-retrieval.query-delay = 50ms
          }
        }
        """).WithFallback(SqlPersistence.DefaultConfiguration);
}
