using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Databases;

/// <summary>Processes that are killed, stopped and started, one story after the other.</summary>
[CollectionDefinition(Name)]
public sealed class LossesCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "losses";
}
