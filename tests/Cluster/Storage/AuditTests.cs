using AkkaScale.Cluster.Audit;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Storage;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Storage;

/// <summary>The audit table: rows before and after a call, in order, bounded.</summary>
[Collection(ClusterCollection.Name)]
public sealed class AuditTests(PostgresServer server)
{
    private static readonly AuditEntry Call = new(
        0, new DateTime(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc), "node-1", "otto", "", "operator", "127.0.0.1", "POST", "/shards/task/17/move",
        "shards/move", "task/17", "", null, AuditOutcome.Unknown);

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_row_stands_before_its_outcome_does_and_every_member_reads_it(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        using var mine = Open(database);
        using var other = Open(database);
        var nr = await mine.BeginAsync(Call);
        Assert.Equal([Call with { Nr = nr }], await other.ReadAsync(long.MaxValue, 10));

        var finished = Call with
        {
            Nr = nr,
            By = "jo",
            Action = "a",
            Target = "ü'; DROP TABLE audit; --",
            Why = "w",
            Status = 409,
            Outcome = AuditOutcome.Failed,
        };
        Assert.True(await mine.FinishAsync(finished));
        Assert.Equal([finished], await other.ReadAsync(long.MaxValue, 10));
        Assert.False(await mine.FinishAsync(finished with { Nr = nr + 1 }));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Pages_go_back_from_the_latest(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        using var table = Open(database);
        Assert.Empty(await table.ReadAsync(long.MaxValue, 2));
        for (var call = 1; call <= 5; call++)
        {
            await table.BeginAsync(Call with { Target = $"{call}" });
        }

        var first = await table.ReadAsync(long.MaxValue, 2);
        var second = await table.ReadAsync(first[^1].Nr, 2);
        var third = await table.ReadAsync(second[^1].Nr, 2);
        Assert.Equal(["5", "4", "3", "2", "1"], first.Concat(second).Concat(third).Select(entry => entry.Target));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Each_kind_of_call_is_kept_up_to_its_own_bound(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        using var session = database.Start().Store.OpenAudit();
        for (var call = 1; call <= 6; call++)
        {
            session.Begin(Call with { Target = $"{call}", Outcome = call % 2 == 0 ? AuditOutcome.Denied : AuditOutcome.Allowed });
        }

        session.Prune(calls: 3, denials: 3);
        Assert.Equal(6, session.Read(long.MaxValue, 10).Count);
        session.Prune(calls: 2, denials: 1);
        Assert.Equal(["6", "5", "3"], session.Read(long.MaxValue, 10).Select(entry => entry.Target));
    }

    /// <summary>More rows than are kept lie there already: the row at which the table looks for old ones removes them.</summary>
    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task The_table_looks_for_what_is_too_old_now_and_then(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        using var table = Open(database);
        await table.BeginAsync(Call);
        database.Execute(
            $"""
            WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < {AuditTable.KeptDenials + 20})
            INSERT INTO audit (at, node, who, by_whom, role, remote, method, path, action, target, why, status, outcome)
            SELECT (SELECT min(at) FROM audit), 'n', 'w', '', 'operator', '', 'POST', '/', '', '', '', 401, 2 FROM counter
            """);
        for (var call = 1; call <= AuditTable.PruneEvery; call++)
        {
            await table.BeginAsync(Call);
        }

        Assert.Equal(AuditTable.KeptDenials, database.Read<long>("SELECT count(*) FROM audit WHERE outcome = 2"));
        Assert.Equal(AuditTable.PruneEvery + 1, database.Read<long>("SELECT count(*) FROM audit WHERE outcome <> 2"));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task What_cannot_be_written_is_said_and_the_next_one_is_on_a_new_connection(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        using var table = Open(database);
        await table.BeginAsync(Call);
        database.Execute("ALTER TABLE audit RENAME TO elsewhere");
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => table.BeginAsync(Call));
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => table.ReadAsync(long.MaxValue, 1));
        database.Execute("ALTER TABLE elsewhere RENAME TO audit");
        await table.BeginAsync(Call);
        Assert.Equal(2, (await table.ReadAsync(long.MaxValue, 10)).Count);
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_so_and_nothing_is_written_for_him_later()
    {
        using var database = await StoreDatabase.CreateAsync(StoreKind.Sqlite, server);
        using var member = database.Start();
        using var isOpen = new ManualResetEventSlim();
        using var table = new AuditTable(
            () =>
            {
                isOpen.Wait();
                return member.Store.OpenAudit();
            },
            TimeSpan.FromMilliseconds(300), TimeProvider.System);
        var first = table.BeginAsync(Call with { Target = "first" });
        var second = table.BeginAsync(Call with { Target = "second" });
        await Assert.ThrowsAsync<TimeoutException>(() => first);
        await Assert.ThrowsAsync<TimeoutException>(() => second);
        isOpen.Set();
        using var reading = member.Store.OpenAudit();
        await Until.TrueAsync(() => reading.Read(long.MaxValue, 10).Count > 0, "the first call's row");
        Assert.Equal(["first"], reading.Read(long.MaxValue, 10).Select(entry => entry.Target));
    }

    private static AuditTable Open(StoreDatabase database) =>
        new(database.Start().Store.OpenAudit, TimeSpan.FromSeconds(10), TimeProvider.System);
}
