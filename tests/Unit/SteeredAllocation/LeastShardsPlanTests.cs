using System.Collections.Immutable;
using AkkaScale.Cluster.Orders;
using AkkaScale.Sharding.Allocation;
using CsCheck;
using static AkkaScale.Tests.Unit.SteeredAllocation.RandomRegion;

namespace AkkaScale.Tests.Unit.SteeredAllocation;

/// <summary>What every plan must keep, over many random regions.</summary>
public sealed class LeastShardsPlanTests
{
    [Fact]
    public void Members_end_balanced_within_one_as_far_as_shards_may_move_and_with_as_few_moves_as_possible() => ForAny(inputs =>
    {
        inputs = Arrive(inputs) with { Orders = ImmutableSortedDictionary<int, ShardOrder>.Empty, Resting = [] };
        var before = Counts(inputs);
        var moves = LeastShardsPlan.Of(inputs);
        var after = Counts(Apply(inputs, moves));
        Assert.True(after.Max() - after.Min() <= 1, $"counts {string.Join(',', after)}");

        // The fullest keep the larger share, and only as many as there are remainders.
        var (share, rest) = Math.DivRem(before.Sum(), before.Length);
        var fewest = before.OrderDescending().Select((count, index) => Math.Max(0, count - share - (index < rest ? 1 : 0))).Sum();
        Assert.Equal(fewest, moves.Count);
    });

    [Fact]
    public void A_shard_moves_once_from_its_home_to_a_member_and_says_why() => ForAny(inputs =>
    {
        var moves = LeastShardsPlan.Of(inputs);
        Assert.Equal(moves.Count, moves.Select(move => move.Shard).Distinct().Count());
        Assert.All(moves, move =>
        {
            Assert.Equal(new ShardPlacement(move.Shard, move.From), inputs.Placements[move.Shard]);
            Assert.NotEqual(move.From, move.To);
            Assert.NotEmpty(move.Reason);
            Assert.Contains(inputs.Members, member => member.Address == move.From);
            Assert.Contains(inputs.Members, member => member.Address == move.To);
        });
    });

    [Fact]
    public void Nothing_moves_after_a_plan_has_been_carried_out() => ForAny(inputs =>
        Assert.Empty(LeastShardsPlan.Of(Apply(inputs, LeastShardsPlan.Of(inputs)))));

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
    public void Orders_win_over_the_balance_and_over_rests() => ForAny(inputs =>
    {
        var after = Apply(inputs, LeastShardsPlan.Of(inputs));
        foreach (var order in inputs.Orders.Values.Where(order => order.Shard < inputs.Placements.Length))
        {
            var placement = inputs.Placements[order.Shard];
            if (placement.Target is null && IsMember(inputs, placement.Home) && IsUp(inputs, order))
            {
                Assert.Equal($"akka://{order.NodeName[1..]}", after.Placements[order.Shard].Home);
            }
        }
    });

    [Fact]
    public void What_rests_stays_unless_it_is_ordered_away() => ForAny(inputs =>
        Assert.DoesNotContain(
            LeastShardsPlan.Of(inputs), move => inputs.Resting.Contains(move.Shard) && !inputs.Orders.ContainsKey(move.Shard)));

    [Fact]
    public void Without_balance_only_orders_move_anything() => ForAny(inputs =>
        Assert.All(
            LeastShardsPlan.Of(inputs with { Rebalances = false }),
            move => Assert.StartsWith("ordered by jo", move.Reason, StringComparison.Ordinal)));

    [Fact]
    public void Rounds_within_the_bounds_come_to_a_balanced_end_and_never_exceed_them() => ForAny(inputs =>
    {
        var (limit, limitOfNode) = (5, 3);
        var present = Arrive(inputs) with { MaxMovingShards = limit, MaxMovingShardsPerNode = limitOfNode };
        for (var rounds = 0; ; rounds++)
        {
            Assert.InRange(rounds, 0, 2 * (inputs.Placements.Length + 1));
            var moves = LeastShardsPlan.Of(present).ToDictionary(move => move.Shard, move => move.To);
            present = present with
            {
                Placements = [.. present.Placements.Select(placement =>
                    moves.TryGetValue(placement.Shard, out var to) ? placement with { Target = to } : placement)],
            };
            var moving = present.Placements.Where(placement => placement.Target is not null).ToList();
            Assert.InRange(moving.Count, 0, limit);
            Assert.All(moving.CountBy(placement => placement.Home), each => Assert.InRange(each.Value, 0, limitOfNode));
            Assert.All(moving.CountBy(placement => placement.Target!), each => Assert.InRange(each.Value, 0, limitOfNode));
            if (moving.Count == 0)
            {
                break;
            }

            // Of those under way a part arrives.
            var arrived = moving.Where((_, index) => index % 2 == 0).Select(placement => placement.Shard).ToHashSet();
            present = present with
            {
                Placements = [.. present.Placements.Select(placement =>
                    arrived.Contains(placement.Shard) ? new ShardPlacement(placement.Shard, placement.Target!) : placement)],
            };
        }

        AssertEven(present);
    });

