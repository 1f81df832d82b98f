using Akka.Configuration;
using Akka.Persistence.Hosting;
using Akka.Persistence.Sql;
using AkkaScale.Journal.Options;

namespace AkkaScale.Journal.Hosting;

/// <summary>
/// The snapshot store's name for Akka.Hosting's builder of health checks; the settings are <see cref="FencedJournalSettings"/>.
/// </summary>
internal sealed class FencedSnapshotOptions : SnapshotOptions
{
    public FencedSnapshotOptions(FencedJournalOptions options)
        : base(options.IsDefaultPlugin)
    {
        Identifier = options.Identifier;
        Serializer = options.DefaultSerializer;
    }

    public override string Identifier { get; set; }

    protected override Config InternalDefaultConfig => SqlPersistence.DefaultSnapshotConfiguration;
}
