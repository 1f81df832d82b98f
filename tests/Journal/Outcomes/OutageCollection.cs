using AkkaScale.Tests.Journal.Plugins;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Journal.Outcomes;

/// <summary>What waits for most of its time, beside all else, with a server of its own.</summary>
[CollectionDefinition(Name)]
public sealed class OutageCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "outages";
}
