using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Allocation;
using CsCheck;
using Xunit;
using static AkkaScale.Tests.Unit.Allocation.RandomCluster;

namespace AkkaScale.Tests.Unit.Allocation;

/// <summary>What every allocation must keep, over many random clusters.</summary>
public sealed class AllocationPropertyTests
{
    private const int Clusters = 250;

    public static TheoryData<string> Names =>
        new(AllocationOptions.Weighted, AllocationOptions.LeastShards);

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_shard_gets_a_place_on_an_open_member_or_stays_with_a_cordoned_one(string name) => ForAll(name, (inputs, allocation) =>
    {
        var moves = allocation.Plan(inputs);
        Assert.Equal(moves.Select(move => move.Shard).Order().Distinct(), moves.Select(move => move.Shard));
        Assert.All(moves, move => Assert.Contains(Open(inputs), member => member.Incarnation == move.To));
        Assert.All(moves, move => Assert.NotEqual(inputs.Placements[move.Shard].Target, move.To));
        Assert.All(moves, move => Assert.NotEqual("", move.Reason));
        var after = Apply(inputs, moves);
        foreach (var (before, placement) in inputs.Placements.Zip(after.Placements))
        {
            var target = TargetOf(after, placement);
            Assert.True(target is { IsDraining: false }, $"shard {placement.Shard} is on {target?.NodeName ?? "nobody"}");
            Assert.True(target!.IsOpen || before.Target == placement.Target, $"shard {placement.Shard} was given to {target.NodeName}, which is cordoned");
        }
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void A_cordoned_member_keeps_all_that_no_pin_calls_away(string name) => ForAll(name, (inputs, allocation) =>
    {
        foreach (var move in allocation.Plan(inputs).Where(move => TargetOf(inputs, inputs.Placements[move.Shard]) is { IsCordoned: true }))
        {
            Assert.True(IsPinned(inputs, move.Shard), $"shard {move.Shard} moves: {move.Reason}");
        }
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void Pins_are_kept_where_their_node_is_open(string name) => ForAll(name, (inputs, allocation) =>
    {
        var after = Apply(inputs, allocation.Plan(inputs));
        Assert.All(
            inputs.Pins.Where(pin => IsPinned(inputs, pin.Key)),
            pin => Assert.Equal(pin.Value, TargetOf(after, after.Placements[pin.Key])?.NodeName));
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void A_second_plan_is_empty_before_and_after_the_shards_arrive(string name) => ForAll(name, (inputs, allocation) =>
    {
        var after = Apply(inputs, allocation.Plan(inputs));
        Assert.Empty(allocation.Plan(after));
        Assert.Empty(allocation.Plan(Arrive(after)));
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void The_order_in_which_members_are_given_does_not_matter(string name) => ForAll(name, (inputs, allocation) =>
    {
        var shuffled = inputs.Members.ToArray();
        new Random(inputs.Placements.Length).Shuffle(shuffled);
        Assert.Equal(allocation.Plan(inputs), allocation.Plan(inputs with { Members = [.. shuffled] }));
    });

    [Theory]
    [MemberData(nameof(Names))]
    public void Rounds_within_bounds_come_to_the_same_end_and_never_exceed_them(string name) => ForAll(name, (inputs, allocation) =>
    {
        var (limit, limitOfNode) = (5, 3);
        var present = Arrive(Apply(inputs, allocation.Plan(inputs)));

        // A member is drained and another opened: the largest change that leaves everybody alive.
        present = present with
        {
            MaxMovingShards = limit,
            MaxMovingShardsPerNode = limitOfNode,
            Members = [.. present.Members.Select((member, index) => member with { IsCordoned = false, IsDraining = index == 0 && present.Members.Length > 1 })],
        };
        for (var rounds = 0; allocation.Plan(present) is { Count: > 0 } moves; rounds++)
        {
            Assert.InRange(rounds, 0, 2 * inputs.Placements.Length);
            present = Apply(present, moves);
            var moving = present.Placements.Where(placement => placement.IsMoving).ToList();
            Assert.InRange(moving.Count, 0, limit);
            Assert.All(moving.CountBy(placement => placement.Owner!.Value), pair => Assert.InRange(pair.Value, 0, limitOfNode));
            Assert.All(moving.CountBy(placement => placement.Target!.Value), pair => Assert.InRange(pair.Value, 0, limitOfNode));

            // Of those under way a few arrive.
            var arrived = moving.Where((_, index) => index % 2 == 0).Select(placement => placement.Shard).ToHashSet();
            present = present with
            {
                Placements = [.. present.Placements.Select(placement => arrived.Contains(placement.Shard) ? placement with { Owner = placement.Target } : placement)],
            };
        }

        Assert.All(present.Placements, placement => Assert.True(TargetOf(present, placement) is { IsDraining: false }));
    }, clusters: 80);

    [Fact]
    public void Least_shards_balances_all_that_may_move_within_one() => ForAll(AllocationOptions.LeastShards, (inputs, allocation) =>
    {
        var after = Apply(inputs, allocation.Plan(inputs));
        CheckPairs(after, _ => 1, bound: 0.5);
    });

    [Fact]
    public void Weighted_balances_all_that_may_move_within_its_bound() => ForAll(AllocationOptions.Weighted, (inputs, allocation) =>
    {
        var options = new AllocationOptions();
        var after = Apply(inputs, allocation.Plan(inputs));
        var housed = after.Placements.Where(placement => TargetOf(after, placement) is { IsOpen: true }).ToList();
        var load = housed.Sum(placement => WeightOf(after, placement.Shard) - options.ShardWeight);
        var bound = (options.ShardWeight / 2) + (options.Hysteresis * load / Math.Max(1, Open(after).Count()));
        CheckPairs(after, shard => WeightOf(after, shard), bound + 0.01);
    });

    [Fact]
    public void Without_loads_weighted_and_least_shards_are_the_same() => ForAll(AllocationOptions.Weighted, (inputs, allocation) =>
    {
        inputs = inputs with { Loads = [] };
        Assert.Equal(
            new LeastShardsAllocation().Plan(inputs).Select(move => (move.Shard, move.To)), allocation.Plan(inputs).Select(move => (move.Shard, move.To)));
    });

    /// <summary>No shard may be left whose move would make two members more even by more than the bound.</summary>
    private static void CheckPairs(AllocationInputs inputs, Func<int, double> weightOf, double bound)
    {
        var open = Open(inputs).ToDictionary(member => member.Incarnation, _ => 0.0);
        foreach (var placement in inputs.Placements.Where(placement => placement.Target is { } target && open.ContainsKey(target)))
        {
            open[placement.Target!.Value] += weightOf(placement.Shard);
        }

        foreach (var placement in inputs.Placements)
        {
            if (placement.Target is { } target && open.TryGetValue(target, out var mine) && !IsPinned(inputs, placement.Shard))
            {
                Assert.True(
                    mine - open.Values.Min() - weightOf(placement.Shard) <= bound,
                    FormattableString.Invariant($"shard {placement.Shard} ({weightOf(placement.Shard):0.##}) of {mine:0.##} could go to {open.Values.Min():0.##}; bound {bound:0.##}"));
            }
        }
    }

    private static double WeightOf(AllocationInputs inputs, int shard) =>
        inputs.Loads.IsEmpty ? 1 : 1 + inputs.Loads[shard].Rate + (inputs.Loads[shard].Residents / 1000);

    /// <summary>A failure is told with the seed that repeats it, and with the smallest cluster that was found to fail.</summary>
    private static void ForAll(string name, Action<AllocationInputs, IAllocation> check, int clusters = Clusters)
    {
        var allocation = new AllocationOptions { Name = name }.Create();
        Any.Sample(
            inputs =>
            {
                if (Open(inputs).Any())
                {
                    check(inputs, allocation);
                }
                else
                {
                    Assert.Empty(allocation.Plan(inputs));
                }
            },
            iter: clusters, threads: 1, print: Print);
    }
}
