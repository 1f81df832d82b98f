using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Remote.Hosting;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Hosting;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Plugin;
using AkkaScale.Journal.Hosting;
using AkkaScale.Sharding.Allocation;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;
using AkkaScale.Sharding.Routing;
using AkkaScale.Sharding.Serialization;

namespace AkkaScale.Tests.Cluster.Hosting;

/// <summary>The actor system of a node, put together as a user of the libraries would do it.</summary>
internal static class ProbeSystem
{
    /// <param name="map">Where the coordinator's map is taken over, of nodes that are steered.</param>
    public static void Configure(
        AkkaConfigurationBuilder akka, ProbeNodeSettings settings, Action<NodeEnd, string>? onEnd, ProbeShards shards, ShardMapView map)
    {
        akka
            .ConfigureLoggers(logging =>
            {
                logging.ClearLoggers();
                logging.AddLoggerFactory();
                logging.LogLevel = Akka.Event.LogLevel.InfoLevel;
            })
            .WithRemoting("127.0.0.1", settings.Port)
            .WithClustering()
            .WithDatabaseCluster(options =>
            {
                options.Store = settings.Store;
                options.ConnectionString = settings.ConnectionString;
                options.Cluster = settings.Cluster;
                options.NodeName = settings.Name;
                options.ManagementUrl = new Uri($"http://127.0.0.1:{settings.ManagementPort}");
                options.ShardCounts[ProbeShards.TypeName] = shards.Count;
                options.OnEnd = onEnd;
                options.Tls = settings.Tls;
                options.TimeToLive = settings.TimeToLive ?? options.TimeToLive;
                options.JoinTimeout = settings.JoinTimeout ?? options.JoinTimeout;
                options.StatementTimeout = settings.StatementTimeout ?? options.StatementTimeout;
            })
            .WithDatabaseBootstrap()
            .WithFencedSqlJournal(options =>
            {
                options.Store = settings.Store;
                options.ConnectionString = settings.ConnectionString;
                options.Cluster = settings.Cluster;
            })
            .WithCustomSerializer("probe", [typeof(IProbeMessage)], system => new ProbeSerializer(system))
            .WithCustomSerializer("sharding", [typeof(IShardingMessage)], system => new ShardingMessageSerializer(system))
            .AddHocon(Settings(settings), HoconAddMode.Prepend)
            .AddHocon(settings.IsToldAstray ? JoinsAstray : "", HoconAddMode.Prepend)
            .WithActors(async (system, registry, _) => await StartRegionAsync(system, registry, settings, shards, map));
    }

    private static string JoinsAstray { get; } =
        $"akka.management.cluster.bootstrap.join-decider.class = \"{typeof(AstrayJoinDecider).AssemblyQualifiedName}\"";

    private static IShardAllocationStrategy Strategy(ProbeNodeSettings settings) => settings switch
    {
        { IsSteered: true } => new SteeredAllocationStrategy(
            ProbeShards.TypeName, settings.Shards, new AllocationOptions { QuietFor = TimeSpan.FromSeconds(2) }),
        { FollowsLeases: true } => new HolderFirstAllocation(ProbeShards.TypeName),
        _ => ShardAllocationStrategy.LeastShardAllocationStrategy(10, 0.1),
    };

    private static async Task StartRegionAsync(
        ActorSystem system, IActorRegistry registry, ProbeNodeSettings settings, ProbeShards shards, ShardMapView map)
    {
        var membership = ClusterMembership.For(system);
        membership.RegisterRegion(ProbeShards.TypeName, shards.ShardOfPersistenceId);
        if (settings.IsSteered)
        {
            system.ActorOf(ShardMapActor.Props(map, region => new SteeredRegion(region, settings.Shards, null), TimeProvider.System), ShardMapActor.Name);
        }

        var region = await ClusterSharding.Get(system).StartAsync(
            ProbeShards.TypeName,
            TouchedActor.Or(id => Props.Create(() => new ProbeEntity(id, membership.Incarnation, () => membership.IsServing))),
            ClusterShardingSettings.Create(system),
            shards,
            Strategy(settings),
            StopEntity.Instance);
        registry.Register<ProbeEntity>(region);
    }

    private static string Settings(ProbeNodeSettings settings) =>
        $$"""
        # A link that is cut inside one process: Akka's own adapter swallows what passes.
        akka.remote.dot-netty.tcp.applied-adapters = [{{(settings.HasLinksToCut ? "trttl" : "")}}]
        # A node of this process that may not go on ends as a process would: it tells nobody.
        akka.coordinated-shutdown.run-by-actor-system-terminate = off
        akka.log-dead-letters = off
        akka.log-dead-letters-during-shutdown = off
        """;
}
