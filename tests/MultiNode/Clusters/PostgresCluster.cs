using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.MultiNode.Clusters;

[CollectionDefinition(Collection)]
public sealed class PostgresCluster() : SharedCluster(TestStore.Postgres), ICollectionFixture<PostgresCluster>
{
    public const string Collection = "the cluster on PostgreSQL";
}