    [Fact]
    public void A_fourth_member_gets_a_quarter_and_nothing_else_moves()
    {
        var three = Even(shards: 256, members: 3);
        var moves = LeastShardsPlan.Of(three with { Members = [.. three.Members, Member(4)] });
        Assert.Equal(64, moves.Count);
        Assert.All(moves, move => Assert.Equal(Member(4).Address, move.To));
        Assert.Contains("n1 has 86, n4 0", moves.Select(move => move.Reason));
    }

    [Fact]
    public void Ordered_shards_go_first_and_others_make_room_for_them()
    {
        var order = new ShardOrder("r", 0, "n2", "jo", "noisy");
        var inputs = Even(shards: 4, members: 2) with
        {
            Orders = ImmutableSortedDictionary<int, ShardOrder>.Empty.Add(0, order),
        };
        Assert.Equal(
            [
                new AllocationMove(0, Member(1).Address, Member(2).Address, "ordered by jo: noisy"),
                new AllocationMove(3, Member(2).Address, Member(1).Address, "n2 has 3, n1 1"),
            ],
            LeastShardsPlan.Of(inputs));
        Assert.Equal([0], LeastShardsPlan.Of(inputs with { MaxMovingShards = 1 }).Select(move => move.Shard));
    }

    [Fact]
    public void Of_two_nodes_of_the_ordered_name_the_one_that_has_the_shard_keeps_it()
    {
        var inputs = new AllocationInputs([new("akka://1", "same"), new("akka://2", "same")], [new ShardPlacement(0, "akka://2")])
        {
            Orders = ImmutableSortedDictionary<int, ShardOrder>.Empty.Add(0, new ShardOrder("r", 0, "same", "", "")),
        };
        Assert.Empty(LeastShardsPlan.Of(inputs));
    }

    [Fact]
    public void Without_members_nothing_is_planned() =>
        Assert.Empty(LeastShardsPlan.Of(new AllocationInputs([], [new(0, "akka://1"), new(1, "akka://1", "akka://2")])));

    /// <summary>No shard is left that may move and whose move would make two members more even.</summary>
    private static void AssertEven(AllocationInputs inputs)
    {
        var counts = inputs.Members.Zip(Counts(inputs)).ToDictionary(each => each.Item1.Address, each => each.Item2);
        foreach (var placement in inputs.Placements.Where(placement => counts.ContainsKey(placement.Home)))
        {
            var mayMove = !inputs.Resting.Contains(placement.Shard)
                && !(inputs.Orders.TryGetValue(placement.Shard, out var order) && IsUp(inputs, order));
            Assert.False(
                mayMove && counts[placement.Home] - counts.Values.Min() > 1, $"shard {placement.Shard}: {string.Join(',', counts.Values)}");
        }
    }

    private static AllocationInputs Even(int shards, int members) => new(
        [.. Enumerable.Range(1, members).Select(Member)],
        [.. Enumerable.Range(0, shards).Select(shard => new ShardPlacement(shard, Member(1 + (shard % members)).Address))]);

    private static bool IsUp(AllocationInputs inputs, ShardOrder order) =>
        inputs.Members.Any(member => member.NodeName == order.NodeName);

    private static bool IsMember(AllocationInputs inputs, string address) => inputs.Members.Any(member => member.Address == address);

    /// <summary>A failure is told with the seed that repeats it, and with the smallest region that was found to fail.</summary>
    private static void ForAny(Action<AllocationInputs> check) => Any.Sample(check, iter: 250, threads: 1, print: Print);
}
