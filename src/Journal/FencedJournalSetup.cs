using Akka.Actor.Setup;
using AkkaScale.Journal.Options;

namespace AkkaScale.Journal;

/// <summary>Carries the options of the system's fenced journals to the plugins, which Akka makes by their class names.</summary>
/// <param name="journals">By the id of the journal's and of the snapshot store's plugin.</param>
internal sealed class FencedJournalSetup(IReadOnlyDictionary<string, FencedJournalOptions> journals) : Setup
{
    public static readonly FencedJournalSetup Empty = new(new Dictionary<string, FencedJournalOptions>());

    public IReadOnlyDictionary<string, FencedJournalOptions> Journals => journals;

    public FencedJournalSetup With(FencedJournalOptions options) => new(new Dictionary<string, FencedJournalOptions>(journals)
    {
        [PluginIds.Journal(options.Identifier)] = options,
        [PluginIds.Snapshots(options.Identifier)] = options,
    });
}
