using System.Collections.Immutable;
using AkkaScale.Sharding.Allocation;
using Xunit;
using static AkkaScale.Tests.Unit.Allocation.RandomCluster;

namespace AkkaScale.Tests.Unit.Allocation;

public sealed class ConsistentHashAllocationTests
{
    private readonly ConsistentHashAllocation _allocation = new();

    [Fact]
    public void A_node_that_comes_back_as_another_incarnation_gets_the_shards_it_had()
    {
        var first = Apply(Empty(256, 1, 2, 3), _allocation.Plan(Empty(256, 1, 2, 3)));
        var had = first.Placements.Where(placement => placement.Target == MemberNr(2)).Select(placement => placement.Shard).ToList();

        var back = first with { Members = [.. first.Members.Where(member => member.NodeName != "node-2"), new AllocationMember(MemberNr(9), "node-2")] };
        Assert.Equal(had, _allocation.Plan(back).Select(move => move.Shard));
        Assert.All(_allocation.Plan(back), move => Assert.Equal(MemberNr(9), move.To));
    }

    [Fact]
    public void A_fourth_member_takes_little_more_than_its_share()
    {
        var three = Apply(Empty(256, 1, 2, 3), _allocation.Plan(Empty(256, 1, 2, 3)));
        var moves = _allocation.Plan(three with { Members = Empty(256, 1, 2, 3, 4).Members });
        Assert.InRange(moves.Count(move => move.To == MemberNr(4)), 45, 68);
        Assert.InRange(moves.Count, 45, 110);
    }

    /// <summary>What is written in a cluster's rows today must be the same answer tomorrow.</summary>
    [Fact]
    public void The_answer_never_changes()
    {
        var targets = _allocation.Plan(Empty(16, 1, 2, 3)).Select(move => move.To.ToString()[7]);
        Assert.Equal("1321233233132211", string.Concat(targets));
    }

    private static AllocationInputs Empty(int shards, params int[] members) => new(
        [.. members.Select(number => new AllocationMember(MemberNr(number), $"node-{number}"))],
        [.. Enumerable.Range(0, shards).Select(shard => new ShardPlacement(shard, null, null))], int.MaxValue);
}
