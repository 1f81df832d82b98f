using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Cluster.Hosting.SBR;
using Akka.Cluster.Sharding;
using Akka.Hosting;
using Akka.Persistence.Sql.Hosting;
using Akka.Remote.Hosting;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Hosting;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Plugin;
using AkkaScale.Journal.Hosting;
using LinqToDB;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AkkaScale.StockKill;

/// <summary>A node's process: a sharded region of counters, and an HTTP port that asks it.</summary>
internal static class Node
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    public static async Task<int> RunAsync(NodeSettings settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.UseUrls($"http://127.0.0.1:{settings.HttpPort}");
        builder.Services.AddAkka("bench", akka => Configure(akka, settings));
        var app = builder.Build();
        app.MapGet("/up", (ActorSystem system) =>
            Akka.Cluster.Cluster.Get(system).State.Members.Count(member => member.Status == Akka.Cluster.MemberStatus.Up).ToString());
        app.MapPost("/{id}", AddAsync);
        if (settings.Variant == Variant.AkkaScale)
        {
            app.MapClusterContactPoint();
            app.MapClusterLink();
        }

        await app.RunAsync();
        return 0;
    }

    private static async Task<IResult> AddAsync(string id, ActorSystem system)
    {
        try
        {
            var added = await ActorRegistry.For(system).Get<Counter>().Ask<Added>(new Add(id), Patience);
            return Results.Text(added.Number.ToString());
        }
        catch (Exception error) when (error is AskTimeoutException or TaskCanceledException)
        {
            return Results.StatusCode(StatusCodes.Status503ServiceUnavailable);
        }
    }

    private static void Configure(AkkaConfigurationBuilder akka, NodeSettings settings)
    {
        akka.WithRemoting("127.0.0.1", settings.Port);
        if (settings.Variant == Variant.AkkaScale)
        {
            akka.WithClustering()
                .WithDatabaseCluster(options =>
                {
                    (options.Store, options.ConnectionString, options.Cluster) = (StoreKind.Postgres, settings.ConnectionString, "bench");
                    options.ManagementUrl = new Uri($"http://127.0.0.1:{settings.HttpPort}");
                    options.ShardCounts[Counter.Region] = Counter.Shards;
                })
                .WithLeasedRegion(Counter.Region, Counter.ShardOf)
                .WithDatabaseBootstrap()
                .WithFencedSqlJournal(options =>
                    (options.Store, options.ConnectionString, options.Cluster) = (StoreKind.Postgres, settings.ConnectionString, "bench"));
        }
        else
        {
            akka.WithClustering(new ClusterOptions
                {
                    SeedNodes = [$"akka.tcp://bench@127.0.0.1:{settings.Seed}"],
                    SplitBrainResolver = new KeepMajorityOption(),
                })
                .WithSqlPersistence(settings.ConnectionString, ProviderName.PostgreSQL15, autoInitialize: true);
            if (settings.Variant == Variant.Tuned)
            {
                // As long as the resolver waits: what may still run on the other side has ended by then.
                akka.AddHocon(
                    "akka.cluster { split-brain-resolver.stable-after = 7s, down-removal-margin = 7s }", HoconAddMode.Prepend);
            }
        }

        akka.WithActors(async (system, registry, _) => registry.Register<Counter>(await ClusterSharding.Get(system).StartAsync(
            Counter.Region,
            id => Props.Create(() => new Counter(id)),
            ClusterShardingSettings.Create(system),
            new Counter.Extractor(),
            Strategy(settings.Variant),
            PoisonPill.Instance)));
    }

    private static IShardAllocationStrategy Strategy(Variant variant)
    {
        var least = ShardAllocationStrategy.LeastShardAllocationStrategy(10, 0.1);
        return variant == Variant.AkkaScale ? new HolderFirstAllocation(Counter.Region, least) : least;
    }
}
