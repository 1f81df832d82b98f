using System.Reflection;
using Akka.Actor;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;

namespace AkkaScale.Tests.Journal.Smoke;

public sealed class JournalTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task An_entity_without_a_lease_persists_recovers_and_counts_as_unfenced(StoreKind kind)
    {
        using var database = await TestDatabase.CreateAsync(kind, postgres.Server);
        await using var host = await JournalHost.StartAsync(database.Use);
        var entity = host.Start("plain-1");
        Assert.Equal("a", await JournalHost.AskAsync(entity, "a"));
        Assert.Equal("ab", await JournalHost.AskAsync(entity, "b"));
        Assert.Equal("saved", await JournalHost.AskAsync(entity, "snap"));
        Assert.Equal("abc", await JournalHost.AskAsync(entity, "c"));
        await host.StopAsync(entity);
        Assert.Equal("abc", await JournalHost.AskAsync(host.Start("plain-1"), "get"));
        Assert.Equal(3, host.Journal.Figures.UnfencedRows);
        Assert.Equal(3, await database.CountAsync("SELECT count(*) FROM journal WHERE lease_name IS NULL AND epoch IS NULL"));
        if (kind == StoreKind.Postgres)
        {
            Assert.Equal(3, await database.CountAsync("SELECT count(DISTINCT transaction_id) FROM journal"));
        }
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_write_under_a_lost_lease_stops_its_actor_and_tells_the_book_and_others_go_on(StoreKind kind)
    {
        using var database = await TestDatabase.CreateAsync(kind, postgres.Server);
        await using var host = await JournalHost.StartAsync(database.Use);
        await database.ExecuteAsync("INSERT INTO lease VALUES ('akkascale', 's1', 'me', 5), ('akkascale', 's2', 'me', 1)");
        host.Book.Hold("s1", 5);
        host.Book.Hold("s2", 1);
        var lost = new TaskCompletionSource<(string, long)>();
        host.Book.LeaseLost += (lease, epoch) => lost.TrySetResult((lease, epoch));
        var entity = host.Start("s1#x");
        var bystander = host.Start("s2#y");
        Assert.Equal("a", await JournalHost.AskAsync(entity, "a"));
        Assert.Equal("a", await JournalHost.AskAsync(bystander, "a"));
        Assert.Equal(5, await database.CountAsync("SELECT epoch FROM journal WHERE lease_name = 's1'"));

        await database.ExecuteAsync("UPDATE lease SET owner = 'thief', epoch = 6 WHERE name = 's1'");
        var end = host.EndOf(entity);
        entity.Tell("b");
        await end.WaitAsync(Patience);
        Assert.Equal(("s1", 5L), await lost.Task.WaitAsync(Patience));
        Assert.Equal("ab", await JournalHost.AskAsync(bystander, "b"));
        Assert.Equal(3, await database.CountAsync("SELECT count(*) FROM journal"));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_snapshot_under_a_lost_lease_is_not_saved_and_does_not_remove_the_new_owners(StoreKind kind)
    {
        using var database = await TestDatabase.CreateAsync(kind, postgres.Server);
        await using var host = await JournalHost.StartAsync(database.Use);
        await database.ExecuteAsync("INSERT INTO lease VALUES ('akkascale', 's1', 'me', 5)");
        host.Book.Hold("s1", 5);
        var entity = host.Start("s1#x");
        Assert.Equal("a", await JournalHost.AskAsync(entity, "a"));
        await database.ExecuteAsync("UPDATE lease SET owner = 'thief', epoch = 6");
        await database.ExecuteAsync(
            "INSERT INTO snapshot (persistence_id, sequence_number, created, manifest, serializer_id) VALUES ('s1#x', 1, 1, '', 1)");
        Assert.Equal("not saved", await JournalHost.AskAsync(entity, "snap"));
        // The delete that Akka sends after a failed save has gone before this one is answered.
        Assert.Equal("not saved", await JournalHost.AskAsync(entity, "snap"));
        Assert.Equal(1, await database.CountAsync("SELECT count(*) FROM snapshot"));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task One_entity_whose_number_is_taken_fails_alone_among_a_hundred(StoreKind kind)
    {
        using var database = await TestDatabase.CreateAsync(kind, postgres.Server);
        await using var host = await JournalHost.StartAsync(database.Use);
        var entities = Enumerable.Range(0, 100).Select(i => host.Start($"e-{i}")).ToList();
        await Task.WhenAll(entities.Select(entity => JournalHost.AskAsync(entity, "a")));
        await database.ExecuteAsync(
            "INSERT INTO journal (created, deleted, persistence_id, sequence_number, message) "
            + $"VALUES (0, {(kind == StoreKind.Postgres ? "false, 'e-37', 2, ''" : "0, 'e-37', 2, x''")})");
        var end = host.EndOf(entities[37]);
        entities[37].Tell("b");
        var others = entities.Where((_, i) => i != 37).Select(entity => JournalHost.AskAsync(entity, "b")).ToList();
        Assert.All(await Task.WhenAll(others), text => Assert.Equal("ab", text));
        await end.WaitAsync(Patience);
        Assert.Equal(200, await database.CountAsync("SELECT count(*) FROM journal"));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task An_entity_of_many_events_recovers_past_the_first_page(StoreKind kind)
    {
        using var database = await TestDatabase.CreateAsync(kind, postgres.Server);
        await using var host = await JournalHost.StartAsync(options =>
        {
            database.Use(options);
            options.RecoveryPage = 7;
        });
        var entity = host.Start("long");
        for (var i = 0; i < 20; i++)
        {
            await JournalHost.AskAsync(entity, "x");
        }

        await host.StopAsync(entity);
        Assert.Equal(new string('x', 20), await JournalHost.AskAsync(host.Start("long"), "get"));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_second_start_finds_the_schema_and_a_foreign_journal_is_refused(StoreKind kind)
    {
        using var database = await TestDatabase.CreateAsync(kind, postgres.Server);
        await (await JournalHost.StartAsync(database.Use)).DisposeAsync();
        await (await JournalHost.StartAsync(database.Use)).DisposeAsync();

        using var foreign = await TestDatabase.CreateAsync(kind, postgres.Server);
        await foreign.ExecuteAsync("CREATE TABLE journal (shard int, position bigint, entity_kind text, entity_id text)");
        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => JournalHost.StartAsync(foreign.Use));
        Assert.Contains("not of Akka.Persistence.Sql", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Text_that_cannot_be_stored_stops_its_own_actor_and_nobody_else(StoreKind kind)
    {
        using var database = await TestDatabase.CreateAsync(kind, postgres.Server);
        await using var host = await JournalHost.StartAsync(options =>
        {
            database.Use(options);
            options.CommandIdOf = payload => payload is "half" ? "\ud800" : payload is "nul" ? "\0" : null;
        });
        var bystander = host.Start("plain-1");
        foreach (var bad in new[] { "half", "nul" })
        {
            var entity = host.Start($"plain-{bad}");
            await JournalHost.AskAsync(entity, "get");
            var end = host.EndOf(entity);
            entity.Tell(bad);
            await end.WaitAsync(Patience);
        }

        Assert.Equal("a", await JournalHost.AskAsync(bystander, "a"));
        Assert.Equal(1, await database.CountAsync("SELECT count(*) FROM journal"));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_commands_id_stands_on_its_last_event_and_takes_effect_once(StoreKind kind)
    {
        using var database = await TestDatabase.CreateAsync(kind, postgres.Server);
        await using var host = await JournalHost.StartAsync(options =>
        {
            database.Use(options);
            options.CommandIdOf = payload => ((string)payload).Split(':') is [var id, _] ? id : null;
        });
        var entity = host.Start("plain-1");
        Assert.Equal("c1:ac1:b", await JournalHost.AskAsync(entity, "all c1:a c1:b"));
        Assert.Equal(2, await database.CountAsync("SELECT sequence_number FROM journal WHERE command_id = 'c1'"));
        var end = host.EndOf(entity);
        entity.Tell("c1:again");
        await end.WaitAsync(Patience);
        Assert.Equal(2, await database.CountAsync("SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task Akkas_scheduler_runs_before_the_first_entity_so_that_many_at_once_do_not_wait_for_its_start()
    {
        using var database = await TestDatabase.CreateAsync(StoreKind.Sqlite, postgres.Server);
        await using var host = await JournalHost.StartAsync(database.Use);

        // Akka does not tell. When an upgrade has renamed the field, look whether the scheduler still blocks whoever uses it first.
        var state = typeof(HashedWheelTimerScheduler).GetField("_workerState", BindingFlags.Instance | BindingFlags.NonPublic);
        Assert.NotNull(state);
        Assert.Equal(1, state.GetValue(host.System.Scheduler));
    }
}
