using Akka.Hosting;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Options;
using AkkaScale.Entities;
using AkkaScale.Sharding.Options;
using AkkaScale.Sharding.Serialization;

namespace AkkaScale.Sharding.Hosting;

/// <summary>Puts entities into a system.</summary>
public static class EntityShardingHosting
{
    /// <summary>
    /// A region for each kind on members of the role, and a proxy on all others. To be called after <c>WithDatabaseCluster</c> and
    /// <c>WithFencedSqlJournal</c>. The client is <see cref="EntitySharding.Client"/>.
    /// </summary>
    /// <exception cref="ArgumentException">Two kinds of one name, or a setting that cannot work.</exception>
    /// <exception cref="ClusterRefusedException"><c>WithDatabaseCluster</c> was not called before.</exception>
    public static AkkaConfigurationBuilder WithEntities(
        this AkkaConfigurationBuilder builder, IEnumerable<IEntityKind> kinds, Action<EntityShardingOptions>? configure = null)
    {
        var options = new EntityShardingOptions();
        configure?.Invoke(options);
        return builder.WithEntities(kinds, options);
    }

    /// <inheritdoc cref="WithEntities(AkkaConfigurationBuilder, IEnumerable{IEntityKind}, Action{EntityShardingOptions})"/>
    public static AkkaConfigurationBuilder WithEntities(
        this AkkaConfigurationBuilder builder, IEnumerable<IEntityKind> kinds, EntityShardingOptions options)
    {
        if (options.Validate().ToArray() is { Length: > 0 } problems)
        {
            throw new ArgumentException(string.Join(Environment.NewLine, problems));
        }

        var cluster = builder.Setups.OfType<ClusterDatabaseSetup>().SingleOrDefault()
            ?? throw new ClusterRefusedException("WithEntities needs WithDatabaseCluster before it.");
        var registry = new EntityKindRegistry(kinds);
        foreach (var kind in registry.Names)
        {
            cluster.Options.ShardCounts[kind] = options.ShardCount;
        }

        builder.AddSteeredRegions(options.Allocation, cluster.Options.Time);
        builder.Setups.Add(new EntityShardingSetup(registry, options, cluster.Options.Time));
        builder.AddHocon(EntityShardingSettings.For(options), HoconAddMode.Prepend);
        builder.WithCustomSerializer("akkascale-entities", EntitySerializer.Types, system => new EntitySerializer(system));
        return builder.StartActors((ActorStarter)((system, _) => EntitySharding.For(system).StartAsync()));
    }
}
