using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Sql;

namespace AkkaScale.Bench.Journal;

/// <summary>A journal to measure: how an ActorSystem with it is started.</summary>
/// <param name="Name">As the report shows it.</param>
/// <param name="Store">postgres or sqlite.</param>
/// <param name="Start">Takes the connection string.</param>
public sealed record Engine(string Name, string Store, Func<string, ActorSystem> Start)
{
    public const string Stock = "stock";

    /// <summary>The stock ones first: the others are compared with them.</summary>
    public static IReadOnlyList<Engine> All { get; } =
    [
        new(Stock, "postgres", connection => ActorSystem.Create("stock", Settings(connection, "PostgreSQL.15"))),
        new(Stock, "sqlite", connection => ActorSystem.Create("stock", Settings(connection, "SQLite.MS"))),
    ];

    /// <summary>What every engine runs with.</summary>
    public static Config Common { get; } = ConfigurationFactory.ParseString(
        $$"""
        akka {
          loglevel = WARNING
          actor {
            serializers.bench = "{{typeof(BenchEventSerializer).FullName}}, {{typeof(BenchEventSerializer).Assembly.GetName().Name}}"
            serialization-bindings { "{{typeof(BenchEvent).FullName}}, {{typeof(BenchEvent).Assembly.GetName().Name}}" = bench }
          }
        }
        """);

    private static Config Settings(string connection, string provider) => Common.WithFallback(ConfigurationFactory.ParseString(
        $$"""
        akka.persistence {
          journal {
            plugin = "akka.persistence.journal.sql"
            sql { connection-string = "{{connection}}", provider-name = "{{provider}}" }
          }
          snapshot-store {
            plugin = "akka.persistence.snapshot-store.sql"
            sql { connection-string = "{{connection}}", provider-name = "{{provider}}" }
          }
        }
        """)).WithFallback(SqlPersistence.DefaultConfiguration);
}
