using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Postgres;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.Tests.Store.Contract;
using AkkaScale.Tests.Support;
using Npgsql;

namespace AkkaScale.Tests.Store.Postgres;

/// <summary>What only a server can do to a client.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresFaultTests(PostgresFixture fixture) : StoreTest(fixture)
{
    private static readonly TimeSpan RenewTimeout = TimeSpan.FromSeconds(10);

    private PostgresPlace Database => (PostgresPlace)Place;

    [Fact]
    public async Task A_definite_error_fails_the_guilty_shard_alone()
    {
        var store = await JoinAsync();
        await OwnAsync(store, [.. Enumerable.Range(0, 9)]);
        await Place.ExecuteAsync(
            """
            CREATE FUNCTION poison() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN IF NEW.entity_id = 'poison' THEN RAISE EXCEPTION 'poisoned' USING ERRCODE = '22000'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER poison BEFORE INSERT ON journal FOR EACH ROW EXECUTE FUNCTION poison();
            """);
        var outcomes = await OpenWriter(store).AppendAsync(
            [.. Enumerable.Range(0, 9).Select(shard => Slice(shard, 1, Event(shard, 1, 1, shard == 5 ? "poison" : $"e{shard}", 1)))]);
        Assert.Equal(
            Enumerable.Range(0, 9).Select(shard => shard == 5 ? SliceStatus.Rejected : SliceStatus.Written), outcomes.Select(outcome => outcome.Status));
        Assert.Contains("poisoned", outcomes[5].Detail);
        Assert.Empty(await ReadShardAsync(store, 5));
    }

    [Fact]
    public async Task A_commit_that_no_replica_confirmed_is_unknown()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        await Place.ExecuteAsync(
            """
            CREATE FUNCTION warn() RETURNS trigger LANGUAGE plpgsql AS
            $$ BEGIN RAISE WARNING 'canceling wait for synchronous replication'; RETURN NULL; END $$;
            CREATE TRIGGER warn AFTER INSERT ON journal EXECUTE FUNCTION warn();
            """);
        Assert.Equal(SliceStatus.Unknown, (await AppendAsync(OpenWriter(store), Slice(0, 1, Event(0, 1, 1, "a", 1)))).Status);
        Assert.Single(await ReadShardAsync(store, 0));
    }

    [Fact]
    public async Task A_read_only_database_is_unavailable_and_reads_go_on()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        await SetAsync("default_transaction_read_only = on");
        Assert.Equal(SliceStatus.Unavailable, (await AppendAsync(OpenWriter(store), Slice(0, 1, Event(0, 1, 1, "a", 1)))).Status);
        Assert.Equal(0, await store.Journal.ReadHeadAsync(0, CancellationToken.None));
    }

    [Fact]
    public async Task A_broken_connection_is_unknown_a_refused_one_unavailable_and_the_writer_comes_back()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var writer = OpenWriter(store);
        await WriteAsync(writer, Slice(0, 1, Event(0, 1, 1, "a", 1)));
        await AllowConnectionsAsync(false);
        await TerminateAsync(store.Self);
        Assert.Equal(SliceStatus.Unknown, (await AppendAsync(writer, Slice(0, 1, Event(0, 1, 2, "a", 2)))).Status);
        Assert.Equal(SliceStatus.Unavailable, (await AppendAsync(writer, Slice(0, 1, Event(0, 1, 2, "a", 2)))).Status);
        await AllowConnectionsAsync(true);
        await WriteAsync(writer, Slice(0, 1, Event(0, 1, 2, "a", 2)));
    }

    [Fact]
    public async Task A_database_that_cannot_be_reached_is_unavailable_not_refused()
    {
        var options = Database.Options(NewIncarnation());
        options.ConnectionString = new NpgsqlConnectionStringBuilder(options.ConnectionString) { Port = 1 }.ConnectionString;
        var store = Track(PostgresPlace.Create(options));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Cluster.OpenAsync(ClusterName, ShardCount, CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => store.Cluster.ReadAsync(CancellationToken.None));
        Assert.Equal(WriteOutcome.Unknown, await store.Cluster.JoinAsync(Member(store.Self), CancellationToken.None));
        using var lease = store.Cluster.OpenLease(store.Self);
        Assert.Equal(WriteOutcome.Unknown, lease.Renew(0, RenewTimeout, out _));
    }

    [Fact]
    public async Task A_renewal_without_answer_is_unknown_and_the_counter_it_raised_is_accepted_later()
    {
        var store = await JoinAsync();
        using var lease = store.Cluster.OpenLease(store.Self);
        Assert.Equal(WriteOutcome.Applied, lease.Renew(0, RenewTimeout, out _));
        await TerminateAsync(store.Self);
        Assert.Equal(WriteOutcome.Unknown, lease.Renew(1, RenewTimeout, out _));

        // As if the lost renewal had been applied after all.
        await Place.ExecuteAsync("UPDATE member SET renew_counter = renew_counter + 1");
        Assert.Equal(WriteOutcome.Applied, lease.Renew(1, RenewTimeout, out var counter));
        Assert.Equal(3, counter);
        await Place.ExecuteAsync("UPDATE member SET renew_counter = renew_counter + 2");
        Assert.Equal(WriteOutcome.Refused, lease.Renew(3, RenewTimeout, out _));
    }

    [Fact]
    public async Task A_renewal_that_waits_for_a_lock_is_unknown_in_time()
    {
        var store = await JoinAsync();
        using var lease = store.Cluster.OpenLease(store.Self);
        await using var connection = await Database.ConnectAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        await using var locks = new NpgsqlCommand("SELECT 1 FROM member FOR UPDATE", connection);
        await locks.ExecuteNonQueryAsync();
        Assert.Equal(WriteOutcome.Unknown, lease.Renew(0, TimeSpan.FromSeconds(1), out _));
        await transaction.RollbackAsync();
        Assert.Equal(WriteOutcome.Applied, lease.Renew(0, RenewTimeout, out var counter));
        Assert.InRange(counter, 1, 2);
    }

    [Fact]
    public async Task Weak_synchronous_commit_is_refused()
    {
        await SetAsync("synchronous_commit = off");
        var refused = await Assert.ThrowsAsync<ClusterRefusedException>(() => OpenAsync());
        Assert.Contains("synchronous_commit=off", refused.Message);
    }

    [Fact]
    public async Task A_server_without_fsync_is_refused()
    {
        await using var server = await PrivatePostgres.StartAsync("fsync=off");
        await using var store = PostgresPlace.Create(new PostgresStoreOptions
        {
            ConnectionString = await server.CreateDatabaseAsync(),
            Incarnation = NewIncarnation(),
        });
        var refused = await Assert.ThrowsAsync<ClusterRefusedException>(
            () => store.Cluster.OpenAsync(ClusterName, ShardCount, CancellationToken.None));
        Assert.Contains("fsync=off", refused.Message);
    }

    [Fact]
    public async Task Backends_carry_the_incarnation_and_the_bounds_of_the_lease()
    {
        var store = await JoinAsync(TimeSpan.FromSeconds(3));
        await OwnAsync(store, 0);
        await WriteAsync(OpenWriter(store), Slice(0, 1, Event(0, 1, 1, "a", 1)));
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT count(*) FROM pg_stat_activity WHERE application_name = $1", connection)
        {
            Parameters = { new() { Value = store.Self.ToString() } },
        };
        Assert.True((long)(await command.ExecuteScalarAsync())! >= 2);
    }

    [Fact]
    public async Task A_renewal_that_sees_another_database_raises_the_generation_and_fences_everybody()
    {
        var store = await JoinAsync();
        var other = await JoinAsync();
        await OwnAsync(store, 0, 1);
        using var lease = store.Cluster.OpenLease(store.Self);
        using var otherLease = other.Cluster.OpenLease(other.Self);
        Assert.Equal(WriteOutcome.Applied, otherLease.Renew(0, RenewTimeout, out _));
        var writer = OpenWriter(store);
        await WriteAsync(writer, Slice(0, 1, Event(0, 1, 1, "a", 1)));

        await PretendFailoverAsync();
        Assert.Equal(WriteOutcome.Refused, lease.Renew(0, RenewTimeout, out _));
        var reading = await other.Cluster.ReadAsync(CancellationToken.None);
        Assert.Equal(1, reading.Identity.Generation);
        Assert.All(reading.Owners, owner => Assert.Equal((null, 1L << 32), (owner.Owner, owner.Epoch)));
        Assert.Equal(SliceStatus.Fenced, (await AppendAsync(writer, Slice(0, 1, Event(0, 1, 2, "a", 2)))).Status);

        // The other one's memory is of the old generation too, although its member row is untouched.
        Assert.Equal(WriteOutcome.Refused, otherLease.Renew(1, RenewTimeout, out _));

        var later = await JoinAsync();
        Assert.Equal([new ShardEpoch(0, (1L << 32) + 1)], await AcquireAsync(later, new ShardClaim(0, null, 1L << 32)));
        using var laterLease = later.Cluster.OpenLease(later.Self);
        Assert.Equal(WriteOutcome.Applied, laterLease.Renew(0, RenewTimeout, out _));
    }

    [Fact]
    public async Task Whoever_connects_first_after_a_failover_raises_the_generation_once()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        await PretendFailoverAsync();
        var opened = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(
            () => CreateStore().Cluster.OpenAsync(ClusterName, ShardCount, CancellationToken.None))));
        Assert.All(opened, identity => Assert.Equal(1, identity.Generation));
        Assert.Equal(SliceStatus.Fenced, (await AppendAsync(OpenWriter(store), Slice(0, 1, Event(0, 1, 1, "a", 1)))).Status);
    }

    [Fact]
    public async Task A_former_primary_is_not_used()
    {
        var store = await JoinAsync();
        await PretendFailoverAsync();
        var later = await JoinAsync();
        using var lease = later.Cluster.OpenLease(later.Self);
        Assert.Equal(WriteOutcome.Applied, lease.Renew(0, RenewTimeout, out _));
        await Place.ExecuteAsync("UPDATE cluster SET generation = 0");
        Assert.Equal(WriteOutcome.Unknown, lease.Renew(1, RenewTimeout, out _));
        Assert.Equal(SliceStatus.Unavailable, (await AppendAsync(OpenWriter(later), Slice(0, 1, Event(0, 1, 1, "a", 1)))).Status);
    }

    // What a promoted standby looks like from inside: the recorded timeline is the one before.
    private Task PretendFailoverAsync() =>
        Place.ExecuteAsync("UPDATE cluster SET database_identity = split_part(database_identity, '/', 1) || '/00000000'");

    private Task SetAsync(string setting) =>
        Place.ExecuteAsync($"DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET {setting}', current_database()); END $$");

    private async Task AllowConnectionsAsync(bool isAllowed)
    {
        var name = new NpgsqlConnectionStringBuilder(Database.ConnectionString).Database;
        await OnAdminAsync($"ALTER DATABASE \"{name}\" ALLOW_CONNECTIONS {isAllowed}");
    }

    private Task TerminateAsync(Incarnation incarnation) =>
        OnAdminAsync($"SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = '{incarnation}'");

    private async Task OnAdminAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(
            new NpgsqlConnectionStringBuilder(Database.ConnectionString) { Database = "postgres", Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
