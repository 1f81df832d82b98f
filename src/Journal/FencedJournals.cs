using System.Collections.Concurrent;
using Akka.Actor;
using AkkaScale.Journal.Options;

namespace AkkaScale.Journal;

/// <summary>
/// The fenced journals of an actor system. A journal's actor may be restarted; its lane and connections are here and stay.
/// </summary>
public sealed class FencedJournals : IExtension
{
    private readonly ExtendedActorSystem _system;
    private readonly ConcurrentDictionary<FencedJournalOptions, Lazy<FencedJournal>> _journals = new();

    internal FencedJournals(ExtendedActorSystem system)
    {
        _system = system;
        system.RegisterOnTermination(() =>
        {
            foreach (var journal in _journals.Values)
            {
                journal.Value.Dispose();
            }
        });
    }

    public static FencedJournals For(ActorSystem system) => system.WithExtension<FencedJournals, FencedJournalsProvider>();

    /// <exception cref="JournalRefusedException">No fenced journal of that id is set up.</exception>
    public FencedJournal Get(string pluginId) => Find(pluginId)
        ?? throw new JournalRefusedException($"No fenced journal is set up for {pluginId}: configure it by WithFencedSqlJournal.");

    /// <summary>Null: no fenced journal of that id is set up.</summary>
    public FencedJournal? Find(string pluginId)
    {
        var setup = _system.Settings.Setup.Get<FencedJournalSetup>();
        return setup.HasValue && setup.Value.Journals.TryGetValue(pluginId, out var options)
            ? _journals.GetOrAdd(options, _ => new Lazy<FencedJournal>(() => new FencedJournal(_system, options))).Value
            : null;
    }
}
