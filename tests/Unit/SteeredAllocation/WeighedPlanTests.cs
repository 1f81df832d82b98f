using System.Collections.Immutable;
using System.Diagnostics;
using AkkaScale.Cluster.Orders;
using AkkaScale.Sharding.Allocation;
using AkkaScale.Sharding.Loads;
using CsCheck;
using static AkkaScale.Tests.Unit.SteeredAllocation.RandomRegion;

namespace AkkaScale.Tests.Unit.SteeredAllocation;

/// <summary>What every plan must keep where shards carry loads, over many random regions.</summary>
public sealed class WeighedPlanTests
{
    [Fact]
    public void Nothing_moves_after_a_plan_has_been_carried_out() => ForAny(inputs =>
        Assert.Empty(LeastShardsPlan.Of(Apply(inputs, LeastShardsPlan.Of(inputs)))));

    [Fact]
    public void Each_shard_moves_once_from_its_home_to_an_open_member_and_what_rests_or_is_on_its_way_stays() => ForAny(inputs =>
    {
        var moves = LeastShardsPlan.Of(inputs);
        Assert.Equal(moves.Count, moves.Select(move => move.Shard).Distinct().Count());
        Assert.All(moves, move =>
        {
            Assert.Equal(new ShardPlacement(move.Shard, move.From), inputs.Placements[move.Shard]);
            Assert.NotEqual(move.From, move.To);
            Assert.NotEmpty(move.Reason);
            Assert.DoesNotContain(inputs.Members.Single(member => member.Address == move.To).NodeName, inputs.Closed.Keys);
            var from = inputs.Members.Single(member => member.Address == move.From).NodeName;
            var isDrained = inputs.Closed.TryGetValue(from, out var order) && order.Kind == NodeOrderKind.Drain;
            Assert.True(isDrained || inputs.Orders.ContainsKey(move.Shard) || !inputs.Resting.Contains(move.Shard), $"{move}");
        });
    });

    [Fact]
    public void Numbers_stay_as_even_as_without_loads() => ForAny(inputs =>
    {
        var without = Counts(Apply(inputs, LeastShardsPlan.Of(inputs with { Weights = [] })));
        var with = Counts(Apply(inputs, LeastShardsPlan.Of(inputs)));
        Assert.Equal(without.Order(), with.Order());
    });

    [Fact]
    public void Where_numbers_are_even_no_plan_makes_the_heaviest_heavier_and_what_is_left_of_an_imbalance_no_exchange_mends() => ForAny(inputs =>
    {
        inputs = Settled(inputs);
        var moves = LeastShardsPlan.Of(inputs);
        var open = inputs.Members.Select(member => !inputs.Closed.ContainsKey(member.NodeName)).ToArray();
        var before = Weights(inputs).Where((_, member) => open[member]).ToList();
        var after = Weights(Apply(inputs, moves)).Where((_, member) => open[member]).ToList();
        if (before.Count == 0 || inputs.Placements.Any(placement => inputs.WeightOf(placement.Shard) is null))
        {
            return;
        }

        Assert.True(after.Max() <= before.Max(), $"{before.Max()} became {after.Max()}");
        if (before.Max() <= before.Average() * (1 + LoadExchange.Tolerance))
        {
            Assert.Empty(moves);
        }

        AssertNoExchangeHelps(Apply(inputs, moves));
    });

    [Fact]
    public void Loads_that_are_not_known_move_nothing_and_attract_nothing()
    {
        var hot = Even(members: 3, shards: 30, shard => shard % 3 == 0 ? 200 : ShardWeight.OfNothing);
        Assert.Contains(LeastShardsPlan.Of(hot), move => move.To == Member(3).Address);

        // Its third member says nothing of one of its shards.
        var silent = hot with { Weights = hot.Weights.SetItem(2, 0) };
        var moves = LeastShardsPlan.Of(silent);
        Assert.NotEmpty(moves);
        Assert.DoesNotContain(moves, move => move.To == Member(3).Address || move.From == Member(3).Address);

        // Nobody says anything.
        Assert.Empty(LeastShardsPlan.Of(hot with { Weights = [] }));
    }

