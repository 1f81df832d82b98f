using AkkaScale.Tests.Support;

[assembly: CollectionBehavior(MaxParallelThreads = 3)]

namespace AkkaScale.Tests.Cluster.Databases;

/// <summary>
/// What needs the server alone, and short stories. Its classes run one after the other. Beside it run only <see cref="CutsCollection"/> and
/// <see cref="LossesCollection"/>, much of whose time is waiting.
/// </summary>
[CollectionDefinition(Name)]
public sealed class ClusterCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "cluster";
}
