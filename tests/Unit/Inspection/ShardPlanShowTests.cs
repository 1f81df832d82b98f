using System.Collections.Immutable;
using Akka.Cluster;
using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Inspection;

namespace AkkaScale.Tests.Unit.Inspection;

public sealed class ShardPlanShowTests
{
    private static readonly IReadOnlySet<ShardKey> None = ImmutableHashSet<ShardKey>.Empty;

    /// <summary>n1 has five shards, n2 one.</summary>
    private static readonly ClusterSight Uneven = Sights.Usual with
    {
        Regions =
        [
            Sights.Region(
                [.. Enumerable.Range(0, 6).Select(shard => Sights.Held(shard, shard < 5 ? "11" : "22", shard + 1))],
                Enumerable.Range(0, 6).ToDictionary(shard => shard, shard => shard < 5 ? Sights.First : Sights.Second)),
        ],
    };

    [Fact]
    public void Loads_are_planned_by_as_coordinators_know_them_and_shown()
    {
        var even = Sights.Usual with
        {
            Regions =
            [
                Sights.Region(
                    [.. Enumerable.Range(0, 4).Select(shard => Sights.Held(shard, shard < 2 ? "11" : "22", shard + 1))],
                    Enumerable.Range(0, 4).ToDictionary(shard => shard, shard => shard < 2 ? Sights.First : Sights.Second)) with
                {
                    Weights = [100, 110, 10, 10], IsManual = true,
                },
            ],
        };
        var plan = ShardPlanShow.Of(even, new PlanWish(null, null, 0), None);
        Assert.Equal([(0, "n1", "n2"), (3, "n2", "n1")], plan.Moves.Select(move => (move.Shard.Number, move.From, move.To)));
        Assert.Equal([new PlannedNode("n1", 2, 2, 210, 120), new PlannedNode("n2", 2, 2, 20, 110)], plan.Nodes);
        Assert.Equal(["Allocation:Mode is Manual: only orders move shards"], plan.Waits);
        Assert.True(ShardShow.Status(even, "c", "sqlite", true).IsManual);
        Assert.Null(ShardShow.Status(Uneven, "c", "sqlite", true).IsManual);
    }

    [Fact]
    public void It_is_the_coordinators_plan_with_what_each_node_has_before_and_after()
    {
        var plan = ShardPlanShow.Of(Uneven, new PlanWish(null, null, 0), None);
        Assert.Equal(
            [
                new PlannedMove(new ShardKey("task", 3), "n1", "n2", "n1 has 4, n2 2", 4),
                new PlannedMove(new ShardKey("task", 4), "n1", "n2", "n1 has 5, n2 1", 5),
            ],
            plan.Moves);
        Assert.Equal([new PlannedNode("n1", 5, 3, null, null), new PlannedNode("n2", 1, 3, null, null)], plan.Nodes);
        Assert.Empty(plan.Waits);
    }

    [Fact]
    public void Without_a_node_it_gives_all_away_and_with_others_they_get_their_share()
    {
        var without = ShardPlanShow.Of(Uneven, new PlanWish("task", "n1", 0), None);
        Assert.Equal([new PlannedNode("n1", 5, 0, null, 0), new PlannedNode("n2", 1, 6, null, null)], without.Nodes);
        Assert.All(without.Moves, move => Assert.Equal("n1 is drained by this plan", move.Reason));

        var with = ShardPlanShow.Of(Uneven, new PlanWish(null, null, 1), None);
        Assert.Equal([new PlannedNode("n1", 5, 2, null, null), new PlannedNode("n2", 1, 2, null, null), new PlannedNode("new-1", 0, 2, 0, null)], with.Nodes);
    }

    [Fact]
    public void Each_region_is_planned_over_those_who_host_it()
    {
        var lists = Uneven.Regions[0] with { Name = "list", Role = null };
        var plan = ShardPlanShow.Of(Uneven with { Regions = [Uneven.Regions[0], lists] }, new PlanWish(null, null, 0), None);
        Assert.Contains(plan.Moves, move => move.Shard.Region == "list" && move.To == "g1");
        Assert.DoesNotContain(plan.Moves, move => move.Shard.Region == "task" && move.To == "g1");
        Assert.Equal([new PlannedNode("g1", 0, 2, 0, null), new PlannedNode("n1", 10, 5, null, null), new PlannedNode("n2", 2, 5, null, null)], plan.Nodes);
    }

    [Fact]
    public void Orders_hold_and_what_rests_stays()
    {
        var ordered = Uneven with
        {
            Orders = new StandingOrders(
                [new ShardOrder("task", 5, "n1", "jo", "") { Kind = ShardOrderKind.Pin }], [new NodeOrder("n2", NodeOrderKind.Cordon, "", "")]),
        };
        Assert.Equal([5], ShardPlanShow.Of(ordered, new PlanWish(null, null, 0), None).Moves.Select(move => move.Shard.Number));

        var resting = ShardPlanShow.Of(Uneven, new PlanWish(null, null, 0), new HashSet<ShardKey> { new("task", 3), new("task", 4), new("user", 1) });
        Assert.Equal([1, 2], resting.Moves.Select(move => move.Shard.Number));
        Assert.Contains("2 shards were moved by order", Assert.Single(resting.Waits));
    }

    [Fact]
    public void It_says_why_it_would_not_be_done_now()
    {
        var away = Uneven with { Gossip = [.. Uneven.Gossip.Select(member => member.Address == Sights.Second ? member with { IsReachable = false } : member)] };
        Assert.Contains("n2 cannot be reached", Assert.Single(ShardPlanShow.Of(away, new PlanWish(null, null, 0), None).Waits));
        var leaving = Uneven with { Gossip = [.. Uneven.Gossip.Select(member => member.Address == Sights.Second ? member with { Status = MemberStatus.Leaving } : member)] };
        Assert.Contains("n2 is leaving", Assert.Single(ShardPlanShow.Of(leaving, new PlanWish(null, null, 0), None).Waits));
    }

    [Theory]
    [InlineData("tusk", null, 0, 404)]
    [InlineData(null, "n9", 0, 404)]
    [InlineData(null, null, -1, 400)]
    [InlineData(null, null, 1_001, 400)]
    public void What_is_not_there_is_refused(string? region, string? without, int with, int status) => Assert.Equal(
        status, Assert.Throws<OrderRefusedException>(() => ShardPlanShow.Of(Uneven, new PlanWish(region, without, with), None)).Status);

    [Fact]
    public void Where_nobody_knows_the_homes_there_is_no_plan()
    {
        var unknown = Sights.Usual with { Regions = [Sights.Region([Sights.Held(0, null, 0)], null)] };
        Assert.Equal(503, Assert.Throws<OrderRefusedException>(() => ShardPlanShow.Of(unknown, new PlanWish(null, null, 0), None)).Status);
    }
}
