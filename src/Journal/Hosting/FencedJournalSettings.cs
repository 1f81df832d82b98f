using Akka.Configuration;
using Akka.Hosting;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal.Options;
using AkkaScale.Journal.Plugin;

namespace AkkaScale.Journal.Hosting;

/// <summary>Every HOCON setting of the plugins that differs from Akka's default, and why.</summary>
internal static class FencedJournalSettings
{
    /// <summary>Longer than any settlement, after which a recovery that waited for it goes on.</summary>
    private static readonly TimeSpan RecoveryMargin = TimeSpan.FromSeconds(10);

    public static Config For(FencedJournalOptions options)
    {
        var provider = options.Store == StoreKind.Postgres ? "PostgreSQL.15" : "SQLite.MS";
        return ConfigurationFactory.ParseString(
            $$"""
            {{PluginIds.Journal(options.Identifier)}} {
                class = "{{typeof(FencedSqlJournal).AssemblyQualifiedName}}"
                plugin-id = {{PluginIds.Journal(options.Identifier)}}

                # For what is left to the stock plugin. Its tables are made by our own migrations: its own start would add indexes.
                connection-string = {{options.ConnectionString.ToHocon()}}
                provider-name = {{provider.ToHocon()}}
                auto-initialize = off
                serializer = {{options.DefaultSerializer.ToHocon()}}

                # A journal has one writer id per process, whatever its epochs. When a shard goes A, B, A within a replay, the default
                # "repair-by-discard-old" drops A's later events with a warning. The fence and the unique index do its work.
                replay-filter.mode = off

                circuit-breaker {
                    # By default ten failures open it and every entity stays down for 30 s: a refused lease is such a failure, and a
                    # recovery storm brings many. It opens only when nothing at all succeeds.
                    max-failures = 1000
                    reset-timeout = 1s

                    # Above the longest settlement: what times out here fails although it may still be written.
                    call-timeout = {{Milliseconds(options.CallTimeout)}}
                }

                # A recovery waits for the settlement of the entity's writes before its first event comes.
                recovery-event-timeout = {{Milliseconds(options.CallTimeout + RecoveryMargin)}}
            }

            {{PluginIds.Snapshots(options.Identifier)}} {
                class = "{{typeof(FencedSqlSnapshotStore).AssemblyQualifiedName}}"
                plugin-id = {{PluginIds.Snapshots(options.Identifier)}}
                connection-string = {{options.ConnectionString.ToHocon()}}
                provider-name = {{provider.ToHocon()}}
                auto-initialize = off
                serializer = {{options.DefaultSerializer.ToHocon()}}
                circuit-breaker {
                    max-failures = 1000
                    reset-timeout = 1s
                    call-timeout = {{Milliseconds(options.CallTimeout)}}
                }
            }

            {{PluginIds.Query(options.Identifier)}} {
                class = "Akka.Persistence.Sql.Query.SqlReadJournalProvider, Akka.Persistence.Sql"
                plugin-id = {{PluginIds.Query(options.Identifier)}}
                write-plugin = {{PluginIds.Journal(options.Identifier)}}
                connection-string = {{options.ConnectionString.ToHocon()}}
                provider-name = {{provider.ToHocon()}}
                serializer = {{options.DefaultSerializer.ToHocon()}}
            }
            {{(options.IsDefaultPlugin ? Default(options) : "")}}
            """);
    }

    private static string Default(FencedJournalOptions options) =>
        $"""
        akka.persistence.journal.plugin = {PluginIds.Journal(options.Identifier)}
        akka.persistence.snapshot-store.plugin = {PluginIds.Snapshots(options.Identifier)}
        """;

    private static string Milliseconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalMilliseconds:F0}ms");
}
