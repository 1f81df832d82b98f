using Akka.Configuration;
using Akka.Persistence.Hosting;
using Akka.Persistence.Sql;
using AkkaScale.Journal.Options;

namespace AkkaScale.Journal.Hosting;

/// <summary>
/// The journal's name for Akka.Hosting's builder of adapters and health checks; the settings are <see cref="FencedJournalSettings"/>.
/// </summary>
internal sealed class FencedPluginOptions : JournalOptions
{
    public FencedPluginOptions(FencedJournalOptions options)
        : base(options.IsDefaultPlugin)
    {
        Identifier = options.Identifier;
        Serializer = options.DefaultSerializer;
    }

    public override string Identifier { get; set; }

    protected override Config InternalDefaultConfig => SqlPersistence.DefaultJournalConfiguration;
}
