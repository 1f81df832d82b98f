using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.Tests.Store.Contract;

namespace AkkaScale.Tests.Store.Sqlite;

/// <summary>Two processes on one embedded store, and what happens when one of them stops at the worst moment.</summary>
[Collection(SqliteCollection.Name)]
public sealed class SqliteProcessTests(SqliteFixture fixture) : StoreTest(fixture)
{
    private static readonly TimeSpan ShortLease = TimeSpan.FromSeconds(1);

    private SqlitePlace Directory => (SqlitePlace)Place;

    [Fact]
    public async Task Two_processes_append_at_the_same_time_and_both_come_through()
    {
        const int count = 300;
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        await using var other = await OtherProcess.StartAsync(Directory.Directory, "append", 1, count);
        other.Go();
        var writer = OpenWriter(store);
        for (var number = 1; number <= count; number++)
        {
            await WriteAsync(writer, Slice(0, 1, Event(0, 1, number, "mine", number)));
        }

        Assert.Equal("done", await other.ReadLineAsync());
        await other.WaitForExitAsync();
        for (var shard = 0; shard < 2; shard++)
        {
            Assert.Equal(Enumerable.Range(1, count).Select(number => (long)number), (await ReadShardAsync(store, shard)).Select(happened => happened.Position));
        }
    }

    [Fact]
    public async Task A_dead_process_that_is_stopped_inside_a_write_transaction_is_ended_by_its_successor()
    {
        var store = await JoinAsync(ShortLease);
        await using var other = await OtherProcess.StartAsync(Directory.Directory, "hold journal", 3);
        await other.StopAsync();

        // Leases are in the other file: death can be declared.
        await SetStatusAsync(store, other.Incarnation, MemberStatus.Dead);
        Assert.Equal([new ShardEpoch(3, 2)], await AcquireAsync(store, new ShardClaim(3, other.Incarnation, 1)));
        await other.WaitForExitAsync();
        await WriteAsync(OpenWriter(store), Slice(3, 2, Event(3, 2, 1, "a", 1)));
    }

    [Fact]
    public async Task A_live_process_that_holds_the_lock_is_waited_for_and_named_but_never_ended()
    {
        var options = Directory.Options(NewIncarnation(), TimeSpan.FromMilliseconds(500));
        options.WriteTimeout = TimeSpan.FromSeconds(3);
        var store = Track(SqlitePlace.Create(options));
        await store.Cluster.OpenAsync(ClusterName, ShardCount, CancellationToken.None);
        await store.Cluster.JoinAsync(Member(store.Self), CancellationToken.None);
        await OwnAsync(store, 0);
        await using var other = await OtherProcess.StartAsync(Directory.Directory, "hold journal", 3);

        var outcome = await AppendAsync(OpenWriter(store), Slice(0, 1, Event(0, 1, 1, "a", 1)));
        Assert.Equal(SliceStatus.Unavailable, outcome.Status);
        Assert.Contains(other.Incarnation.ToString(), outcome.Detail);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => AcquireAsync(store, new ShardClaim(1, null, 0)));
        Assert.False(other.HasExited);

        // Leases do not wait for the journal.
        using var lease = store.Cluster.OpenLease(store.Self);
        Assert.Equal(WriteOutcome.Applied, lease.Renew(0, TimeSpan.FromSeconds(10), out _));

        // What was given up is not done when the lock comes free.
        other.Go();
        await other.WaitForExitAsync();
        await WriteAsync(OpenWriter(store), Slice(0, 1, Event(0, 1, 1, "b", 1)));
    }

    [Fact]
    public async Task A_process_that_is_stopped_inside_a_lease_transaction_is_ended_when_it_has_held_the_lock_for_a_leases_time()
    {
        var store = await JoinAsync(ShortLease);
        await using var other = await OtherProcess.StartAsync(Directory.Directory, "hold cluster", 3);
        await other.StopAsync();
        using var lease = store.Cluster.OpenLease(store.Self);
        Assert.Equal(WriteOutcome.Unknown, lease.Renew(0, ShortLease / 4, out _));
        Assert.False(other.HasExited);
        Assert.Equal(WriteOutcome.Applied, lease.Renew(0, TimeSpan.FromSeconds(30), out var counter));
        Assert.Equal(1, counter);
        await other.WaitForExitAsync();
    }
}
