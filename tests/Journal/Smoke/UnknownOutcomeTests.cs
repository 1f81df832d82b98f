using Akka.Persistence;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using AkkaScale.Tests.Support;
using Npgsql;

namespace AkkaScale.Tests.Journal.Smoke;

public sealed class UnknownOutcomeTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task An_append_whose_backend_is_ended_is_settled_and_written_once_and_a_recovery_waits_for_it()
    {
        using var database = await TestDatabase.CreateAsync(StoreKind.Postgres, postgres.Server);
        await using var host = await JournalHost.StartAsync(database.Use);
        var entity = host.Start("plain-1");
        await JournalHost.AskAsync(entity, "a");
        await using var blocker = await JournalBlocker.LockAsync(database);
        var answer = JournalHost.AskAsync(entity, "b");
        await blocker.WaitForWaiterAsync();
        await database.ExecuteAsync(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO journal%'");
        var recovered = JournalHost.AskAsync(host.Start("plain-1"), "get");
        await Conditions.UntilAsync(() => Task.FromResult(host.Journal.Figures.UnknownOutcomes == 1), "the outcome is unknown");
        await blocker.WaitForWaiterAsync();
        Assert.False(recovered.IsCompleted);
        await blocker.ReleaseAsync();
        Assert.Equal("ab", await answer);
        Assert.Equal("ab", await recovered.WaitAsync(Patience));
        Assert.Equal(2, await database.CountAsync("SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task A_statement_that_is_not_answered_in_time_is_ended_and_written_later()
    {
        using var database = await TestDatabase.CreateAsync(StoreKind.Postgres, postgres.Server);
        await using var host = await JournalHost.StartAsync(options =>
        {
            database.Use(options);
            options.StatementTimeout = TimeSpan.FromSeconds(2);
        });
        var entity = host.Start("plain-1");
        await JournalHost.AskAsync(entity, "a");
        await using var blocker = await JournalBlocker.LockAsync(database);
        var answer = JournalHost.AskAsync(entity, "b");
        await blocker.WaitForWaiterAsync();
        await Conditions.UntilAsync(() => Task.FromResult(host.Journal.Figures.UnknownOutcomes > 0), "the outcome is unknown");
        await blocker.ReleaseAsync();
        Assert.Equal("ab", await answer);
        Assert.Equal(2, await database.CountAsync("SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task A_server_that_crashes_and_comes_back_under_load_loses_nothing_and_stops_nobody()
    {
        await using var server = await PrivatePostgres.StartAsync("log_min_messages=fatal");
        using var database = await TestDatabase.CreateAsync(StoreKind.Postgres, server);
        await using var host = await JournalHost.StartAsync(database.Use);
        var entities = Enumerable.Range(0, 20).Select(i => host.Start($"e-{i}")).ToList();
        var load = entities.Select(async entity =>
        {
            for (var i = 1; i <= 60; i++)
            {
                Assert.Equal(new string('x', i), await JournalHost.AskAsync(entity, "x"));
            }
        }).ToList();
        await Conditions.UntilAsync(() => Task.FromResult(host.Journal.Figures.Rows > 200), "the load runs");
        await server.CrashAndRestartAsync();
        await Task.WhenAll(load).WaitAsync(Patience);
        NpgsqlConnection.ClearAllPools();
        Assert.Equal(1200, await database.CountAsync("SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task A_commit_whose_wait_for_a_replica_is_cut_short_is_not_acknowledged_before_a_later_commit_is_replicated()
    {
        await using var server = await PrivatePostgres.StartAsync("log_min_messages=fatal");
        using var database = await TestDatabase.CreateAsync(StoreKind.Postgres, server);
        await using var host = await JournalHost.StartAsync(options =>
        {
            database.Use(options);
            options.StatementTimeout = TimeSpan.FromSeconds(2);
        });
        var entity = host.Start("plain-1");
        await JournalHost.AskAsync(entity, "a");
        await database.ExecuteAsync("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        await database.ExecuteAsync("SELECT pg_reload_conf()");

        // The server takes a moment to heed it; a commit that comes before does not wait.
        await Conditions.UntilAsync(() => WaitsForReplicaAsync(database), "commits wait for the replica");
        var answer = JournalHost.AskAsync(entity, "b");
        await Conditions.UntilAsync(
            async () => await database.CountAsync(
                "SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity "
                + "WHERE wait_event = 'SyncRep' AND query LIKE '%INSERT INTO journal%'") > 0,
            "the commit waits for the replica");
        await Conditions.UntilAsync(() => Task.FromResult(host.Journal.Figures.UnknownOutcomes > 0), "the outcome is unknown");
        Assert.False(answer.IsCompleted);
        await database.ExecuteAsync("ALTER SYSTEM RESET synchronous_standby_names");
        await database.ExecuteAsync("SELECT pg_reload_conf()");
        Assert.Equal("ab", await answer);
        Assert.Equal(2, await database.CountAsync("SELECT count(*) FROM journal"));
    }

    [Fact]
    public async Task While_the_server_is_away_the_journal_is_unhealthy_and_writes_and_recoveries_wait()
    {
        await using var server = await PrivatePostgres.StartAsync("log_min_messages=fatal");
        using var database = await TestDatabase.CreateAsync(StoreKind.Postgres, server);
        await using var host = await JournalHost.StartAsync(database.Use);
        var entity = host.Start("plain-1");
        await JournalHost.AskAsync(entity, "a");
        Assert.Equal(PersistenceHealthStatus.Healthy, await HealthAsync(host));
        await server.CrashAsync();
        var answer = JournalHost.AskAsync(entity, "b");
        await Conditions.UntilAsync(async () => await HealthAsync(host) == PersistenceHealthStatus.Unhealthy, "the journal is unhealthy");
        var recovered = JournalHost.AskAsync(host.Start("plain-1"), "get");
        await server.CrashAndRestartAsync();
        Assert.Equal("ab", await answer);
        Assert.Equal("ab", await recovered);
        Assert.Equal(PersistenceHealthStatus.Healthy, await HealthAsync(host));
    }

    /// <summary>Makes a commit, and ends its wait if it does wait.</summary>
    private static async Task<bool> WaitsForReplicaAsync(TestDatabase database)
    {
        var waited = false;
        var commit = database.ExecuteAsync("SELECT pg_logical_emit_message(true, 'test', 'any')");
        while (!commit.IsCompleted)
        {
            waited |= await database.CountAsync("SELECT count(pg_cancel_backend(pid)) FROM pg_stat_activity WHERE wait_event = 'SyncRep'") > 0;
        }

        await commit;
        return waited;
    }

    private static async Task<PersistenceHealthStatus> HealthAsync(JournalHost host) =>
        (await Persistence.Instance.Apply(host.System).CheckJournalHealthAsync("akka.persistence.journal.sql")).Status;
}
