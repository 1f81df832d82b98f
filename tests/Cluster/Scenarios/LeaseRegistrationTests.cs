using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Coordination;
using Akka.Event;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Hosting;
using AkkaScale.Cluster.Options;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>A region whose entities' writes cannot be fenced has leases all the same, and the log says it once.</summary>
public sealed class LeaseRegistrationTests
{
    [Fact]
    public async Task A_region_that_nobody_registered_has_leases_and_one_word_in_the_log()
    {
        var setup = new ClusterDatabaseSetup(new ClusterDatabaseOptions { Store = StoreKind.Sqlite, ConnectionString = "Data Source=unused.db" });
        var config = ConfigurationFactory.ParseString("akka { loglevel = WARNING, loggers = [], stdout-loglevel = OFF }").WithFallback(ClusterSettings.Leases);
        var system = ActorSystem.Create("probe", ActorSystemSetup.Create(BootstrapSetup.Create().WithConfig(config), setup));
        try
        {
            var leases = LeaseProvider.Get(system);
            using var ear = Inbox.Create(system);
            system.EventStream.Subscribe(ear.Receiver, typeof(Warning));
            ClusterMembership.For(system).RegisterRegion("cart", id => id.StartsWith("cart-", StringComparison.Ordinal) ? "7" : null);
            Assert.NotNull(leases.GetLease("probe-shard-cart-7", ClusterSettings.Lease, "me"));
            Assert.NotNull(leases.GetLease("probe-singleton-reports", ClusterSettings.Lease, "me"));
            Assert.NotNull(leases.GetLease("probe-shard-two-words-7", ClusterSettings.Lease, "me"));
            Assert.NotNull(leases.GetLease("probe-shard-two-words-8", ClusterSettings.Lease, "me"));
            Assert.NotNull(leases.GetLease("probe-shard-list-8", ClusterSettings.Lease, "me"));
            Assert.Contains("two-words writes has no fence", Word(ear), StringComparison.Ordinal);
            Assert.Contains("list writes has no fence", Word(ear), StringComparison.Ordinal);
            Assert.Equal("probe-shard-cart-7", ClusterMembership.For(system).LeaseOf("cart-x"));
            Assert.Null(ClusterMembership.For(system).LeaseOf("task-x"));
        }
        finally
        {
            await system.Terminate();
        }
    }

    private static string Word(Inbox ear) => ear.Receive(TimeSpan.FromSeconds(30)).ToString()!;
}
