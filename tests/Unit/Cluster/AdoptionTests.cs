using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using AkkaScale.Cluster.Hosting;
using AkkaScale.Cluster.Options;
using AkkaScale.Sharding.Hosting;
using AkkaScale.Sharding.Options;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaScale.Tests.Unit.Cluster;

/// <summary>The plug-ins can be taken one at a time: what one does not bring is not set, and what needs another says so.</summary>
public sealed class AdoptionTests
{
    private const string UseLease = "akka.cluster.sharding.use-lease";

    [Fact]
    public void Liveness_without_leases_leaves_sharding_as_it_was()
    {
        var without = With(leases: false).Configuration.Value;
        Assert.Contains("DatabaseDowningProvider", without.GetString("akka.cluster.downing-provider-class"), StringComparison.Ordinal);
        Assert.False(without.HasPath("akka.cluster.sharding"));
        Assert.Equal("akkascale.lease", With(leases: true).Configuration.Value.GetString(UseLease));
    }

    [Fact]
    public void What_needs_leases_says_so()
    {
        foreach (var builder in new[] { With(leases: false), new AkkaConfigurationBuilder(new ServiceCollection(), "none") })
        {
            Assert.Contains("WithDatabaseCluster", Refused(() => builder.WithLeasedRegion("cart", _ => null)), StringComparison.Ordinal);
            Assert.Contains("WithDatabaseCluster", Refused(() => Steer(builder)), StringComparison.Ordinal);
        }

        Steer(With(leases: true).WithLeasedRegion("cart", _ => null));
    }

    [Fact]
    public void A_steered_region_brings_its_number_of_shards_to_the_terms_of_the_cluster()
    {
        ClusterDatabaseOptions? options = null;
        Steer(With(leases: true, taken => options = taken));
        Assert.Equal(16, options!.ShardCounts["cart"]);
    }

    [Fact]
    public void Regions_of_kinds_and_others_are_moved_by_the_options_that_were_given_in_whatever_order()
    {
        var options = new EntityShardingOptions();
        Assert.Same(options.Allocation, Shared(Steer(With(leases: true)).WithEntities([], options)));
        Assert.Same(options.Allocation, Shared(Steer(With(leases: true).WithEntities([], options))));
        Assert.NotNull(Shared(Steer(With(leases: true))));
    }

    private static AllocationOptions Shared(AkkaConfigurationBuilder builder) => builder.Setups.OfType<SteeredRegionsSetup>().Single().Allocation;

    private static AkkaConfigurationBuilder With(bool leases, Action<ClusterDatabaseOptions>? take = null) =>
        new AkkaConfigurationBuilder(new ServiceCollection(), "shop").WithDatabaseCluster(options =>
        {
            (options.Store, options.ConnectionString, options.ShardLeases) = (StoreKind.Sqlite, "Data Source=unused.db", leases);
            take?.Invoke(options);
        });

    private static AkkaConfigurationBuilder Steer(AkkaConfigurationBuilder builder) => builder.WithSteeredShardRegion<AdoptionTests>(
        "cart", _ => Props.Empty, HashCodeMessageExtractor.Create(16, message => message as string), 16, new ShardOptions());

    private static string Refused(Action act) => Assert.Throws<ClusterRefusedException>(act).Message;
}
