using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Databases;

/// <summary>Links that are cut, most of them between nodes of this process, one story after the other.</summary>
[CollectionDefinition(Name)]
public sealed class CutsCollection : ICollectionFixture<PostgresServer>
{
    public const string Name = "cuts";
}
