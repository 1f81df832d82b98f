using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence.Hosting;
using Akka.Persistence.Sql;
using AkkaScale.Cluster;
using AkkaScale.Journal.Options;

namespace AkkaScale.Journal.Hosting;

/// <summary>Puts the fenced journal into a system.</summary>
public static class FencedJournalHosting
{
    /// <summary>Journal, snapshot store and read journal over one database; the system does not start with one that is not fit.</summary>
    /// <param name="journal">Event adapters and health checks of the journal.</param>
    /// <param name="snapshots">Health checks of the snapshot store.</param>
    /// <exception cref="JournalRefusedException">The options do not fit together.</exception>
    public static AkkaConfigurationBuilder WithFencedSqlJournal(
        this AkkaConfigurationBuilder builder,
        Action<FencedJournalOptions>? configure = null,
        Action<AkkaPersistenceJournalBuilder>? journal = null,
        Action<AkkaPersistenceSnapshotBuilder>? snapshots = null)
    {
        var options = new FencedJournalOptions();
        configure?.Invoke(options);
        return builder.WithFencedSqlJournal(options, journal, snapshots);
    }

    /// <summary>The same with options that were made elsewhere, bound from configuration for instance.</summary>
    /// <exception cref="JournalRefusedException">The options do not fit together.</exception>
    public static AkkaConfigurationBuilder WithFencedSqlJournal(
        this AkkaConfigurationBuilder builder,
        FencedJournalOptions options,
        Action<AkkaPersistenceJournalBuilder>? journal = null,
        Action<AkkaPersistenceSnapshotBuilder>? snapshots = null)
    {
        UseCluster(builder, options);
        options.Validate();
        var before = builder.Setups.OfType<FencedJournalSetup>().SingleOrDefault();
        builder.Setups.RemoveWhere(setup => setup is FencedJournalSetup);
        builder.Setups.Add((before ?? FencedJournalSetup.Empty).With(options));
        builder.WithJournal(new FencedPluginOptions(options), journal);
        builder.WithSnapshot(new FencedSnapshotOptions(options), snapshots);
        builder.AddHocon(FencedJournalSettings.For(options), HoconAddMode.Prepend);
        builder.AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append);

        // Among the actors' starters: those that are configured later find the database checked.
        return builder.StartActors((ActorStarter)((system, _) =>
        {
            StartScheduler(system);
            return FencedJournals.For(system).Get(PluginIds.Journal(options.Identifier)).Opening;
        }));
    }

    /// <summary>
    /// Where <c>WithDatabaseCluster</c> came before, the journal is in its database and its members' leases fence it, unless the options
    /// say otherwise.
    /// </summary>
    private static void UseCluster(AkkaConfigurationBuilder builder, FencedJournalOptions options)
    {
        var cluster = builder.Setups.OfType<ClusterDatabaseSetup>().SingleOrDefault();
        if (options.ConnectionString.Length == 0 && cluster is not null)
        {
            (options.Store, options.ConnectionString) = (cluster.Options.Store, cluster.Options.ConnectionString);
        }

        if (options.Leases is null && options.LeaseOf is null && cluster is not null)
        {
            options.Leases = cluster.Leases;
            options.LeaseOf = cluster.Map.LeaseOf;
            options.Cluster = cluster.Options.Cluster;
            options.DatabaseLostItsTail ??= (earlier, now) => cluster.DropMemory(
                $"the database stands at {now} after {earlier}: it may have lost acknowledged events");
        }
    }

    /// <summary>Uses the system's scheduler once, before actors do.</summary>
    /// <remarks>
    /// It starts when it is first used, on the thread pool, and blocks every caller until it has. When the first are many recoveries at
    /// once, each with a timer, they hold all threads of the pool, which grows by one or two a second: seen to last half a minute.
    /// </remarks>
    private static void StartScheduler(ActorSystem system) => system.Scheduler.Advanced.ScheduleOnce(TimeSpan.Zero, static () => { });
}
