using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Postgres;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.Tests.Store.Contract;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AkkaScale.Tests.Store.Postgres;

/// <summary>
/// The interleaving that breaks a missing fence, forced: an append has passed its checks and cannot finish (a foreign transaction holds its
/// position) while the shard is taken over.
/// </summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresFenceTests(PostgresFixture fixture) : StoreTest(fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_takeover_waits_for_the_append_in_flight_and_sees_its_events()
    {
        var (zombie, successor) = await PairAsync(TimeSpan.FromSeconds(60));
        await using var held = await HoldPositionAsync();
        var append = Task.Run(() => AppendAsync(OpenWriter(zombie), Slice(0, 1, Event(0, 1, 1, "a", 1))));
        await WaitUntilBlockedAsync(zombie.Self);
        var takeover = Task.Run(() => AcquireAsync(successor, new ShardClaim(0, zombie.Self, 1)));
        await WaitUntilBlockedAsync(successor.Self);
        Assert.False(takeover.IsCompleted);

        await held.RollbackAsync();
        Assert.Equal([new ShardEpoch(0, 2)], await takeover);
        Assert.Single(await ReadShardAsync(successor, 0));
        Assert.Equal(SliceStatus.Written, (await append).Status);
    }

    [Fact]
    public async Task Without_the_lock_an_event_of_the_old_epoch_is_committed_after_the_takeover()
    {
        var place = (PostgresPlace)Place;
        var options = place.Options(NewIncarnation());
        var broken = PostgresStore.CreateWithFence(options, TimeProvider.System, NullLoggerFactory.Instance, "ORDER BY o.shard");
        var zombie = Track(new OpenStore(broken, broken, options.Incarnation));
        await zombie.Cluster.OpenAsync(ClusterName, ShardCount, CancellationToken.None);
        await zombie.Cluster.JoinAsync(Member(zombie.Self), CancellationToken.None);
        await OwnAsync(zombie, 0);
        var successor = await JoinAsync();
        await SetStatusAsync(successor, zombie.Self, MemberStatus.Dead);

        await using var held = await HoldPositionAsync();
        var append = Task.Run(() => AppendAsync(OpenWriter(zombie), Slice(0, 1, Event(0, 1, 1, "a", 1))));
        await WaitUntilBlockedAsync(zombie.Self);
        Assert.Equal([new ShardEpoch(0, 2)], await AcquireAsync(successor, new ShardClaim(0, zombie.Self, 1)));
        Assert.Empty(await ReadShardAsync(successor, 0));

        await held.RollbackAsync();
        Assert.Equal(SliceStatus.Written, (await append).Status);
        Assert.Single(await ReadShardAsync(successor, 0));
    }

    [Fact]
    public async Task A_takeover_that_waits_too_long_ends_the_zombies_backends_and_the_append_never_lands()
    {
        var (zombie, successor) = await PairAsync(TimeSpan.FromSeconds(1.5));
        await using var held = await HoldPositionAsync();
        var append = Task.Run(() => AppendAsync(OpenWriter(zombie), Slice(0, 1, Event(0, 1, 1, "a", 1))));
        await WaitUntilBlockedAsync(zombie.Self);
        Assert.Equal([new ShardEpoch(0, 2)], await AcquireAsync(successor, new ShardClaim(0, zombie.Self, 1)));
        Assert.Equal(SliceStatus.Unknown, (await append).Status);
        await held.RollbackAsync();
        Assert.Empty(await ReadShardAsync(successor, 0));
    }

    [Fact]
    public async Task A_takeover_that_waits_for_a_live_stranger_gives_up_and_says_so()
    {
        var (zombie, successor) = await PairAsync(TimeSpan.FromSeconds(1.5));
        await using var connection = await ((PostgresPlace)Place).ConnectAsync();
        await using var stranger = await connection.BeginTransactionAsync();
        await using var locks = new NpgsqlCommand("SELECT 1 FROM shard_owner WHERE shard = 0 FOR SHARE", connection);
        await locks.ExecuteNonQueryAsync();
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AcquireAsync(successor, new ShardClaim(0, zombie.Self, 1)));
        await stranger.RollbackAsync();
        Assert.Equal([new ShardEpoch(0, 2)], await AcquireAsync(successor, new ShardClaim(0, zombie.Self, 1)));
    }

    [Fact]
    public async Task An_append_that_does_not_end_in_time_is_unknown_and_a_reload_settles_it()
    {
        var options = ((PostgresPlace)Place).Options(NewIncarnation());
        options.AppendTimeout = TimeSpan.FromSeconds(1);
        var store = Track(PostgresPlace.Create(options));
        await store.Cluster.OpenAsync(ClusterName, ShardCount, CancellationToken.None);
        await store.Cluster.JoinAsync(Member(store.Self), CancellationToken.None);
        await OwnAsync(store, 0);
        var writer = OpenWriter(store);
        await using var held = await HoldPositionAsync();
        Assert.Equal(SliceStatus.Unknown, (await AppendAsync(writer, Slice(0, 1, Event(0, 1, 1, "a", 1)))).Status);

        // The lost statement still runs in the server. The reload waits for it, so that what is read afterwards is final.
        var reload = Task.Run(() => AcquireAsync(store, new ShardClaim(0, store.Self, 1)));
        await held.RollbackAsync();
        Assert.Equal([new ShardEpoch(0, 2)], await reload);
        var head = await store.Journal.ReadHeadAsync(0, CancellationToken.None);
        await WriteAsync(writer, Slice(0, 2, Event(0, 2, head + 1, "b", 1)));
        Assert.Equal(head + 1, await store.Journal.ReadHeadAsync(0, CancellationToken.None));
    }

    private async Task<(OpenStore Zombie, OpenStore Successor)> PairAsync(TimeSpan successorTtl)
    {
        var zombie = await JoinAsync();
        await OwnAsync(zombie, 0);
        var successor = await JoinAsync(successorTtl);
        await SetStatusAsync(successor, zombie.Self, MemberStatus.Dead);
        return (zombie, successor);
    }

    /// <summary>A transaction that holds position 1 of shard 0 as long as it is neither committed nor rolled back.</summary>
    private async Task<HeldPosition> HoldPositionAsync()
    {
        var connection = await ((PostgresPlace)Place).ConnectAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var insert = new NpgsqlCommand(
            """
            INSERT INTO journal (shard, position, epoch, entity_kind, entity_id, sequence_nr, event_type, command_id, at, payload)
            VALUES (0, 1, 1, 'foreign', 'foreign', 1, 'foreign', gen_random_uuid(), now(), '')
            """, connection);
        await insert.ExecuteNonQueryAsync();
        return new HeldPosition(connection, transaction);
    }

    private async Task WaitUntilBlockedAsync(Incarnation incarnation)
    {
        await using var connection = await ((PostgresPlace)Place).ConnectAsync();
        await using var blocked = new NpgsqlCommand(
            "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND wait_event_type = 'Lock'", connection)
        {
            Parameters = { new() { Value = incarnation.ToString() } },
        };
        var deadline = DateTime.UtcNow + Patience;
        while ((long)(await blocked.ExecuteScalarAsync())! == 0)
        {
            Assert.True(DateTime.UtcNow < deadline, $"No backend of {incarnation} came to wait for a lock.");
            await Task.Delay(5);
        }
    }

    private sealed class HeldPosition(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public Task RollbackAsync() => transaction.RollbackAsync();

        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
