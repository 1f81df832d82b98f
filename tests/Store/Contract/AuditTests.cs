using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Audit;

namespace AkkaScale.Tests.Store.Contract;

/// <summary>The audit log: rows before and after, in order, bounded.</summary>
public abstract class AuditTests(IStoreFixture fixture) : StoreTest(fixture)
{
    private static readonly AuditEntry Call = new(
        0, Noon, "node-1", "otto", "", "operator", "127.0.0.1", "POST", "/shards/17/pin", "shards/pin", "17", "", null, AuditOutcome.Unknown);

    [Fact]
    public async Task A_row_stands_before_its_outcome_does()
    {
        var store = await OpenAsync();
        var nr = await Log(store).BeginAuditAsync(Call, CancellationToken.None);
        Assert.Equal([Call with { Nr = nr }], await ReadAsync(store));

        var finished = Call with { Nr = nr, By = "jo", Action = "a", Target = "ü'; DROP TABLE audit; --", Why = "w", Status = 409, Outcome = AuditOutcome.Failed };
        Assert.Equal(WriteOutcome.Applied, await Log(store).FinishAuditAsync(finished, CancellationToken.None));
        Assert.Equal([finished], await ReadAsync(store));
        Assert.Equal([finished], await ReadAsync(await OpenAsync()));
        Assert.Equal(WriteOutcome.Refused, await Log(store).FinishAuditAsync(finished with { Nr = nr + 1 }, CancellationToken.None));
    }

    [Fact]
    public async Task Pages_go_back_from_the_latest()
    {
        var store = await OpenAsync();
        for (var call = 1; call <= 5; call++)
        {
            await Log(store).BeginAuditAsync(Call with { Target = $"{call}" }, CancellationToken.None);
        }

        var first = await Log(store).ReadAuditAsync(long.MaxValue, 2, CancellationToken.None);
        var second = await Log(store).ReadAuditAsync(first[^1].Nr, 2, CancellationToken.None);
        var third = await Log(store).ReadAuditAsync(second[^1].Nr, 2, CancellationToken.None);
        Assert.Equal(["5", "4", "3", "2", "1"], first.Concat(second).Concat(third).Select(entry => entry.Target));
    }

    /// <summary>More rows than are kept lie there already; the row at which the log looks for old ones removes them, each kind up to its own bound.</summary>
    [Fact]
    public async Task It_is_bounded_and_denied_calls_do_not_push_out_the_others()
    {
        var store = await OpenAsync();
        await Log(store).BeginAuditAsync(Call, CancellationToken.None);
        await Place.ExecuteOnClusterAsync(Many(IAuditStore.KeptCalls + 10, AuditOutcome.Allowed));
        await Place.ExecuteOnClusterAsync(Many(IAuditStore.KeptDenials + 20, AuditOutcome.Denied));
        for (var call = 1; call < IAuditStore.PruneEvery; call++)
        {
            await Log(store).BeginAuditAsync(Call with { Status = 401, Outcome = AuditOutcome.Denied }, CancellationToken.None);
        }

        var left = await ReadAsync(store, int.MaxValue);
        Assert.Equal(IAuditStore.KeptCalls, left.Count(entry => entry.Outcome == AuditOutcome.Allowed));
        Assert.InRange(left.Count(entry => entry.Outcome == AuditOutcome.Denied), IAuditStore.KeptDenials, IAuditStore.KeptDenials + IAuditStore.PruneEvery);
    }

    [Fact]
    public async Task What_cannot_be_written_is_said()
    {
        var store = await OpenAsync();
        await Place.ExecuteOnClusterAsync("ALTER TABLE audit RENAME TO elsewhere");
        await Assert.ThrowsAsync<StoreUnavailableException>(() => Log(store).BeginAuditAsync(Call, CancellationToken.None));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync(store));
        await Place.ExecuteOnClusterAsync("ALTER TABLE elsewhere RENAME TO audit");
        await Log(store).BeginAuditAsync(Call, CancellationToken.None);
    }

    private static string Many(int rows, AuditOutcome outcome) =>
        $"""
        WITH RECURSIVE counter(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < {rows})
        INSERT INTO audit (at, node, who, by_whom, role, remote, method, path, action, target, why, status, outcome)
        SELECT (SELECT min(at) FROM audit), 'n', 'w', '', 'operator', '', 'POST', '/', '', '', '', 200, {(int)outcome} FROM counter
        """;

    private static IAuditStore Log(OpenStore store) => (IAuditStore)store.Cluster;

    private static Task<IReadOnlyList<AuditEntry>> ReadAsync(OpenStore store, int limit = 100) =>
        Log(store).ReadAuditAsync(long.MaxValue, limit, CancellationToken.None);
}
