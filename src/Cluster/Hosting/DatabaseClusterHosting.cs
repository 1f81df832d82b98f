using Akka.Actor;
using Akka.Hosting;
using Akka.Management.Cluster.Bootstrap;
using Akka.Management.Dsl;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Tls;

namespace AkkaScale.Cluster.Hosting;

/// <summary>Puts the database in charge of who is alive, who owns what, and who may join.</summary>
public static class DatabaseClusterHosting
{
    /// <summary>
    /// Liveness, failure detector, downing and leases for sharding. To be called after <c>WithRemoting</c> and <c>WithClustering</c>. The
    /// system does not start with a database that refuses it; one that cannot be reached is waited for.
    /// </summary>
    /// <exception cref="ClusterRefusedException">The options do not fit together.</exception>
    public static AkkaConfigurationBuilder WithDatabaseCluster(
        this AkkaConfigurationBuilder builder, Action<ClusterDatabaseOptions> configure)
    {
        var options = new ClusterDatabaseOptions();
        configure(options);
        return builder.WithDatabaseCluster(options);
    }

    /// <summary>The same with options that were made elsewhere, bound from configuration for instance.</summary>
    /// <exception cref="ClusterRefusedException">The options do not fit together.</exception>
    public static AkkaConfigurationBuilder WithDatabaseCluster(this AkkaConfigurationBuilder builder, ClusterDatabaseOptions options)
    {
        options.Validate();
        var setup = new ClusterDatabaseSetup(options);
        builder.Setups.Add(setup);
        if (setup.Certificates is { } certificates)
        {
            MutualTls.AddTo(builder, certificates);
        }

        builder.AddHocon(
            options.ShardLeases ? ClusterSettings.Membership.WithFallback(ClusterSettings.Leases) : ClusterSettings.Membership, HoconAddMode.Prepend);
        return builder.StartActors((ActorStarter)((system, _) => ClusterMembership.For(system).StartAsync()));
    }

    /// <summary>
    /// Cluster Bootstrap of Akka.Management over the database's rows: no seed nodes, no second cluster. Needs
    /// <see cref="ClusterDatabaseOptions.ManagementUrl"/>, and <c>MapClusterContactPoint</c> on that port.
    /// </summary>
    /// <exception cref="ClusterRefusedException"><see cref="WithDatabaseCluster(AkkaConfigurationBuilder, ClusterDatabaseOptions)"/> was not called
    /// before, or there is no management address.</exception>
    public static AkkaConfigurationBuilder WithDatabaseBootstrap(this AkkaConfigurationBuilder builder)
    {
        var setup = builder.Setups.OfType<ClusterDatabaseSetup>().SingleOrDefault()
            ?? throw new ClusterRefusedException("WithDatabaseBootstrap needs WithDatabaseCluster before it.");
        var management = setup.Options.ManagementUrl
            ?? throw new ClusterRefusedException("WithDatabaseBootstrap needs ManagementUrl: other nodes ask there for seed nodes.");
        builder.AddHocon(ClusterSettings.Bootstrap(management), HoconAddMode.Prepend);
        return builder.AddStartup((system, _) =>
        {
            ClusterMembership.For(system).ExpectToJoin();
            var bootstrap = ClusterBootstrap.Get(system);
            bootstrap.Routes(ManagementRouteProviderSettings.Create(management, true));
            return bootstrap.Start();
        });
    }

    /// <summary>Says to which shard a persistence id of a region belongs, so that its writes are fenced by that shard's lease.</summary>
    /// <param name="region">Type name, as given to sharding.</param>
    /// <param name="shardOf">Shard id of a persistence id; null for one of another region.</param>
    /// <exception cref="ClusterRefusedException">WithDatabaseCluster was not called before, or has no leases.</exception>
    public static AkkaConfigurationBuilder WithLeasedRegion(
        this AkkaConfigurationBuilder builder, string region, Func<string, string?> shardOf)
    {
        var setup = builder.Setups.OfType<ClusterDatabaseSetup>().SingleOrDefault()
            ?? throw new ClusterRefusedException("WithLeasedRegion needs WithDatabaseCluster before it.");
        if (!setup.Options.ShardLeases)
        {
            throw new ClusterRefusedException("WithLeasedRegion needs leases: WithDatabaseCluster has ShardLeases = false.");
        }

        setup.Map.Register(region, shardOf);
        return builder;
    }
}
