using Akka.Hosting;
using Akka.Persistence.Hosting;
using Akka.Persistence.Sql;
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
        Action<FencedJournalOptions> configure,
        Action<AkkaPersistenceJournalBuilder>? journal = null,
        Action<AkkaPersistenceSnapshotBuilder>? snapshots = null)
    {
        var options = new FencedJournalOptions();
        configure(options);
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
        options.Validate();
        var before = builder.Setups.OfType<FencedJournalSetup>().SingleOrDefault();
        builder.Setups.RemoveWhere(setup => setup is FencedJournalSetup);
        builder.Setups.Add((before ?? FencedJournalSetup.Empty).With(options));
        builder.WithJournal(new FencedPluginOptions(options), journal);
        builder.WithSnapshot(new FencedSnapshotOptions(options), snapshots);
        builder.AddHocon(FencedJournalSettings.For(options), HoconAddMode.Prepend);
        builder.AddHocon(SqlPersistence.DefaultConfiguration, HoconAddMode.Append);

        // Among the actors' starters: those that are configured later find the database checked.
        return builder.StartActors(
            (ActorStarter)((system, _) => FencedJournals.For(system).Get(PluginIds.Journal(options.Identifier)).Opening));
    }
}
