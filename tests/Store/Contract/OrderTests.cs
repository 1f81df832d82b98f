using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Store.Contract;

public abstract class OrderTests(IStoreFixture fixture) : StoreTest(fixture)
{
    private static readonly NodeOrder Cordon = new("node-b", NodeOrderKind.Cordon, "disk näkyy", "jo", Noon);

    [Fact]
    public async Task Orders_are_read_back_by_name_until_they_are_cleared()
    {
        var store = await OpenAsync();
        var drain = new NodeOrder("node-B", NodeOrderKind.Drain, "", "", Noon.AddMinutes(1));
        Assert.Equal(WriteOutcome.Applied, await store.Cluster.SetNodeOrderAsync(Cordon, CancellationToken.None));
        Assert.Equal(WriteOutcome.Applied, await store.Cluster.SetNodeOrderAsync(drain, CancellationToken.None));
        Assert.Equal([drain, Cordon], (await ReadAsync(store)).Orders.ToArray());

        Assert.Equal(WriteOutcome.Applied, await store.Cluster.ClearNodeOrderAsync("node-B", CancellationToken.None));
        Assert.Equal(WriteOutcome.Refused, await store.Cluster.ClearNodeOrderAsync("node-B", CancellationToken.None));
        Assert.Equal([Cordon], (await ReadAsync(store)).Orders.ToArray());
    }

    [Fact]
    public async Task A_later_order_replaces_the_one_of_the_same_node()
    {
        var store = await OpenAsync();
        var drain = Cordon with { Kind = NodeOrderKind.Drain, Reason = "now really", ByWhom = "sam", At = Noon.AddHours(1) };
        await store.Cluster.SetNodeOrderAsync(Cordon, CancellationToken.None);
        Assert.Equal(WriteOutcome.Applied, await store.Cluster.SetNodeOrderAsync(drain, CancellationToken.None));
        Assert.Equal([drain], (await ReadAsync(store)).Orders.ToArray());
    }

    [Fact]
    public async Task Pins_are_read_back_by_shard_until_they_are_taken_out()
    {
        var store = await OpenAsync();
        var first = new ShardPin(2, "node-b", "noisy", "jo", Noon);
        var second = new ShardPin(11, "node-a", "", "", Noon);
        await store.Cluster.PinAsync(second, CancellationToken.None);
        await store.Cluster.PinAsync(first with { NodeName = "node-c" }, CancellationToken.None);
        Assert.Equal(WriteOutcome.Applied, await store.Cluster.PinAsync(first, CancellationToken.None));
        Assert.Equal([first, second], (await ReadAsync(store)).Pins.ToArray());

        Assert.Equal(WriteOutcome.Applied, await store.Cluster.UnpinAsync(2, CancellationToken.None));
        Assert.Equal(WriteOutcome.Refused, await store.Cluster.UnpinAsync(2, CancellationToken.None));
        Assert.Equal([second], (await ReadAsync(store)).Pins.ToArray());
    }

    [Fact]
    public async Task A_move_is_ordered_for_an_epoch_and_read_back_until_a_decision_ends_it()
    {
        var store = await JoinAsync();
        await store.Cluster.AcquireAsync(store.Self, [new ShardClaim(3, null, 0), new ShardClaim(5, null, 0)], "takeover", CancellationToken.None);
        var move = new ShardMove(3, "node-b", 1, "it's noisy", "jo", Noon);
        Assert.Equal(WriteOutcome.Refused, await store.Cluster.MoveAsync(move with { ExpectedEpoch = 0 }, CancellationToken.None));
        Assert.Equal(WriteOutcome.Refused, await store.Cluster.MoveAsync(move with { ExpectedEpoch = 2 }, CancellationToken.None));
        Assert.Equal(WriteOutcome.Refused, await store.Cluster.MoveAsync(move with { Shard = 99_999 }, CancellationToken.None));
        Assert.Empty((await ReadAsync(store)).Moves);

        Assert.Equal(WriteOutcome.Applied, await store.Cluster.MoveAsync(move with { NodeName = "node-c", Reason = "" }, CancellationToken.None));
        Assert.Equal(WriteOutcome.Applied, await store.Cluster.MoveAsync(move with { Shard = 5 }, CancellationToken.None));
        Assert.Equal(WriteOutcome.Applied, await store.Cluster.MoveAsync(move, CancellationToken.None));
        Assert.Equal([move, move with { Shard = 5 }], (await ReadAsync(store)).Moves.ToArray());

        await store.Cluster.ClaimCoordinatorAsync(new CoordinatorTerm(null, 0), store.Self, CancellationToken.None);
        await EndAsync(store, move with { NodeName = "node-c" });
        await EndAsync(store, move with { ExpectedEpoch = 0 });
        Assert.Equal(2, (await ReadAsync(store)).Moves.Length);
        await EndAsync(store, move with { Reason = "in other words", At = Noon.AddHours(1) });
        Assert.Equal([move with { Shard = 5 }], (await ReadAsync(store)).Moves.ToArray());
        Assert.Equal("over", (await store.Cluster.ReadDecisionsAsync(3, CancellationToken.None))[0].Reason);
    }

