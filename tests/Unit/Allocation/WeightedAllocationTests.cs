using System.Collections.Immutable;
using AkkaScale.LegacySharding.Allocation;
using CsCheck;
using Xunit;
using static AkkaScale.Tests.Unit.Allocation.RandomCluster;

namespace AkkaScale.Tests.Unit.Allocation;

public sealed class WeightedAllocationTests
{
    private readonly WeightedAllocation _allocation = new(new AllocationOptions());

    [Fact]
    public void Loads_that_sway_within_the_hysteresis_move_nothing()
    {
        var inputs = Even(members: 4, shards: 256, shard => new ShardLoad(2, 0));
        Gen.Double[0.6, 1.4].Array[256].Sample(
            sway => Assert.Empty(_allocation.Plan(
                inputs with { Loads = [.. inputs.Loads.Select((load, shard) => load with { Rate = load.Rate * sway[shard] })] })),
            iter: 200, threads: 1);
    }

    [Fact]
    public void The_neighbours_of_a_hot_shard_go_and_it_stays()
    {
        var inputs = Even(members: 4, shards: 64, shard => new ShardLoad(shard == 0 ? 500 : 1, 0));
        var moves = _allocation.Plan(inputs);
        Assert.DoesNotContain(0, moves.Select(move => move.Shard));
        Assert.NotEmpty(moves);
        Assert.All(moves, move => Assert.Equal(MemberNr(1), inputs.Placements[move.Shard].Target));
    }

    [Fact]
    public void A_move_for_load_tells_the_loads_behind_it()
    {
        var inputs = Even(members: 2, shards: 8, shard => new ShardLoad(shard % 2 == 0 ? 100 : 1, 20));
        var move = _allocation.Plan(inputs)[^1];
        Assert.Equal("node-1 carries 400/s in 4 shards, node-2 4/s in 4; shard 6 has 100/s", move.Reason);
        Assert.Equal(
            """{"rate":100,"residents":20,"weight":101.02,"from":{"shards":4,"rate":400,"weight":404.08},"to":{"shards":4,"rate":4,"weight":8.08}}""",
            move.Numbers);
    }

    [Fact]
    public void A_new_coordinator_moves_only_what_is_far_out_of_balance()
    {
        // 30 and 34 shards: counts would move two, if nothing else were known for good.
        var inputs = Even(members: 2, shards: 64, _ => default) with { IsNewCoordinator = true, Loads = [] };
        var placements = inputs.Placements.ToArray();
        placements[1] = placements[1] with { Owner = MemberNr(1), Target = MemberNr(1) };
        placements[3] = placements[3] with { Owner = MemberNr(1), Target = MemberNr(1) };
        inputs = inputs with { Placements = [.. placements] };
        Assert.Empty(_allocation.Plan(inputs));
        Assert.Equal(2, _allocation.Plan(inputs with { IsNewCoordinator = false }).Count);

        var joined = inputs with { Members = [.. inputs.Members, new AllocationMember(MemberNr(3), "node-3")] };
        Assert.InRange(_allocation.Plan(joined).Count, 20, 22);
    }

    [Fact]
    public void A_new_member_gets_a_fair_mix_and_not_the_hottest_shards()
    {
        var inputs = Even(members: 3, shards: 240, shard => new ShardLoad(shard < 24 ? 40 : 0.5, 0));
        var joined = inputs with { Members = [.. inputs.Members, new AllocationMember(MemberNr(4), "node-4")] };
        var moves = _allocation.Plan(joined);
        Assert.All(moves, move => Assert.Equal(MemberNr(4), move.To));
        Assert.InRange(moves.Count, 45, 70);
        Assert.InRange(moves.Count(move => move.Shard < 24), 4, 7);
    }

    private static AllocationInputs Even(int members, int shards, Func<int, ShardLoad> load) => new(
        [.. Enumerable.Range(1, members).Select(number => new AllocationMember(MemberNr(number), $"node-{number}"))],
        [.. Enumerable.Range(0, shards).Select(shard => new ShardPlacement(shard, MemberNr(1 + (shard % members)), MemberNr(1 + (shard % members))))],
        int.MaxValue)
    {
        Loads = [.. Enumerable.Range(0, shards).Select(load)],
    };
}
