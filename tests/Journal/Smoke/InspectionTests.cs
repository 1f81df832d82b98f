using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using AkkaScale.Journal.Verification;

namespace AkkaScale.Tests.Journal.Smoke;

public sealed class InspectionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_good_journal_is_clean_and_each_kind_of_damage_is_named(StoreKind kind)
    {
        using var database = await TestDatabase.CreateAsync(kind, postgres.Server);
        await using var host = await JournalHost.StartAsync(database.Use);
        await database.ExecuteAsync("INSERT INTO lease VALUES ('akkascale', 's1', 'me', 5)");
        host.Book.Hold("s1", 5);
        foreach (var id in new[] { "s1#a", "s1#b", "s1#c", "plain-1" })
        {
            var entity = host.Start(id);
            foreach (var text in new[] { "x", "y", "z", "snap" })
            {
                await JournalHost.AskAsync(entity, text);
            }
        }

        var inspection = host.Journal.Inspection;
        var told = new Acknowledgement("s1#a", 3, null);
        var clean = await inspection.VerifyAsync([told], CancellationToken.None);
        Assert.Empty(clean.Violations);
        Assert.Equal((12, 3, 0), (clean.Events, clean.UnfencedEvents, clean.UnfencedAfterFenced));

        await database.ExecuteAsync("DELETE FROM journal WHERE persistence_id = 's1#a' AND sequence_number > 1");
        await database.ExecuteAsync("DELETE FROM journal WHERE persistence_id = 'plain-1' AND sequence_number = 2");
        await database.ExecuteAsync(
            "UPDATE journal SET epoch = 4, writer_uuid = 'other' WHERE persistence_id = 's1#b' AND sequence_number = 3");
        await database.ExecuteAsync("UPDATE journal SET epoch = 4 WHERE persistence_id = 's1#b' AND sequence_number = 1");
        await database.ExecuteAsync(
            "UPDATE journal SET lease_name = NULL, epoch = NULL WHERE persistence_id = 's1#c' AND sequence_number = 3");
        await database.ExecuteAsync("UPDATE lease SET epoch = 3");
        var broken = await inspection.VerifyAsync([told], CancellationToken.None);
        Assert.Equal(
            [("acknowledged", "s1#a"), ("epoch", "s1#b"), ("lease", "s1"), ("owner", "s1"), ("sequence", "plain-1")],
            broken.Violations.Select(violation => (violation.Rule, violation.Subject)).Order());
        Assert.Equal(1, broken.UnfencedAfterFenced);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Events_come_in_pages_and_statistics_count_by_kind(StoreKind kind)
    {
        using var database = await TestDatabase.CreateAsync(kind, postgres.Server);
        await using var host = await JournalHost.StartAsync(database.Use);
        await database.ExecuteAsync("INSERT INTO lease VALUES ('akkascale', 'task', 'me', 5)");
        host.Book.Hold("task", 5);
        var entity = host.Start("task#1-7");
        for (var i = 0; i < 5; i++)
        {
            await JournalHost.AskAsync(entity, "x");
        }

        await JournalHost.AskAsync(host.Start("user-1"), "x");
        await JournalHost.AskAsync(entity, "snap");
        var inspection = host.Journal.Inspection;
        var first = await inspection.ReadPageAsync("task#1-7", 1, 3, CancellationToken.None);
        Assert.Equal([1L, 2, 3], first.Events.Select(stored => stored.SequenceNr));
        Assert.All(first.Events, stored => Assert.Equal(("task", 5L, host.Journal.Writer), (stored.Lease, stored.Epoch, stored.Writer)));
        Assert.Equal(4, first.Next);
        var last = await inspection.ReadPageAsync("task#1-7", 4, 3, CancellationToken.None);
        Assert.Equal([4L, 5], last.Events.Select(stored => stored.SequenceNr));
        Assert.Null(last.Next);
        await database.ExecuteAsync("UPDATE journal SET manifest = 'rare' WHERE persistence_id = 'task#1-7' AND sequence_number IN (2, 5)");
        var rare = await inspection.ReadPageAsync("task#1-7", 1, 1, "rare", CancellationToken.None);
        Assert.Equal((2, 5), (Assert.Single(rare.Events).SequenceNr, rare.Next));

        var statistics = await inspection.StatisticsAsync(CancellationToken.None);
        Assert.Equal((6, 2, 1), (statistics.Events, statistics.Entities, statistics.UnfencedEvents));
        Assert.Equal((1, 1), (statistics.Snapshots, statistics.Leases));
        Assert.Equal([("task#1", 5L), ("user", 1L)], statistics.Kinds.Select(one => (one.Kind, one.Events)));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task One_lease_is_checked_and_counted_apart_from_the_others(StoreKind kind)
    {
        using var database = await TestDatabase.CreateAsync(kind, postgres.Server);
        await using var host = await JournalHost.StartAsync(database.Use);
        foreach (var lease in new[] { "s1", "s2" })
        {
            await database.ExecuteAsync($"INSERT INTO lease VALUES ('akkascale', '{lease}', 'me', 5)");
            host.Book.Hold(lease, 5);
        }

        foreach (var id in new[] { "s1#a", "s1#b", "s2#c" })
        {
            foreach (var text in new[] { "x", "y", "snap" })
            {
                await JournalHost.AskAsync(host.Start(id), text);
            }
        }

        var inspection = host.Journal.Inspection;
        Assert.Equal(
            [("s1", 4L, 2L, 2L), ("s2", 2L, 1L, 1L)],
            (await inspection.LeaseStatisticsAsync(CancellationToken.None))
                .Select(lease => (lease.Lease, lease.Events, lease.Entities, lease.Snapshots)));

        await database.ExecuteAsync("DELETE FROM journal WHERE persistence_id = 's2#c' AND sequence_number = 1");
        await database.ExecuteAsync("UPDATE journal SET lease_name = 's2' WHERE persistence_id = 's1#b' AND sequence_number = 2");
        var first = await VerifyAsync("s1");
        Assert.Equal((4, 2), (first.Events, first.Entities));
        Assert.Equal([new Violation("shard", "s1#b", "number 2 is fenced by s2")], first.Violations);
        var second = await VerifyAsync("s2");
        Assert.Equal((1, 1), (second.Events, second.Entities));
        Assert.Equal([new Violation("sequence", "s2#c", "number 2 after 0")], second.Violations);
        Assert.Equal((0, 0), await EmptyAsync());

        var last = await inspection.ReadLastAsync("s1#b", CancellationToken.None);
        Assert.Equal((2, "s2"), (last!.SequenceNr, last.Lease));
        Assert.Null(await inspection.ReadLastAsync("s1#none", CancellationToken.None));

        Task<LeaseVerification> VerifyAsync(string lease) =>
            inspection.VerifyAsync(lease, "s", id => id.StartsWith(lease + "#", StringComparison.Ordinal), CancellationToken.None);

        async Task<(long, long)> EmptyAsync()
        {
            var none = await inspection.VerifyAsync("s3", "s", _ => false, CancellationToken.None);
            Assert.Empty(none.Violations);
            return (none.Events, none.Entities);
        }
    }
}
