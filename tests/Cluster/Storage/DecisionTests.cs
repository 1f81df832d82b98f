using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Tests.Cluster.Storage;

/// <summary>The table of decisions: kept in order, bounded, and written without anybody waiting for it.</summary>
[Collection(ClusterCollection.Name)]
public sealed class DecisionTests(PostgresServer server)
{
    private static readonly DateTime Noon = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Decisions_are_read_by_every_member_in_order_and_of_a_shard_the_latest_first(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        using var mine = database.Start().Store.OpenDecisions();
        using var other = database.Start().Store.OpenDecisions();
        Assert.Equal(0, other.Latest());
        ShardDecision[] written =
        [
            Decision(1, ShardDecisionKind.Move) with { From = "n1", Reason = "it's \"noisy\"" },
            Decision(2, ShardDecisionKind.Home) with { Numbers = new Dictionary<string, double> { ["handOverSeconds"] = 0.125, ["nodes"] = 3 } },
            Decision(1, ShardDecisionKind.GivenUp) with { At = Noon.AddSeconds(1) },
        ];
        var highest = mine.Write(written);
        Assert.Equal(highest, other.Latest());
        var read = other.ReadAfter(0, 10);
        Assert.Equal(written.Select(Text), read.Select(Text));
        Assert.Equal(highest, read[^1].Nr);
        Assert.Equal(written[1].Numbers, read[1].Numbers);
        Assert.Equal([read[1]], other.ReadAfter(read[0].Nr, 1), (one, two) => one!.Nr == two!.Nr);
        Assert.Equal([read[2].Nr, read[0].Nr], other.ReadLatest("task", 1, 10).Select(each => each.Nr));
        Assert.Equal([read[2].Nr], other.ReadLatest("task", 1, 1).Select(each => each.Nr));
        Assert.Empty(other.ReadLatest("user", 1, 10));

        mine.Prune(read[1].Nr);
        Assert.Equal([read[2].Nr], other.ReadAfter(0, 10).Select(each => each.Nr));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Arrivals_are_the_latest_of_each_shard_of_a_region_since_a_time(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        using var session = database.Start().Store.OpenDecisions();
        session.Write(
        [
            Decision(1, ShardDecisionKind.Arrived) with { At = Noon.AddMinutes(-1) },
            Decision(2, ShardDecisionKind.Arrived) with { To = "n1" },
            Decision(2, ShardDecisionKind.Arrived) with { To = "n3" },
            Decision(3, ShardDecisionKind.Move),
            Decision(5, ShardDecisionKind.Arrived),
            Decision(4, ShardDecisionKind.Arrived) with { Region = "user" },
        ]);
        Assert.Equal([(2, "n3"), (5, "n2")], session.ReadArrivals("task", Noon).Select(each => (each.Shard, each.To)));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task What_is_noted_is_written_by_and_by(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        using var table = Table(database.Start().Store.OpenDecisions);
        for (var shard = 0; shard < 1_000; shard++)
        {
            table.Note(Decision(shard, ShardDecisionKind.Home));
        }

        await Until.TrueAsync(async () => (await table.ReadAfterAsync(0, 2_000)).Count == 1_000, "all decisions are written");
        Assert.Equal(Enumerable.Range(0, 1_000), (await table.ReadAfterAsync(0, 2_000)).Select(each => each.Shard));
        Assert.Equal(0, table.Lost);
    }

    [Fact]
    public async Task While_the_database_is_away_noting_waits_for_nothing_and_what_does_not_fit_is_lost_and_counted()
    {
        using var database = await StoreDatabase.CreateAsync(StoreKind.Sqlite, server);
        var store = database.Start().Store;
        var isAway = true;
        using var table = Table(() => isAway ? throw new IOException("It is away.") : store.OpenDecisions());
        for (var shard = 0; shard < 12_000; shard++)
        {
            table.Note(Decision(shard, ShardDecisionKind.Home));
        }

        Assert.InRange(table.Lost, 1_000, 2_000);
        isAway = false;
        await Until.TrueAsync(
            async () => (await table.ReadAfterAsync(0, 20_000)).Count == 12_000 - table.Lost, "what was not lost is written");
        Assert.Equal(0, (await table.ReadAfterAsync(0, 1)).Single().Shard);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task The_oldest_are_removed_when_there_are_too_many(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var store = database.Start().Store;
        using var session = store.OpenDecisions();
        session.Write([Decision(7, ShardDecisionKind.Home)]);
        database.Execute(
            $"INSERT INTO shard_decision (nr, cluster, at, region, shard, kind, to_node, reason, numbers, coordinator) "
            + (kind == StoreKind.Postgres ? "OVERRIDING SYSTEM VALUE " : "")
            + $"SELECT {DecisionTable.Kept + DecisionTable.PruneEvery}, cluster, at, region, shard, kind, to_node, reason, numbers, coordinator FROM shard_decision");
        if (kind == StoreKind.Postgres)
        {
            database.Execute($"ALTER TABLE shard_decision ALTER nr RESTART WITH {DecisionTable.Kept + DecisionTable.PruneEvery + 1}");
        }

        using var table = Table(store.OpenDecisions);
        table.Note(Decision(8, ShardDecisionKind.Home));
        await Until.TrueAsync(
            async () => (await table.ReadAfterAsync(0, 10)).Select(each => each.Shard).SequenceEqual([7, 8]), "the first one is removed");
    }

    private static DecisionTable Table(Func<IDecisionSession> open) =>
        new(open, TimeSpan.FromSeconds(20), TimeProvider.System, NullLogger.Instance);

    private static ShardDecision Decision(int shard, ShardDecisionKind kind) =>
        new("task", shard, kind, null, "n2", "because", new Dictionary<string, double>(), "n1") { At = Noon };

    private static string Text(ShardDecision decision) => $"{decision with { Nr = 0, Numbers = new Dictionary<string, double>() }}";
}
