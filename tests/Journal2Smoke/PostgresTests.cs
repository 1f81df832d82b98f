using Akka.Actor;
using AkkaScale.Journal;

namespace AkkaScale.Tests.Journal2Smoke;

public sealed class PostgresTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task An_entity_without_a_lease_persists_recovers_and_counts_as_unfenced()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await using var host = await JournalHost.StartAsync(options => options.ConnectionString = database);
        var entity = host.Start("plain-1");
        Assert.Equal("a", await JournalHost.AskAsync(entity, "a"));
        Assert.Equal("ab", await JournalHost.AskAsync(entity, "b"));
        Assert.Equal("saved", await JournalHost.AskAsync(entity, "snap"));
        Assert.Equal("abc", await JournalHost.AskAsync(entity, "c"));
        await host.StopAsync(entity);
        Assert.Equal("abc", await JournalHost.AskAsync(host.Start("plain-1"), "get"));
        Assert.Equal(3, host.Journal.Figures.UnfencedRows);
        Assert.Equal(3L, await PostgresFixture.QueryAsync<long>(database,
            "SELECT count(*) FROM journal WHERE transaction_id IS NOT NULL AND lease_name IS NULL AND epoch IS NULL"));
    }

    [Fact]
    public async Task A_write_under_a_held_lease_carries_it_and_one_under_a_lost_lease_stops_the_actor_and_tells_the_book()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await using var host = await JournalHost.StartAsync(options => options.ConnectionString = database);
        await PostgresFixture.ExecuteAsync(database, "INSERT INTO lease VALUES ('akkascale', 's1', 'me', 5), ('akkascale', 's2', 'me', 1)");
        host.Book.Hold("s1", 5);
        host.Book.Hold("s2", 1);
        var lost = new TaskCompletionSource<(string, long)>();
        host.Book.LeaseLost += (lease, epoch) => lost.TrySetResult((lease, epoch));
        var entity = host.Start("s1#x");
        var bystander = host.Start("s2#y");
        Assert.Equal("a", await JournalHost.AskAsync(entity, "a"));
        Assert.Equal("a", await JournalHost.AskAsync(bystander, "a"));
        Assert.Equal(5L, await PostgresFixture.QueryAsync<long>(database, "SELECT epoch FROM journal WHERE lease_name = 's1'"));

        await PostgresFixture.ExecuteAsync(database, "UPDATE lease SET owner = 'thief', epoch = 6 WHERE name = 's1'");
        var watcher = host.EndOf(entity);
        entity.Tell("b");
        await watcher.WaitAsync(Patience);
        Assert.Equal(("s1", 5L), await lost.Task.WaitAsync(Patience));
        Assert.Equal("ab", await JournalHost.AskAsync(bystander, "b"));
        Assert.Equal(3L, await PostgresFixture.QueryAsync<long>(database, "SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task A_snapshot_under_a_lost_lease_is_not_saved_and_does_not_remove_the_new_owners()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await using var host = await JournalHost.StartAsync(options => options.ConnectionString = database);
        await PostgresFixture.ExecuteAsync(database, "INSERT INTO lease VALUES ('akkascale', 's1', 'me', 5)");
        host.Book.Hold("s1", 5);
        var entity = host.Start("s1#x");
        Assert.Equal("a", await JournalHost.AskAsync(entity, "a"));
        await PostgresFixture.ExecuteAsync(database,
            "UPDATE lease SET owner = 'thief', epoch = 6; INSERT INTO snapshot VALUES ('s1#x', 1, 1, '\\x22', '', 1)");
        Assert.Equal("not saved", await JournalHost.AskAsync(entity, "snap"));
        // The delete that Akka sends after a failed save has gone before this one is answered.
        Assert.Equal("not saved", await JournalHost.AskAsync(entity, "snap"));
        Assert.Equal(1L, await PostgresFixture.QueryAsync<long>(database, "SELECT count(*) FROM snapshot"));
    }

    [Fact]
    public async Task A_second_start_finds_the_schema_and_an_old_engines_database_is_refused_by_name()
    {
        var database = await postgres.Server.CreateDatabaseAsync();
        await (await JournalHost.StartAsync(options => options.ConnectionString = database)).DisposeAsync();
        await (await JournalHost.StartAsync(options => options.ConnectionString = database)).DisposeAsync();

        var old = await postgres.Server.CreateDatabaseAsync();
        await PostgresFixture.ExecuteAsync(old, "CREATE TABLE journal (shard int, position bigint, entity_kind text, entity_id text)");
        var refused = await Assert.ThrowsAsync<JournalRefusedException>(
            () => JournalHost.StartAsync(options => options.ConnectionString = old));
        Assert.Contains("engine before", refused.Message, StringComparison.Ordinal);
    }
}
