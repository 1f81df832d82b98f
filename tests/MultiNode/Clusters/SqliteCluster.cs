using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode.Clusters;

[CollectionDefinition(Collection)]
public sealed class SqliteCluster() : SharedCluster(TestStore.Sqlite), ICollectionFixture<SqliteCluster>
{
    public const string Collection = "the cluster on SQLite";
}