    [Fact]
    public void A_shard_that_weighs_more_than_the_average_is_not_sent_from_one_to_another()
    {
        Assert.Empty(LeastShardsPlan.Of(Even(members: 4, shards: 64, shard => shard == 0 ? 5_000 : ShardWeight.OfNothing)));

        var present = Even(members: 4, shards: 64, shard => shard == 0 ? 5_000 : shard % 4 == 0 ? 100 : ShardWeight.OfNothing) with { MaxMovingShardsPerNode = 1 };
        var hot = 0;
        while (LeastShardsPlan.Of(present) is { Count: > 0 } moves)
        {
            hot += moves.Count(move => move.Shard == 0);
            present = Apply(present, moves);
        }

        Assert.Equal(1, hot);
    }

    [Fact]
    public void Two_hot_shards_of_one_member_end_on_two_and_the_reasons_tell_the_weights()
    {
        var inputs = Even(members: 2, shards: 8, shard => shard is 0 or 2 ? 100 : ShardWeight.OfNothing);
        Assert.Equal(
            [
                new AllocationMove(2, Member(1).Address, Member(2).Address, "n1 weighs 220, n2 40, the shard 100"),
                new AllocationMove(7, Member(2).Address, Member(1).Address, "for shard 2: it weighs 10, that one 100"),
            ],
            LeastShardsPlan.Of(inputs));
        Assert.Equal([2], LeastShardsPlan.Of(inputs with { MaxMovingShards = 1 }).Select(move => move.Shard));
    }

    [Fact]
    public void Who_found_no_partner_tries_again_when_another_has_given()
    {
        // n3 has nothing to give in return to n1, until n2 has given it something.
        var inputs = new AllocationInputs(
            [Member(1), Member(2), Member(3)],
            [.. new[] { 1, 1, 2, 2, 2, 3, 3 }.Select((member, shard) => new ShardPlacement(shard, Member(member).Address))])
        {
            Weights = [100, 100, 60, 60, 60, 10, 10],
            Resting = [5, 6],
        };
        var moves = LeastShardsPlan.Of(inputs);
        Assert.Contains(moves, move => move.From == Member(1).Address);
        Assert.Empty(LeastShardsPlan.Of(Apply(inputs, moves)));
    }

    [Fact]
    public void After_half_an_exchange_the_next_round_carries_it_on()
    {
        var inputs = Even(members: 2, shards: 8, shard => shard is 0 or 2 ? 100 : ShardWeight.OfNothing);
        var half = Apply(inputs, LeastShardsPlan.Of(inputs with { MaxMovingShards = 1 }));
        var rest = LeastShardsPlan.Of(half);
        Assert.Equal(Member(2).Address, Assert.Single(rest).From);
        Assert.Equal([130, 130], Weights(Apply(half, rest)));
    }

    [Fact]
    public void A_new_member_gets_a_fair_mix()
    {
        var three = Even(members: 3, shards: 240, shard => shard < 24 ? 410 : 15);
        var joined = three with { Members = [.. three.Members, Member(4)] };
        var moves = LeastShardsPlan.Of(joined);
        Assert.All(moves, move => Assert.Equal(Member(4).Address, move.To));
        Assert.Equal(60, moves.Count);
        Assert.InRange(moves.Count(move => move.Shard < 24), 5, 9);
        Assert.Empty(LeastShardsPlan.Of(Apply(joined, moves)));
    }

