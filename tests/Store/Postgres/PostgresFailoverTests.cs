using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Postgres;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.Tests.Store.Contract;
using AkkaScale.Tests.Support;
using Npgsql;

namespace AkkaScale.Tests.Store.Postgres;

/// <summary>A real promotion: an asynchronous replica that lacks the last acknowledged event becomes the primary.</summary>
[Collection(PostgresCollection.Name)]
public sealed class PostgresFailoverTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task After_a_promotion_that_lost_a_tail_everybody_is_fenced_and_begins_anew()
    {
        await using var primary = await PrivatePostgres.StartAsync("max_wal_senders=5");
        await using var standby = await primary.StartStandbyAsync();
        var connectionString = BothHosts(await primary.CreateDatabaseAsync(), standby);
        await using var store = await OpenAsync(connectionString);
        await store.Cluster.AcquireAsync(store.Self, [new ShardClaim(0, null, 0)], "first", CancellationToken.None);
        using var lease = store.Cluster.OpenLease(store.Self);
        await using var writer = store.Journal.OpenWriter(store.Self, 0);
        Assert.Equal(WriteOutcome.Applied, lease.Renew(0, TimeSpan.FromSeconds(10), out var counter));
        Assert.Equal(SliceStatus.Written, await AppendAsync(writer, 1));
        await WaitForReplayAsync(primary, standby);
        await ExecuteAsync(standby, "ALTER SYSTEM SET primary_conninfo = ''", "SELECT pg_reload_conf()");
        await WaitForAsync(standby, "SELECT count(*) = 0 FROM pg_stat_wal_receiver", "the replica to let go of the primary");
        Assert.Equal(SliceStatus.Written, await AppendAsync(writer, 2));

        await primary.CrashAsync();
        Assert.Equal(SliceStatus.Unknown, await AppendAsync(writer, 3));
        Assert.Equal(WriteOutcome.Unknown, lease.Renew(counter, TimeSpan.FromSeconds(10), out _));
        Assert.Equal(SliceStatus.Unavailable, await AppendAsync(writer, 3));
        await ExecuteAsync(standby, "SELECT pg_promote()");

        // Position 2 is lost. The old owner's memory holds it, and must not be continued from.
        Assert.Equal(SliceStatus.Fenced, await AppendAsync(writer, 2));
        Assert.Equal(WriteOutcome.Refused, lease.Renew(counter, TimeSpan.FromSeconds(10), out _));
        await using var later = await OpenAsync(connectionString);
        var reading = await later.Cluster.ReadAsync(CancellationToken.None);
        Assert.Equal(1, reading.Identity.Generation);
        Assert.EndsWith("/00000002", reading.Identity.DatabaseIdentity);
        Assert.Equal(1, await later.Journal.ReadHeadAsync(0, CancellationToken.None));
        Assert.Equal(
            [new ShardEpoch(0, (1L << 32) + 1)],
            await later.Cluster.AcquireAsync(later.Self, [new ShardClaim(0, null, 1L << 32)], "takeover", CancellationToken.None));
    }

    private static string BothHosts(string database, PrivatePostgres standby)
    {
        var primary = new NpgsqlConnectionStringBuilder(database);
        var other = new NpgsqlConnectionStringBuilder(standby.AdminConnectionString);
        return $"Host={primary.Host}:{primary.Port},{other.Host}:{other.Port};Username=postgres;Database={primary.Database};Target Session Attributes=primary;Host Recheck Seconds=0";
    }

    private static async Task<OpenStore> OpenAsync(string connectionString)
    {
        var store = PostgresPlace.Create(new PostgresStoreOptions
        {
            ConnectionString = connectionString,
            Incarnation = new Incarnation(Guid.NewGuid()),
            LeaseTtl = TimeSpan.FromSeconds(30),
        });
        await store.Cluster.OpenAsync("test", 4, CancellationToken.None);
        var member = new MemberSnapshot(store.Self, "node", "", "", ["entity"], "", MemberStatus.Joining, 0, DateTimeOffset.UnixEpoch, "");
        Assert.Equal(WriteOutcome.Applied, await store.Cluster.JoinAsync(member, CancellationToken.None));
        return store;
    }

    private static async Task<SliceStatus> AppendAsync(IJournalWriter writer, long position)
    {
        var happened = new JournalEvent(
            0, position, 1, new EntityKey("thing", "a"), position, "happened", "{}"u8.ToArray(), Guid.NewGuid(), default, default, DateTimeOffset.UnixEpoch);
        return (await writer.AppendAsync([new ShardSlice(0, 1, [happened], [], [])]))[0].Status;
    }

    private static async Task WaitForReplayAsync(PrivatePostgres primary, PrivatePostgres standby)
    {
        await using var connection = new NpgsqlConnection(primary.AdminConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand("SELECT pg_current_wal_flush_lsn()::text", connection);
        var written = (string)(await command.ExecuteScalarAsync())!;
        await WaitForAsync(standby, $"SELECT pg_last_wal_replay_lsn() >= '{written}'::pg_lsn", $"the replica to replay {written}");
    }

    private static async Task WaitForAsync(PrivatePostgres server, string condition, string what)
    {
        await using var connection = new NpgsqlConnection(server.AdminConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(condition, connection);
        var deadline = DateTime.UtcNow + Patience;
        while (!(bool)(await command.ExecuteScalarAsync())!)
        {
            Assert.True(DateTime.UtcNow < deadline, $"Waited in vain for {what}.");
            await Task.Delay(20);
        }
    }

    private static async Task ExecuteAsync(PrivatePostgres server, params string[] statements)
    {
        await using var connection = new NpgsqlConnection(server.AdminConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync();
        }
    }
}
