using System.Diagnostics;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Postgres;
using AkkaScale.Cluster.Storage;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Relays;
using Npgsql;

namespace AkkaScale.Tests.Cluster.Storage;

/// <summary>What only a server can do: end and outlive connections, hang, and be a copy.</summary>
[Collection(ClusterCollection.Name)]
public sealed class PostgresTests(PostgresServer server)
{
    private const string OwnBackend = "SELECT backend_pid FROM node WHERE incarnation = $1";

    private static readonly TimeSpan TimeToLive = new ClusterDatabaseOptions().TimeToLive;

    [Fact]
    public async Task A_terminated_server_process_costs_the_lock_until_the_incarnation_resumes()
    {
        using var database = await CreateAsync();
        var a = database.Start();
        var b = database.Start();
        var former = database.Read<int>(OwnBackend, a.Incarnation);
        Assert.True(database.Read<bool>("SELECT pg_terminate_backend($1, 5000)", former));
        Assert.False(b.Row(a.Incarnation).Locked);
        Assert.True(DatabaseErrors.IsAway(Record.Exception(() => a.Liveness.Renew())!));
        a.Liveness.Dispose();
        a.Resume();
        Assert.True(b.Row(a.Incarnation).Locked);
        Assert.Equal(1, b.Row(a.Incarnation).Renewals);
        Assert.NotEqual(former, database.Read<int>(OwnBackend, a.Incarnation));
    }

    [Fact]
    public async Task Resuming_ends_a_former_server_process_that_does_not_know_that_its_client_is_gone()
    {
        using var database = await CreateAsync();
        var a = database.Start();
        var former = a.Liveness;
        a.Resume();
        await Until.TrueAsync(() => a.Liveness.Renew() == NodeState.Live && Locks(database, a) == 1, "the lock has moved");
        Assert.True(DatabaseErrors.IsAway(Record.Exception(() => former.Renew())!));
        Assert.True(a.Row().Locked);
        former.Dispose();
    }

    [Fact]
    public async Task Resuming_does_not_end_another_process_that_has_the_number_by_now()
    {
        using var database = await CreateAsync();
        var a = database.Start();
        using var bystander = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await bystander.OpenAsync();
        database.Execute("UPDATE node SET backend_pid = $1", bystander.ProcessID);
        a.Liveness.Dispose();
        a.Resume();
        await using var command = new NpgsqlCommand("SELECT 1", bystander);
        Assert.Equal(1, await command.ExecuteScalarAsync());
    }

    [Fact]
    public async Task A_lock_that_cannot_be_had_keeps_no_renewal_waiting_and_is_had_later()
    {
        using var database = await CreateAsync();
        var a = database.Start();
        a.Liveness.Dispose();
        await Until.TrueAsync(() => a.Row().Locked == false, "the session has ended");
        await using (var holder = new NpgsqlConnection(database.ConnectionString + ";Pooling=false"))
        {
            await holder.OpenAsync();
            await using var command = new NpgsqlCommand("SELECT pg_advisory_lock($1)", holder)
            {
                Parameters = { new() { Value = SessionLock.KeyOf(a.Incarnation) } },
            };
            await command.ExecuteNonQueryAsync();
            a.Resume();
            Assert.Equal([NodeState.Live, NodeState.Live], [a.Liveness.Renew(), a.Liveness.Renew()]);
            Assert.Equal(3, a.Row().Renewals);
        }

        await Until.TrueAsync(() => a.Row().Locked == false, "the holder has ended");
        Assert.Equal(NodeState.Live, a.Liveness.Renew());
        Assert.True(a.Row().Locked);
    }

    [Fact]
    public async Task A_renewal_that_hangs_is_given_up_within_a_time_to_live()
    {
        using var database = await CreateAsync();
        var a = database.Start();
        await using var blocker = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await blocker.OpenAsync();
        await using var transaction = await blocker.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("SELECT 1 FROM node FOR UPDATE", blocker, transaction);
        await command.ExecuteNonQueryAsync();
        AssertGivenUp(() => a.Liveness.Renew());
    }

    [Fact]
    public async Task A_server_that_falls_silent_is_given_up_within_a_time_to_live()
    {
        using var database = await CreateAsync();
        await using var relay = new PostgresRelay(database.ConnectionString);
        var a = database.Start(options => options.ConnectionString = relay.ConnectionString);
        relay.BeginOutage(Manner.Silent);
        AssertGivenUp(() => a.Liveness.Renew());
        AssertGivenUp(() => a.Observer.Read([]));
        AssertGivenUp(() => a.Resume());
        relay.EndOutage();
        a.Liveness.Dispose();
        a.Resume();
        var b = database.Start();
        await Until.TrueAsync(() => a.Liveness.Renew() == NodeState.Live && b.Row(a.Incarnation).Locked == true, "the lock is held again");
    }

