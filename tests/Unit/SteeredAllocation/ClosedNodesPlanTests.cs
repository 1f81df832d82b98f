using System.Collections.Immutable;
using AkkaScale.Cluster.Orders;
using AkkaScale.Sharding.Allocation;
using CsCheck;
using static AkkaScale.Tests.Unit.SteeredAllocation.RandomRegion;

namespace AkkaScale.Tests.Unit.SteeredAllocation;

/// <summary>What every plan must keep where nodes are cordoned or drained and shards are pinned, over many random regions.</summary>
public sealed class ClosedNodesPlanTests
{
    [Fact]
    public void Nothing_goes_to_a_node_that_is_closed() => ForAny(inputs =>
        Assert.DoesNotContain(LeastShardsPlan.Of(inputs), move => IsClosed(inputs, move.To)));

    [Fact]
    public void A_cordoned_node_keeps_what_nobody_orders_away() => ForAny(inputs =>
        Assert.All(
            LeastShardsPlan.Of(inputs).Where(move => KindOf(inputs, move.From) == NodeOrderKind.Cordon),
            move => Assert.True(inputs.Orders.ContainsKey(move.Shard), $"{move}")));

    [Fact]
    public void A_drained_node_gives_all_it_has_when_another_is_open() => ForAny(inputs =>
    {
        var after = Apply(Arrive(inputs), LeastShardsPlan.Of(Arrive(inputs)));
        if (inputs.Members.Any(member => !inputs.Closed.ContainsKey(member.NodeName)))
        {
            Assert.DoesNotContain(after.Placements, placement => KindOf(inputs, placement.Home) == NodeOrderKind.Drain);
        }
    });

    [Fact]
    public void Open_members_end_even_as_far_as_shards_may_move() => ForAny(inputs =>
    {
        inputs = Arrive(inputs) with { Orders = ImmutableSortedDictionary<int, ShardOrder>.Empty, Resting = [] };
        var open = inputs.Members.Where(member => !inputs.Closed.ContainsKey(member.NodeName)).Select(member => member.Address).ToHashSet();
        var counts = Apply(inputs, LeastShardsPlan.Of(inputs)).Placements.Select(placement => placement.Home).Where(open.Contains)
            .Concat(open).CountBy(address => address).Select(each => each.Value).ToList();
        Assert.True(counts.Count == 0 || counts.Max() - counts.Min() <= 1, string.Join(',', counts));
    });

    [Fact]
    public void A_pinned_shard_is_at_its_node_when_that_is_open_and_stays_on_it_while_it_is_cordoned() => ForAny(inputs =>
    {
        inputs = Arrive(inputs);
        var after = Apply(inputs, LeastShardsPlan.Of(inputs));
        foreach (var pin in inputs.Orders.Values.Where(order => order.Kind == ShardOrderKind.Pin && order.Shard < inputs.Placements.Length))
        {
            var (home, wanted) = (inputs.Placements[pin.Shard].Home, $"akka://{pin.NodeName[1..]}");
            if (Has(inputs, home) && Has(inputs, wanted) && (home == wanted ? KindOf(inputs, wanted) != NodeOrderKind.Drain : !IsClosed(inputs, wanted)))
            {
                Assert.Equal(wanted, after.Placements[pin.Shard].Home);
            }
        }
    });

    [Fact]
    public void Each_shard_moves_at_most_once_and_nothing_moves_after_a_plan_has_been_carried_out() => ForAny(inputs =>
    {
        var moves = LeastShardsPlan.Of(inputs);
        Assert.Equal(moves.Count, moves.Select(move => move.Shard).Distinct().Count());
        Assert.Empty(LeastShardsPlan.Of(Apply(inputs, moves)));
    });

    [Fact]
    public void The_order_of_what_is_given_does_not_matter() => ForAny(inputs =>
    {
        var (members, placements) = (inputs.Members.ToArray(), inputs.Placements.ToArray());
        var random = new Random(placements.Length);
        random.Shuffle(members);
        random.Shuffle(placements);
        Assert.Equal(LeastShardsPlan.Of(inputs), LeastShardsPlan.Of(inputs with { Members = [.. members], Placements = [.. placements] }));
    });

