using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding.Allocation;
using CsCheck;
using Xunit;

namespace AkkaScale.Tests.Unit.Allocation;

public sealed class LeastShardsAllocationTests
{
    private readonly LeastShardsAllocation _allocation = new();

    /// <summary>Shards that are nobody's, a living member's or one's that is gone; no orders.</summary>
    private static Gen<AllocationInputs> AnyStart { get; } = Gen.Select(
        Gen.Int[1, 8], Gen.Select(Somebody, Somebody).Array[1, 299],
        (members, places) => new AllocationInputs(
            Members(members), [.. places.Select((place, shard) => new ShardPlacement(shard, place.Item1, place.Item2))], int.MaxValue));

    private static Gen<Incarnation?> Somebody =>
        Gen.Frequency((1, Gen.Const(default(Incarnation?))), (3, Gen.Int[1, 11].Select(number => (Incarnation?)Node(number))));

    [Fact]
    public void Any_start_ends_balanced_within_one_with_as_few_moves_as_possible() => ForAny(inputs =>
    {
        var moves = _allocation.Plan(inputs);
        var after = Apply(inputs, moves);

        var counts = Counts(after);
        Assert.True(counts.Max() - counts.Min() <= 1, $"counts {string.Join(',', counts)}");

        // Each member keeps at most the larger share, and only as many members as there are remainders keep it.
        var homeless = inputs.Placements.Count(placement => !IsHoused(inputs, placement));
        var before = Counts(inputs).Order().Reverse().ToArray();
        var fewest = 0;
        for (var index = 0; index < before.Length; index++)
        {
            var share = (inputs.Placements.Length / before.Length) + (index < inputs.Placements.Length % before.Length ? 1 : 0);
            fewest += Math.Max(0, before[index] - share);
        }

        Assert.Equal(homeless + fewest, moves.Count);
        Assert.Equal(moves.Count, moves.Select(move => move.Shard).Distinct().Count());
    });

    [Fact]
    public void What_is_balanced_stays() =>
        ForAny(inputs => Assert.Empty(_allocation.Plan(Apply(inputs, _allocation.Plan(inputs)))));

    [Fact]
    public void A_fourth_member_gets_a_quarter_and_nothing_else_moves()
    {
        var three = Apply(Empty(256, 3), _allocation.Plan(Empty(256, 3)));
        var moves = _allocation.Plan(three with { Members = Members(4) });
        Assert.Equal(64, moves.Count);
        Assert.All(moves, move => Assert.Equal(Node(4), move.To));
        Assert.Contains("node-1 has 86; node-4 had 0", moves.Select(move => move.Reason));
    }

    [Fact]
    public void The_shards_of_a_member_that_left_are_spread_and_nothing_else_moves()
    {
        var three = Apply(Empty(9, 3), _allocation.Plan(Empty(9, 3)));
        var moves = _allocation.Plan(three with { Members = Members(2) });
        Assert.Equal(three.Placements.Where(placement => placement.Target == Node(3)).Select(placement => placement.Shard), moves.Select(move => move.Shard));
    }

    [Fact]
    public void Moves_from_living_owners_are_bounded_and_count_those_under_way()
    {
        var inputs = Empty(10, 2) with
        {
            Placements = [.. Enumerable.Range(0, 10).Select(shard => new ShardPlacement(shard, Node(1), shard == 9 ? Node(2) : Node(1)))],
            MaxMovingShards = 3,
        };
        Assert.Equal(2, _allocation.Plan(inputs).Count);
    }

    [Fact]
    public void Shards_without_a_living_target_do_not_wait_for_the_bound() =>
        Assert.Equal(10, _allocation.Plan(Empty(10, 2) with { MaxMovingShards = 0 }).Count);

    [Fact]
    public void A_cordoned_member_keeps_what_it_has_and_gets_nothing()
    {
        var inputs = new AllocationInputs(
            [new(Node(1), "node-1", IsCordoned: true), new(Node(2), "node-2")],
            [new(0, Node(1), Node(1)), new(1, null, null), new(2, null, null), new(3, null, null)],
            100);
        var moves = _allocation.Plan(inputs);
        Assert.Equal([1, 2, 3], moves.Select(move => move.Shard));
        Assert.All(moves, move => Assert.Equal(Node(2), move.To));
    }

    [Fact]
    public void A_shard_whose_target_was_lost_goes_back_to_its_owner()
    {
        var inputs = Empty(4, 2) with { Placements = [.. Enumerable.Range(0, 4).Select(shard => new ShardPlacement(shard, Node(1 + (shard / 2)), null))] };
        Assert.Equal([Node(1), Node(1), Node(2), Node(2)], _allocation.Plan(inputs).Select(move => move.To));
    }

    [Fact]
    public void Without_members_nothing_is_planned() => Assert.Empty(_allocation.Plan(Empty(4, 0)));

    private static Incarnation Node(int number) => new(new Guid(number, 0, 0, new byte[8]));

    private static ImmutableArray<AllocationMember> Members(int count) =>
        [.. Enumerable.Range(1, count).Select(number => new AllocationMember(Node(number), $"node-{number}"))];

    private static AllocationInputs Empty(int shards, int members) => new(
        Members(members), [.. Enumerable.Range(0, shards).Select(shard => new ShardPlacement(shard, null, null))], int.MaxValue);

    private static void ForAny(Action<AllocationInputs> check) =>
        AnyStart.Sample(check, iter: 200, threads: 1, print: RandomCluster.Print);

    private static bool IsHoused(AllocationInputs inputs, ShardPlacement placement) =>
        inputs.Members.Any(member => member.Incarnation == placement.Target);

    private static int[] Counts(AllocationInputs inputs) =>
        [.. inputs.Members.Select(member => inputs.Placements.Count(placement => placement.Target == member.Incarnation))];

    private static AllocationInputs Apply(AllocationInputs inputs, IReadOnlyList<AllocationMove> moves)
    {
        var placements = inputs.Placements.ToArray();
        foreach (var move in moves)
        {
            placements[move.Shard] = placements[move.Shard] with { Target = move.To };
        }

        return inputs with { Placements = [.. placements] };
    }
}
