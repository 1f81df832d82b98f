using Akka.Actor;
using Akka.Cluster.Hosting;
using Akka.Hosting;
using Akka.Remote.Hosting;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Hosting;
using AkkaScale.Cluster.Options;
using AkkaScale.Entities;
using AkkaScale.Journal.Hosting;
using AkkaScale.Sharding;
using AkkaScale.Sharding.Hosting;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Hosting;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Relays;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace AkkaScale.Tests.Cluster.Entities;

/// <summary>Past its process's own deadline an entity answers no read from memory, for another process may own it by then.</summary>
[Collection(ClusterCollection.Name)]
public sealed class ServingDeadlineTests(PostgresServer server)
{
    private static readonly EntityCommand Show = new(new EntityKey(TallyKind.Name, "t"), new Show()) { IsRead = true };

    [Fact]
    public async Task A_node_without_its_database_answers_no_read_and_goes_on_when_it_is_back()
    {
        await using var database = await ProbeDatabase.CreateAsync(server);
        var relay = database.AddRelay();
        await using var app = Build(relay.ConnectionString);
        await Task.Run(() => app.StartAsync());
        var system = app.Services.GetRequiredService<ActorSystem>();
        var client = EntitySharding.For(system).Client;
        Assert.True((await client.AskAsync(new EntityCommand(Show.Entity, new Add(1)), default)).IsSuccess);
        Assert.Equal(1, (await client.AskAsync(Show, default)).Version);

        relay.BeginOutage(Manner.Cut);
        await Until.TrueAsync(() => !ClusterMembership.For(system).IsServing, "the deadline passes");
        var reply = await client.AskAsync(Show with { Timeout = TimeSpan.FromSeconds(1) }, default);

        // The second where the entity still waited for the database when the time was up.
        Assert.True(reply.Status is ReplyStatus.ShardUnavailable or ReplyStatus.DeadlineExceeded, $"{reply.Status} {reply.Code}");

        relay.EndOutage();
        Assert.Equal(1, (await client.AskAsync(Show, default)).Version);
        await app.StopAsync();
    }

    private static WebApplication Build(string database)
    {
        var management = new Uri($"http://127.0.0.1:{LoopbackPorts.Next()}");
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(management.ToString());
        builder.Services.AddAkka("deadline", akka => akka
            .WithRemoting("127.0.0.1", LoopbackPorts.Next())
            .WithClustering(new ClusterOptions { Roles = ["entity"] })
            .WithDatabaseCluster(options =>
                (options.Store, options.ConnectionString, options.ManagementUrl) = (StoreKind.Postgres, database, management))
            .WithDatabaseBootstrap()
            .WithFencedSqlJournal()
            .WithEntities([TallyKind.Create(snapshotEvery: 100)], options => options.ShardCount = 4));
        var app = builder.Build();
        app.MapClusterContactPoint();
        app.MapClusterLink();
        return app;
    }
}
