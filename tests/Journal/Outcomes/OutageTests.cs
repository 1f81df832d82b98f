using System.Globalization;
using Akka.Actor;
using AkkaScale.Tests.Journal.Plugins;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Relays;

namespace AkkaScale.Tests.Journal.Outcomes;

/// <summary>The database goes away and comes back.</summary>
[Collection(OutageCollection.Name)]
public sealed class OutageTests(PostgresServer server)
{
    /// <summary>A dozen times what a statement is waited for; tests/Journal/rounds.sh says half a minute.</summary>
    private static readonly TimeSpan Outage = TimeSpan.FromSeconds(
        int.Parse(Environment.GetEnvironmentVariable("AKKASCALE_OUTAGE_SECONDS") is { Length: > 0 } seconds ? seconds : "12", CultureInfo.InvariantCulture));

    [Theory]
    [InlineData(Manner.Cut)]
    [InlineData(Manner.Silent)]
    public async Task An_outage_is_waited_for(Manner manner)
    {
        await using var story = await OutcomeCase.StartAsync(await server.CreateDatabaseAsync());
        await story.WriteAllAsync("before");
        var (id, actor) = story.Entities[0];

        story.Relay.BeginOutage(manner);
        var outage = Task.Delay(Outage);
        actor.Tell($"{id} during");
        story.Remember(id, "during");
        var writes = Task.WhenAll(story.Entities.Skip(1).Select(entity => story.WriteAsync(entity.Id, entity.Actor, "during")));
        await Until.TrueAsync(
            () => story.Node.Figures.Figures is { Waiting: > 0 } or { Settling: true } or { Trouble: not null }, "writes wait");
        await actor.GracefulStop(OutcomeCase.Patience);
        story.Entities[0] = story.Create(id);
        var recovered = story.Entities[0].Actor.Ask<string[]>(new Entity.Texts(), OutcomeCase.Patience);
        await outage;
        Assert.False(recovered.IsCompleted, "An entity recovered without its database.");
        story.Relay.EndOutage();

        Assert.Equal([$"{id} before", $"{id} during"], await recovered);
        await writes;
        await story.WriteAllAsync("after");
        await story.AssertNothingHappenedAsync(id);
    }

    [Fact]
    public async Task A_write_that_Akka_has_given_up_is_seen_by_the_next_incarnation()
    {
        await using var story = await OutcomeCase.StartAsync(
            await server.CreateDatabaseAsync(), entities: 8, options => options.CallTimeout = TimeSpan.FromSeconds(4));
        await story.WriteAllAsync("before");
        var (id, actor) = story.Entities[0];

        story.Relay.BeginOutage(Manner.Silent);
        actor.Tell($"{id} given up");
        story.Remember(id, "given up");
        await Until.TrueAsync(() => story.Tally.Ids("stopped").Contains(id), "Akka gave the write up", OutcomeCase.Patience);
        Assert.Equal([id], story.Tally.Ids("failed"));
        Assert.Empty(story.Tally.Ids("rejected"));
        story.Relay.EndOutage();

        // The lane has not given up; whoever recovers waits for it, and its number is not given again.
        story.Entities[0] = story.Create(id);
        var recovered = await story.Entities[0].Actor.Ask<string[]>(new Entity.Texts(), OutcomeCase.Patience);
        Assert.Equal([$"{id} before", $"{id} given up"], recovered);
        await story.WriteAllAsync("after");
        Assert.Equal([$"{id} before", $"{id} given up", $"{id} after"], await story.Database.TextsAsync(id));
        Assert.Equal([id], story.Tally.Ids("stopped"));
    }

    [Fact]
    public async Task A_server_that_crashes_and_restarts_costs_no_event_and_no_entity()
    {
        await using var own = await PrivatePostgres.StartAsync("max_connections=100");
        await using var story = await OutcomeCase.StartAsync(await own.CreateDatabaseAsync());
        for (var time = 0; time < 3; time++)
        {
            using var end = new CancellationTokenSource();
            var load = story.Entities.Select(async entity =>
            {
                for (var number = 0; number < 3 || !end.IsCancellationRequested; number++)
                {
                    await story.WriteAsync(entity.Id, entity.Actor, $"{time} {number}");
                }
            }).ToList();
            await own.CrashAndRestartAsync();
            await end.CancelAsync();
            await Task.WhenAll(load);
        }

        await story.ReconnectAsync();
        await story.AssertNothingHappenedAsync();
    }
}
