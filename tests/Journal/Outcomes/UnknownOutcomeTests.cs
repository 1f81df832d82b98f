using Akka.Actor;
using AkkaScale.Tests.Journal.Plugins;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Relays;

namespace AkkaScale.Tests.Journal.Outcomes;

/// <summary>
/// The link to the database breaks under a batch. Whatever became of the batch is found out, and nobody notices but by waiting.
/// </summary>
[Collection(JournalCollection.Name)]
public sealed class UnknownOutcomeTests(PostgresServer server)
{
    public static TheoryData<Moment, Manner> Breaks
    {
        get
        {
            var all = new TheoryData<Moment, Manner>();
            foreach (var moment in Enum.GetValues<Moment>())
            {
                all.Add(moment, Manner.Cut);
                all.Add(moment, Manner.Silent);
            }

            return all;
        }
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_link_that_breaks_under_a_batch_costs_no_event_and_no_entity(Moment moment, Manner manner)
    {
        await using var story = await OutcomeCase.StartAsync(await server.CreateDatabaseAsync());
        await story.WriteAllAsync("before");
        for (var time = 1; time <= 3; time++)
        {
            var (id, _) = story.Entities[time];
            var trap = story.Relay.Set($"{id} trap {time}", moment, manner);
            await story.WriteAllAsync($"trap {time}");
            Assert.True(trap.Sprung.IsCompletedSuccessfully, "The trap has caught nothing.");
        }

        Assert.Equal(3, story.Node.Figures.Figures.UnknownOutcomes);
        await story.WriteAllAsync("after");
        await story.AssertNothingHappenedAsync();
    }

    [Theory]
    [MemberData(nameof(Breaks))]
    public async Task A_recovery_waits_for_a_write_in_doubt_and_then_sees_it(Moment moment, Manner manner)
    {
        await using var story = await OutcomeCase.StartAsync(await server.CreateDatabaseAsync(), entities: 8);
        await story.WriteAllAsync("before");
        var (id, actor) = story.Entities[0];
        var trap = story.Relay.Set($"{id} in doubt", moment, manner);
        actor.Tell($"{id} in doubt");
        story.Remember(id, "in doubt");
        await trap.Sprung.WaitAsync(OutcomeCase.Patience);

        // The entity goes and comes back while the outcome of its write is not known.
        await actor.GracefulStop(OutcomeCase.Patience);
        story.Entities[0] = story.Create(id);
        var recovered = await story.Entities[0].Actor.Ask<string[]>(new Entity.Texts(), OutcomeCase.Patience);
        Assert.Equal([$"{id} before", $"{id} in doubt"], recovered);

        await story.WriteAllAsync("after");
        await story.AssertNothingHappenedAsync(id);
    }

    [Fact]
    public async Task A_lease_that_is_taken_while_the_outcome_is_unknown_stops_its_shard_only()
    {
        await using var story = await OutcomeCase.StartAsync(await server.CreateDatabaseAsync());
        await story.WriteAllAsync("before");
        var (id, actor) = story.Entities[0];
        var trap = story.Relay.Set($"{id} never", Moment.BeforeTheStatement, Manner.Silent);
        actor.Tell($"{id} never");
        await trap.Sprung.WaitAsync(OutcomeCase.Patience);
        await LeaseTable.TakeAsync(story.Database.Connection, "shard-0", "node-b");

        await Until.TrueAsync(() => story.Tally.Ids("stopped").Contains(id), "the entity stopped", OutcomeCase.Patience);
        Assert.Equal([id], story.Tally.Ids("failed"));
        Assert.Equal([$"{id} before"], await story.Database.TextsAsync(id));
        story.Entities.RemoveAll(entity => entity.Id.StartsWith("shard-0/", StringComparison.Ordinal));
        await story.WriteAllAsync("after");
        Assert.Equal([id], story.Tally.Ids("stopped"));
    }

    [Fact]
    public async Task Backends_that_are_terminated_again_and_again_cost_nothing()
    {
        await using var story = await OutcomeCase.StartAsync(await server.CreateDatabaseAsync());
        for (var time = 0; time < 15; time++)
        {
            var writes = Enumerable.Range(0, 3).Select(async part =>
            {
                foreach (var (id, actor) in story.Entities.Where((_, number) => number % 3 == part))
                {
                    await story.WriteAsync(id, actor, $"text {time}");
                }
            }).ToList();
            await story.Database.ReadAsync<long>(
                """
                SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
                WHERE datname = current_database() AND pid <> pg_backend_pid()
                """);
            await Task.WhenAll(writes);
        }

        Assert.True(story.Node.Figures.Figures.UnknownOutcomes > 0, "No backend was ended under a batch: the test proves nothing.");
        await story.AssertNothingHappenedAsync();
    }
}
