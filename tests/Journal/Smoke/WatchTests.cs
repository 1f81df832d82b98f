using AkkaScale.Journal.Options;
using AkkaScale.Journal.Postgres;
using AkkaScale.Journal.Writing;
using AkkaScale.Tests.Support;
using Npgsql;

namespace AkkaScale.Tests.Journal.Smoke;

/// <summary>A database that may have lost its tail is noticed on every new connection, pooled or not, before it is used.</summary>
public sealed class WatchTests
{
    [Fact]
    public async Task A_promoted_replica_is_reported_and_one_that_still_follows_is_not_used()
    {
        await using var primary = await PrivatePostgres.StartAsync("max_wal_senders=4");
        await using var standby = await primary.StartStandbyAsync();
        var reports = new List<(PostgresPosition Earlier, PostgresPosition Now)>();
        var watch = new PostgresWatch((earlier, now) => reports.Add((earlier, now)));
        Func<PostgresStoreSettings, PostgresWatch, NpgsqlDataSource>[] sources = [PostgresSources.Pool, PostgresSources.Unpooled];
        foreach (var make in sources)
        {
            await using var first = make(Settings(primary), watch);
            await using var connection = await first.OpenConnectionAsync();
            await using var following = make(Settings(standby), watch);
            var refused = await Assert.ThrowsAsync<NpgsqlException>(async () => await following.OpenConnectionAsync());
            Assert.Contains("standby in recovery", refused.Message, StringComparison.Ordinal);
        }

        Assert.Empty(reports);
        await using (var admin = new NpgsqlConnection(standby.AdminConnectionString + ";Pooling=false"))
        {
            await admin.OpenAsync();
            await using var promote = new NpgsqlCommand("SELECT pg_promote()", admin);
            await promote.ExecuteNonQueryAsync();
        }

        await using var promoted = PostgresSources.Unpooled(Settings(standby), watch);
        await using var second = await promoted.OpenConnectionAsync();
        var (earlier, now) = Assert.Single(reports);
        Assert.Equal((1, 2), (earlier.Timeline, now.Timeline));
    }

    [Theory]
    [InlineData(1, 100, false)]
    [InlineData(1, 150, false)]
    [InlineData(1, 99, true)]
    [InlineData(2, 200, true)]
    public void A_position_before_one_seen_or_another_timeline_may_lack_events(long timeline, long position, bool lost) =>
        Assert.Equal(lost, new PostgresPosition(1, 100).MayHaveLostItsTail(new PostgresPosition(timeline, position)));

    [Fact]
    public void Connections_that_open_side_by_side_and_answer_in_another_order_raise_no_alarm()
    {
        var reports = 0;
        var watch = new PostgresWatch((_, _) => reports++);
        watch.Look(before: null, new PostgresPosition(1, 100));

        var both = new PostgresPosition(1, 100);
        watch.Look(both, new PostgresPosition(1, 180));
        watch.Look(both, new PostgresPosition(1, 120));
        Assert.Equal(0, reports);

        watch.Look(new PostgresPosition(1, 180), new PostgresPosition(1, 150));
        Assert.Equal(1, reports);
    }

    [Theory]
    [InlineData("fsync=off", "fsync")]
    [InlineData("synchronous_commit=off", "synchronous_commit")]
    public async Task A_server_that_would_lose_acknowledged_events_is_refused(string setting, string named)
    {
        await using var server = await PrivatePostgres.StartAsync(setting);
        using var store = new PostgresStore(Settings(server));
        var refused = await Assert.ThrowsAsync<JournalRefusedException>(() => store.OpenAsync(CancellationToken.None));
        Assert.Contains(named, refused.Message, StringComparison.Ordinal);
    }

    private static PostgresStoreSettings Settings(PrivatePostgres server) => new(
        server.AdminConnectionString, new AppendNames("c", "me", "w"), Migrate: true, Readers: 2, TimeSpan.FromSeconds(10), AppendSql.Held,
        LostItsTail: null);
}