    [Fact]
    public void A_drain_goes_on_without_balance_and_within_the_bounds_after_what_is_ordered()
    {
        var inputs = new AllocationInputs([Member(1), Member(2), Member(3)], [.. Enumerable.Range(0, 6).Select(shard => new ShardPlacement(shard, Member(1).Address))])
        {
            Closed = Closed((1, NodeOrderKind.Drain)),
            Orders = ImmutableSortedDictionary<int, ShardOrder>.Empty.Add(0, new ShardOrder("r", 0, "n3", "al", "")),
            Rebalances = false,
            MaxMovingShardsPerNode = 3,
        };
        var moves = LeastShardsPlan.Of(inputs);
        Assert.Equal([(0, "ordered by al"), (5, "n1 is drained by jo"), (4, "n1 is drained by jo")], moves.Select(move => (move.Shard, move.Reason)));
        Assert.Equal([Member(3).Address, Member(2).Address, Member(2).Address], moves.Select(move => move.To));
    }

    [Theory]
    [InlineData(NodeOrderKind.Drain)]
    [InlineData(NodeOrderKind.Cordon)]
    public void Where_every_node_is_closed_everything_stays(NodeOrderKind kind) => Assert.Empty(LeastShardsPlan.Of(
        new AllocationInputs([Member(1), Member(2)], [new(0, Member(1).Address), new(1, Member(1).Address), new(2, Member(1).Address)])
        {
            Closed = Closed((1, kind), (2, kind)),
        }));

    /// <remarks>The bound on time is there to catch a plan that does not end, or takes a square of the shards.</remarks>
    [Fact(Timeout = 120_000)]
    public async Task A_thousand_nodes_and_a_hundred_thousand_shards_are_planned_within_the_bounds_and_come_to_an_end()
    {
        await Task.Yield();
        var random = new Random(17);
        const int Nodes = 1_000, Shards = 100_000;
        var inputs = new AllocationInputs(
            [.. Enumerable.Range(1, Nodes).Select(Member)],
            [.. Enumerable.Range(0, Shards).Select(shard => new ShardPlacement(shard, Member(1 + (random.Next(Nodes) / (1 + random.Next(3)))).Address))])
        {
            Closed = Closed([.. Enumerable.Range(1, 30).Select(each => (each * 31, each % 2 == 0 ? NodeOrderKind.Drain : NodeOrderKind.Cordon))]),
            Orders = Enumerable.Range(0, 1_000)
                .Select(each => new ShardOrder("r", each * 97, $"n{1 + random.Next(Nodes)}", "jo", "") { Kind = (ShardOrderKind)(each % 2) })
                .ToImmutableSortedDictionary(order => order.Shard, order => order),
        };
        var moves = LeastShardsPlan.Of(inputs);
        Assert.Equal(moves.Count, moves.Select(move => move.Shard).Distinct().Count());
        Assert.DoesNotContain(moves, move => IsClosed(inputs, move.To));
        Assert.Empty(LeastShardsPlan.Of(Apply(inputs, moves)));

        var bounded = LeastShardsPlan.Of(inputs with { MaxMovingShards = 500, MaxMovingShardsPerNode = 4 });
        Assert.Equal(500, bounded.Count);
        Assert.All(bounded.CountBy(move => move.From).Concat(bounded.CountBy(move => move.To)), each => Assert.InRange(each.Value, 1, 4));
        Assert.Equal(bounded, moves.Where(new HashSet<AllocationMove>(bounded).Contains));
    }

    private static bool Has(AllocationInputs inputs, string address) => inputs.Members.Any(member => member.Address == address);

    private static bool IsClosed(AllocationInputs inputs, string address) => KindOf(inputs, address) is not null;

    private static NodeOrderKind? KindOf(AllocationInputs inputs, string address) =>
        Has(inputs, address) && inputs.Closed.TryGetValue($"n{address["akka://".Length..]}", out var order) ? order.Kind : null;

    private static void ForAny(Action<AllocationInputs> check) => AnySteered.Sample(check, iter: 500, threads: 1, print: Print);
}
