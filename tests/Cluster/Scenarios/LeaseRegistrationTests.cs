using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Coordination;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Hosting;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>A shard whose entities' writes could not be fenced gets no lease.</summary>
public sealed class LeaseRegistrationTests
{
    [Fact]
    public async Task The_lease_of_a_region_that_nobody_registered_is_refused_and_other_leases_are_not()
    {
        var setup = new ClusterDatabaseSetup(new ClusterDatabaseOptions { Store = StoreKind.Sqlite, ConnectionString = "Data Source=unused.db" });
        var config = ConfigurationFactory.ParseString("akka { loglevel = OFF, stdout-loglevel = OFF }").WithFallback(ClusterSettings.Leases);
        var system = ActorSystem.Create("probe", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), setup));
        try
        {
            var leases = LeaseProvider.Get(system);
            var error = Assert.ThrowsAny<Exception>(() => leases.GetLease("probe-shard-cart-7", ClusterSettings.Lease, "me"));
            Assert.Contains("WithLeasedRegion", error.ToString(), StringComparison.Ordinal);

            ClusterMembership.For(system).RegisterRegion("cart", id => id.StartsWith("cart-", StringComparison.Ordinal) ? "7" : null);
            Assert.NotNull(leases.GetLease("probe-shard-cart-7", ClusterSettings.Lease, "me"));
            Assert.NotNull(leases.GetLease("probe-singleton-reports", ClusterSettings.Lease, "me"));
            Assert.Equal("probe-shard-cart-7", ClusterMembership.For(system).LeaseOf("cart-x"));
            Assert.Null(ClusterMembership.For(system).LeaseOf("task-x"));
        }
        finally
        {
            await system.Terminate();
        }
    }
}
