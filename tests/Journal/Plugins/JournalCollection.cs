using AkkaScale.Tests.Support;

// One of the two collections mostly waits: it has a thread of its own.
[assembly: CollectionBehavior(MaxParallelThreads = 3)]

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>All that needs the server. Its classes run one after the other: what they measure in time they share two cores for.</summary>
[CollectionDefinition(Name)]
public sealed class JournalCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "journal";
}
