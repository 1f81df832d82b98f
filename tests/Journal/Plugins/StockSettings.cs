using Akka.Configuration;
using Akka.Persistence.Sql;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>Akka.Persistence.Sql as it comes.</summary>
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
          }
        }
        """).WithFallback(SqlPersistence.DefaultConfiguration);
}