    [Fact]
    public async Task A_coordinator_whose_term_is_over_ends_no_move()
    {
        var store = await JoinAsync();
        await store.Cluster.AcquireAsync(store.Self, [new ShardClaim(3, null, 0)], "takeover", CancellationToken.None);
        var move = new ShardMove(3, "node-b", 1, "", "", Noon);
        await store.Cluster.MoveAsync(move, CancellationToken.None);
        var target = new ShardTarget(3, store.Self, "over", store.Self, 1) { EndsMove = move };
        Assert.Equal(
            WriteOutcome.Refused, await store.Cluster.WriteTargetsAsync(new CoordinatorTerm(store.Self, 7), [target], CancellationToken.None));
        Assert.Equal([move], (await ReadAsync(store)).Moves.ToArray());
    }

    [Fact]
    public async Task Orders_outlive_the_store_that_took_them()
    {
        var first = await OpenAsync();
        await first.Cluster.SetNodeOrderAsync(Cordon, CancellationToken.None);
        Assert.Equal([Cordon], (await ReadAsync(await OpenAsync())).Orders.ToArray());
    }

    [Fact]
    public async Task Every_decision_is_logged_with_its_reason_and_numbers_latest_first()
    {
        var store = await JoinAsync();
        await store.Cluster.ClaimCoordinatorAsync(new CoordinatorTerm(null, 0), store.Self, CancellationToken.None);
        var term = new CoordinatorTerm(store.Self, 1);
        for (var nr = 1; nr <= 105; nr++)
        {
            var target = new ShardTarget(3, store.Self, $"reason {nr}", store.Self, 1) { Numbers = nr == 105 ? "{\"weight\":1}" : "" };
            Assert.Equal(WriteOutcome.Applied, await store.Cluster.WriteTargetsAsync(term, [target], CancellationToken.None));
        }

        var decisions = await store.Cluster.ReadDecisionsAsync(3, CancellationToken.None);
        Assert.Equal(Enumerable.Range(6, 100).Reverse(), decisions.Select(decision => (int)decision.Nr));
        Assert.Equal(
            (3, store.Self, "reason 105", store.Self, 1L, "{\"weight\":1}"),
            (decisions[0].Shard, decisions[0].Target, decisions[0].Reason, decisions[0].DecidedBy, decisions[0].Term, decisions[0].Numbers));
        Assert.Equal("", decisions[1].Numbers);
        Assert.Empty(await store.Cluster.ReadDecisionsAsync(4, CancellationToken.None));
    }

    private static async Task EndAsync(OpenStore store, ShardMove move)
    {
        var target = new ShardTarget(move.Shard, store.Self, "over", store.Self, 1) { EndsMove = move };
        Assert.Equal(
            WriteOutcome.Applied, await store.Cluster.WriteTargetsAsync(new CoordinatorTerm(store.Self, 1), [target], CancellationToken.None));
    }

    private static Task<ClusterReading> ReadAsync(OpenStore store) => store.Cluster.ReadAsync(CancellationToken.None);
}
