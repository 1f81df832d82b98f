using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Sql;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;

namespace AkkaScale.Bench.Journal;

/// <summary>A journal to measure: how an ActorSystem with it is started.</summary>
/// <param name="Name">As the report shows it.</param>
/// <param name="Store">postgres or sqlite.</param>
/// <param name="StartAsync">Takes the connection string and the prefix of the entities that will write.</param>
public sealed record Engine(string Name, string Store, Func<string, string, Task<ActorSystem>> StartAsync)
{
    public const string Stock = "stock";

    /// <summary>The stock ones first: the others are compared with them.</summary>
    public static IReadOnlyList<Engine> All { get; } =
    [
        new(Stock, "postgres", (connection, _) => StartStockAsync(connection, "PostgreSQL.15")),
        new("unfenced", "postgres", (connection, _) => FencedEngine.StartAsync(StoreKind.Postgres, connection, null)),
        new("fenced", "postgres", (connection, prefix) => FencedEngine.StartAsync(StoreKind.Postgres, connection, prefix)),
        new(Stock, "sqlite", (connection, _) => StartStockAsync(connection, "SQLite.MS")),
        new("unfenced", "sqlite", (connection, _) => FencedEngine.StartAsync(StoreKind.Sqlite, connection, null)),
        new("fenced", "sqlite", (connection, prefix) => FencedEngine.StartAsync(StoreKind.Sqlite, connection, prefix)),
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

    private static Task<ActorSystem> StartStockAsync(string connection, string provider) =>
        Task.FromResult(ActorSystem.Create("stock", Settings(connection, provider)));

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
