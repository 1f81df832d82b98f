using Akka.Actor;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using Npgsql;

namespace AkkaScale.Tests.Journal.Smoke;

/// <summary>
/// The moment that decides: a takeover that has written the lease's row and has not committed yet when an append arrives.
/// </summary>
public sealed class FenceTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string WithoutLock =
        """
        SELECT slice.number
        FROM lease JOIN slice ON lease.name = slice.lease AND lease.epoch = slice.epoch
        WHERE lease.cluster = $3 AND lease.owner = $4
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_append_waits_for_a_takeover_under_way_and_is_refused_by_it()
    {
        using var database = await TestDatabase.CreateAsync(StoreKind.Postgres, postgres.Server);
        Assert.False(await AppendDuringTakeoverAsync(database, held: null));
        Assert.Equal(1, await database.CountAsync("SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task Without_the_lock_it_would_commit_before_the_takeover_and_be_missed_by_the_new_owner()
    {
        using var database = await TestDatabase.CreateAsync(StoreKind.Postgres, postgres.Server);
        Assert.True(await AppendDuringTakeoverAsync(database, WithoutLock));
        Assert.Equal(2, await database.CountAsync("SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task A_write_decided_under_an_epoch_that_was_lost_and_won_again_is_refused_though_the_lease_is_held()
    {
        using var database = await TestDatabase.CreateAsync(StoreKind.Postgres, postgres.Server);
        await using var host = await JournalHost.StartAsync(database.Use);
        await database.ExecuteAsync("INSERT INTO lease VALUES ('akkascale', 's1', 'me', 1)");
        host.Book.Hold("s1", 1);
        var lost = false;
        host.Book.LeaseLost += (_, _) => lost = true;
        var entity = host.Start("s1#x");
        await JournalHost.AskAsync(entity, "a");
        await using var blocker = await JournalBlocker.LockAsync(database);

        // A write of another shard keeps the lane busy. Behind it one of s1 is accepted by epoch 1, and meanwhile the lease goes to
        // another process and comes back.
        var busy = host.Start("plain");
        await JournalHost.AskAsync(entity, "get");
        var first = JournalHost.AskAsync(busy, "x");
        await blocker.WaitForWaiterAsync();
        var end = host.EndOf(entity);
        entity.Tell("b");
        await Conditions.UntilAsync(() => Task.FromResult(host.Journal.Figures.Waiting == 1), "the second write is queued");
        await database.ExecuteAsync("UPDATE lease SET epoch = 3 WHERE name = 's1'");
        host.Book.Hold("s1", 3);
        await blocker.ReleaseAsync();
        await first;
        await end.WaitAsync(Patience);
        Assert.False(lost);
        Assert.Equal(1, await database.CountAsync("SELECT count(*) FROM journal WHERE persistence_id = 's1#x'"));

        var again = host.Start("s1#x");
        Assert.Equal("ac", await JournalHost.AskAsync(again, "c"));
        Assert.Equal(3, await database.CountAsync("SELECT max(epoch) FROM journal"));
    }

    private static async Task<bool> AppendDuringTakeoverAsync(TestDatabase database, string? held)
    {
        await using var host = await JournalHost.StartAsync(options =>
        {
            database.Use(options);
            options.HeldQuery = held;
        });
        await database.ExecuteAsync("INSERT INTO lease VALUES ('akkascale', 's1', 'me', 1)");
        host.Book.Hold("s1", 1);
        var entity = host.Start("s1#x");
        await JournalHost.AskAsync(entity, "a");

        await using var taker = new NpgsqlConnection(database.ConnectionString);
        await taker.OpenAsync();
        await using var takeover = await taker.BeginTransactionAsync();
        await using var update = new NpgsqlCommand("UPDATE lease SET owner = 'thief', epoch = 2", taker, takeover);
        await update.ExecuteNonQueryAsync();
        var end = host.EndOf(entity);
        var answer = JournalHost.AskAsync(entity, "b");
        await Conditions.UntilAsync(
            async () => answer.IsCompleted || await database.CountAsync(
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR SHARE%'") > 0,
            "the append is answered or waits for the takeover");
        await takeover.CommitAsync();
        await Task.WhenAny(answer, end).WaitAsync(Patience);
        return answer.IsCompletedSuccessfully;
    }
}
