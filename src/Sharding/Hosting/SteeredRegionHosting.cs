using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Configuration;
using Akka.DependencyInjection;
using Akka.Hosting;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Options;
using AkkaScale.Sharding.Allocation;
using AkkaScale.Sharding.Inspection;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;
using AkkaScale.Sharding.Routing;
using AkkaScale.Sharding.Serialization;

namespace AkkaScale.Sharding.Hosting;

/// <summary>Puts a region of a program's own actors into a system, to be steered like those of entities.</summary>
public static class SteeredRegionHosting
{
    /// <summary>
    /// In place of Akka.Hosting's <c>WithShardRegion</c>, with its arguments. To be called after <c>WithDatabaseCluster</c>, on every member
    /// that asks the region: those without its role get a proxy.
    /// </summary>
    /// <param name="typeName">Of the region; tools name its shards <c>typeName/number</c>.</param>
    /// <param name="messageExtractor">Its shards are numbers from 0, as those of <see cref="HashCodeMessageExtractor"/> are.</param>
    /// <param name="shards">How many there are: fixed by the first start of the cluster, and checked by every later one.</param>
    /// <exception cref="ArgumentException">A setting that cannot work.</exception>
    /// <exception cref="ClusterRefusedException"><c>WithDatabaseCluster</c> was not called before, or has no leases.</exception>
    public static AkkaConfigurationBuilder WithSteeredShardRegion<TKey>(
        this AkkaConfigurationBuilder builder,
        string typeName,
        Func<string, Props> entityPropsFactory,
        IMessageExtractor messageExtractor,
        int shards,
        ShardOptions shardOptions) =>
        builder.WithSteeredShardRegion<TKey>(typeName, (_, _, _) => entityPropsFactory, messageExtractor, shards, shardOptions);

    /// <inheritdoc cref="WithSteeredShardRegion{TKey}(AkkaConfigurationBuilder, string, Func{string, Props}, IMessageExtractor, int, ShardOptions)"/>
    public static AkkaConfigurationBuilder WithSteeredShardRegion<TKey>(
        this AkkaConfigurationBuilder builder,
        string typeName,
        Func<ActorSystem, IActorRegistry, IDependencyResolver, Func<string, Props>> entityPropsFactory,
        IMessageExtractor messageExtractor,
        int shards,
        ShardOptions shardOptions)
    {
        var cluster = builder.Setups.OfType<ClusterDatabaseSetup>().SingleOrDefault();
        if (cluster?.Options.ShardLeases != true)
        {
            throw new ClusterRefusedException(
                "WithSteeredShardRegion needs WithDatabaseCluster before it, with leases: they say where a shard may run.");
        }

        var extractor = SteeredExtractor.Of(typeName, messageExtractor, shards);
        cluster.Options.ShardCounts[typeName] = shards;
        builder.AddSteeredRegions(null, cluster.Options.Time);
        return builder.StartActors(new ActorStarterWithResolver(async (system, registry, resolver) => registry.Register<TKey>(
            await StartAsync(system, typeName, entityPropsFactory(system, registry, resolver), extractor, shards, shardOptions))));
    }

    /// <summary>What all steered regions of a system need, once.</summary>
    /// <param name="allocation">Null: as another says, whether before or after, or the defaults.</param>
    internal static void AddSteeredRegions(this AkkaConfigurationBuilder builder, AllocationOptions? allocation, TimeProvider time)
    {
        var before = builder.Setups.OfType<SteeredRegionsSetup>().SingleOrDefault();
        builder.Setups.RemoveWhere(setup => setup is SteeredRegionsSetup);
        builder.Setups.Add(new SteeredRegionsSetup(allocation ?? before?.Allocation ?? new AllocationOptions(), time));
        if (before is not null)
        {
            return;
        }

        builder.WithCustomSerializer(
            "akkascale-sharding", [typeof(IShardingMessage)], system => new ShardingMessageSerializer(system));
        builder.StartActors((ActorStarter)((system, _) =>
        {
            system.ActorOf(NodeActor.Props(), NodeActor.Name);
            return Task.CompletedTask;
        }));
    }

    private static async Task<IActorRef> StartAsync(
        ActorSystem system, string region, Func<string, Props> entity, SteeredExtractor extractor, int shards, ShardOptions options)
    {
        var sharding = ClusterSharding.Get(system);
        var config = ConfigurationFactory.ParseString(options.ToString())
            .WithFallback(system.Settings.Config.GetConfig("akka.cluster.sharding"));
        var settings = ClusterShardingSettings.Create(config, system.Settings.Config.GetConfig(config.GetString("coordinator-singleton")));
        if (settings.RememberEntities)
        {
            throw new ArgumentException($"The region {region} remembers entities: a steered one starts shards, not entities, by itself.");
        }

        var regions = SteeredRegions.For(system);
        regions.Add(new SteeredRegion(region, shards, settings.Role));
        return await sharding.StartAsync(
            region, TouchedActor.Or(entity), settings, extractor, new SteeredAllocationStrategy(region, shards, regions.Allocation),
            options.HandOffStopMessage ?? PoisonPill.Instance);
    }
}
