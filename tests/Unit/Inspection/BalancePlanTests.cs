using Akka.Cluster;
using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Inspection;

namespace AkkaScale.Tests.Unit.Inspection;

public sealed class BalancePlanTests
{
    private static readonly ClusterSight Uneven = Sights.Usual with
    {
        Regions =
        [
            Sights.Region(
                [.. Enumerable.Range(0, 5).Select(shard => Sights.Held(shard, "11", 1))],
                Enumerable.Range(0, 5).ToDictionary(shard => shard, _ => Sights.First)),
        ],
    };

    [Fact]
    public void As_few_moves_as_make_the_hosts_even_are_planned_and_the_gateway_gets_none()
    {
        var moves = BalancePlan.Of(Uneven, null);
        Assert.Equal(2, moves.Count);
        Assert.All(moves, move => Assert.Equal(("task", "n2"), (move.Shard.Region, move.Node)));
        Assert.Equal(2, moves.Select(move => move.Shard.Number).Distinct().Count());
    }

    [Fact]
    public void No_more_than_asked_for_are_planned() => Assert.Single(BalancePlan.Of(Uneven, 1));

    [Fact]
    public void Nothing_is_planned_where_members_are_even() => Assert.Empty(BalancePlan.Of(Sights.Usual, null));

    [Fact]
    public void A_closed_node_gets_none_and_what_coordinators_do_by_themselves_is_not_ordered()
    {
        Assert.Empty(BalancePlan.Of(With(new StandingOrders([], [new NodeOrder("n2", NodeOrderKind.Cordon, "", "")])), null));
        Assert.Empty(BalancePlan.Of(With(new StandingOrders([], [new NodeOrder("n1", NodeOrderKind.Drain, "", "")])), null));
        var pinned = BalancePlan.Of(With(new StandingOrders([new ShardOrder("task", 4, "n2", "", "") { Kind = ShardOrderKind.Pin }], [])), null);
        Assert.Equal([3], pinned.Select(move => move.Shard.Number));

        static ClusterSight With(StandingOrders orders) => Uneven with { Orders = orders };
    }

    [Fact]
    public void A_bound_of_none_is_refused() => Assert.Equal(400, Refused(Uneven, 0));

    [Fact]
    public void Nothing_is_ordered_while_a_member_cannot_be_reached() => Assert.Equal(
        409, Refused(Sights.With(new GossipMember(Sights.Second, 2, MemberStatus.Up, new HashSet<string> { "entity" }, 1, false)), null));

    [Fact]
    public void What_nobody_knows_is_not_taken_for_even() =>
        Assert.Equal(503, Refused(Sights.Usual with { Regions = [Sights.Region([Sights.Held(0, null, 0)], null)] }, null));

    private static int Refused(ClusterSight sight, int? maxMoves) =>
        Assert.Throws<OrderRefusedException>(() => BalancePlan.Of(sight, maxMoves)).Status;
}