    [Fact]
    public async Task One_who_is_being_sent_away_while_it_takes_a_lease_does_not_get_it()
    {
        using var database = await CreateAsync();
        var a = database.Start();
        await using var other = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await other.OpenAsync();
        await using var transaction = await other.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("UPDATE node SET state = 'down'", other, transaction);
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
        var taking = Task.Run(() => a.Acquire("x"));
        await Until.TrueAsync(
            () => database.Read<long>("SELECT count(*) FROM pg_locks WHERE NOT granted") > 0, "the taker waits for its own row");
        await transaction.CommitAsync();
        Assert.Null((await taking).Owner);
    }

    [Fact]
    public async Task The_connections_of_a_dead_owner_are_ended_before_its_lease_is_taken_and_no_others()
    {
        using var database = await CreateAsync();
        var dead = database.Start();
        var live = database.Start();
        var b = database.Start();
        dead.Acquire("dead");
        live.Acquire("live");
        await using var ofDead = new NpgsqlConnection($"{database.ConnectionString};Pooling=false;Application Name={dead.Incarnation}");
        await using var ofLive = new NpgsqlConnection($"{database.ConnectionString};Pooling=false;Application Name={live.Incarnation}");
        await ofDead.OpenAsync();
        await ofLive.OpenAsync();
        b.DeclareNow(dead);
        b.Leases.Acquire(["dead", "live"]);
        await using (var command = new NpgsqlCommand("SELECT 1", ofLive))
        {
            Assert.Equal(1, await command.ExecuteScalarAsync());
        }

        await using var refused = new NpgsqlCommand("SELECT 1", ofDead);
        await Assert.ThrowsAnyAsync<NpgsqlException>(refused.ExecuteScalarAsync);
        Assert.Equal(NodeState.Live, live.Liveness.Renew());
    }

    [Fact]
    public async Task Epochs_are_raised_to_the_servers_timeline_and_only_grow()
    {
        using var database = await CreateAsync();
        var a = database.Start();
        a.Leases.Acquire(["below", "above"]);
        database.Execute("UPDATE lease SET epoch = 5 WHERE name = 'below'");
        database.Execute("UPDATE lease SET epoch = 3 * 1099511627776 WHERE name = 'above'");
        Assert.Equal([(1L << 40) + 1, (3L << 40) + 1], a.Leases.Acquire(["below", "above"]).Select(row => row.Epoch));
    }

    [Fact]
    public async Task A_dump_restored_on_another_server_is_refused_until_somebody_says_that_the_original_is_gone()
    {
        using var database = await CreateAsync();
        database.Start();
        Assert.True(database.Read<long>("SELECT count(*) FROM cluster WHERE length(database_identity) > 10") == 1);
        database.Execute("UPDATE cluster SET database_identity = '4711'");
        using var store = database.Create("a");
        var refused = Assert.Throws<ClusterRefusedException>(() => store.Open(StoreDatabase.Terms(), migrate: true));
        Assert.Contains("is a copy", refused.Message, StringComparison.Ordinal);
        foreach (var statement in refused.Message[refused.Message.IndexOf("UPDATE", StringComparison.Ordinal)..].TrimEnd('.').Split(';'))
        {
            database.Execute(statement);
        }

        store.Open(StoreDatabase.Terms(), migrate: true);
        Assert.Equal("dead", database.Read<string>("SELECT state FROM node"));
        Assert.NotEqual("4711", database.Read<string>("SELECT database_identity FROM cluster"));
    }

    [Fact]
    public async Task A_table_of_that_name_that_somebody_else_made_is_left_alone()
    {
        using var database = await CreateAsync();
        database.Execute("CREATE TABLE cluster (name text)");
        using var store = database.Create("a");
        var refused = Assert.Throws<ClusterRefusedException>(() => store.Open(StoreDatabase.Terms(), migrate: true));
        Assert.Contains("name another, empty database", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_server_that_would_lose_what_it_acknowledged_is_refused()
    {
        await using var weak = await PrivatePostgres.StartAsync("fsync=off");
        using var store = AkkaScale.Cluster.ClusterStores.Create(
            new ClusterDatabaseOptions { ConnectionString = await weak.CreateDatabaseAsync(), Cluster = StoreDatabase.Cluster }, "a");
        var refused = Assert.Throws<ClusterRefusedException>(() => store.Open(StoreDatabase.Terms(), migrate: true));
        Assert.Contains("fsync=off", refused.Message, StringComparison.Ordinal);
    }

    private static void AssertGivenUp(Action hanging)
    {
        var begin = Stopwatch.GetTimestamp();
        Assert.True(DatabaseErrors.IsAway(Record.Exception(hanging)!));
        Assert.InRange(Stopwatch.GetElapsedTime(begin), TimeSpan.FromMilliseconds(500), TimeToLive);
    }

    private static long Locks(StoreDatabase database, TestMember member) => database.Read<long>(
        "SELECT count(*) FROM pg_locks l JOIN node n ON n.incarnation = $1 AND l.pid = n.backend_pid WHERE l.locktype = 'advisory'",
        member.Incarnation);

    private Task<StoreDatabase> CreateAsync() => StoreDatabase.CreateAsync(StoreKind.Postgres, server);
}