    [Fact]
    public void Rounds_within_the_bounds_come_to_an_end_and_never_exceed_them() => ForAny(inputs =>
    {
        var (limit, limitOfNode) = (5, 3);
        var present = Arrive(inputs) with { MaxMovingShards = limit, MaxMovingShardsPerNode = limitOfNode };
        for (var rounds = 0; ; rounds++)
        {
            Assert.InRange(rounds, 0, 4 * (inputs.Placements.Length + 1));
            var moves = LeastShardsPlan.Of(present);
            if (moves.Count == 0)
            {
                return;
            }

            Assert.InRange(moves.Count, 0, limit);
            Assert.All(moves.CountBy(move => move.From), each => Assert.InRange(each.Value, 0, limitOfNode));
            Assert.All(moves.CountBy(move => move.To), each => Assert.InRange(each.Value, 0, limitOfNode));
            present = Apply(present, moves);
        }
    });

    [Fact]
    public void A_thousand_nodes_with_a_hundred_thousand_shards_are_planned_within_seconds()
    {
        // A tenth of the nodes has all the hot shards.
        var inputs = Even(members: 1_000, shards: 100_000, shard => shard % 1_000 < 100 && shard % 3 == 0 ? 500 + (shard % 77) : 10 + (shard % 5));
        var watch = Stopwatch.StartNew();
        var moves = LeastShardsPlan.Of(inputs);
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(20));
        Assert.NotEmpty(moves);
        var after = Apply(inputs, moves);
        var weights = after.Placements.GroupBy(placement => placement.Home).Select(each => each.Sum(placement => inputs.Weights[placement.Shard])).ToList();
        Assert.True(weights.Max() <= (1 + LoadExchange.Tolerance) * weights.Average(), $"{weights.Max()} of {weights.Average()}");
        Assert.Empty(LeastShardsPlan.Of(after));
    }

    /// <summary>By brute force, of every pair of members and shards.</summary>
    private static void AssertNoExchangeHelps(AllocationInputs inputs)
    {
        var open = inputs.Members.Where(member => !inputs.Closed.ContainsKey(member.NodeName)).Select(member => member.Address).ToList();
        var shards = open.ToDictionary(address => address, address => inputs.Placements.Where(each => each.Home == address).Select(each => each.Shard).ToList());
        var weights = shards.ToDictionary(each => each.Key, each => each.Value.Sum(shard => (long)inputs.Weights[shard]));
        var shard = Math.Max(1, weights.Values.Sum() / Math.Max(1, shards.Values.Sum(each => each.Count)) / 4);
        foreach (var from in open.Where(address => weights[address] > (long)(weights.Values.Sum() * (1 + LoadExchange.Tolerance) / open.Count)))
        {
            var to = open.MinBy(address => weights[address])!;
            var lightest = shards[to].Where(each => MayMove(inputs, each)).Select(each => inputs.Weights[each]).DefaultIfEmpty(int.MaxValue).Min();
            foreach (var given in shards[from].Where(each => MayMove(inputs, each)))
            {
                var less = inputs.Weights[given] - (long)lightest;
                Assert.False(
                    Math.Min(less, weights[from] - weights[to] - less) >= shard,
                    $"shard {given} from {from} to {to} for one of {lightest}: {string.Join(',', weights.Values)}");
            }
        }
    }

    private static bool MayMove(AllocationInputs inputs, int shard) => !inputs.Resting.Contains(shard) && !inputs.Orders.ContainsKey(shard);

    /// <summary>Nothing is under way, ordered or uneven by number.</summary>
    private static AllocationInputs Settled(AllocationInputs inputs)
    {
        inputs = Arrive(inputs) with { Orders = ImmutableSortedDictionary<int, ShardOrder>.Empty };
        return Apply(inputs, LeastShardsPlan.Of(inputs with { Weights = [] }));
    }

    private static AllocationInputs Even(int members, int shards, Func<int, int> weight) => new(
        [.. Enumerable.Range(1, members).Select(Member)],
        [.. Enumerable.Range(0, shards).Select(shard => new ShardPlacement(shard, Member(1 + (shard % members)).Address))])
    {
        Weights = [.. Enumerable.Range(0, shards).Select(weight)],
    };

    private static void ForAny(Action<AllocationInputs> check) => AnyLoaded.Sample(check, iter: 400, threads: 1, print: Print);
}
