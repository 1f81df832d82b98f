using Akka.Cluster;
using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Inspection;

namespace AkkaScale.Tests.Unit.Inspection;

public sealed class MoveCheckTests
{
    [Fact]
    public void A_shard_may_go_to_any_host_that_is_up()
    {
        Assert.Equal(new MoveOutcome(new ShardKey("task", 0), "n1", "n2", 3, false), MoveCheck.Check(Sights.Usual, To("n2")));
        Assert.Equal(new MoveOutcome(new ShardKey("task", 2), null, "n2", 0, false), MoveCheck.Check(Sights.Usual, To("n2") with { Shard = new("task", 2) }));
        Assert.False(MoveCheck.Check(Sights.Usual, To("n2") with { ExpectedEpoch = 3 }).IsThere);
    }

    [Fact]
    public void It_is_there_when_lease_and_home_are()
    {
        Assert.True(MoveCheck.Check(Sights.Usual, To("n1")).IsThere);
        var leaving = Sights.Usual with
        {
            Regions = [Sights.Region(Sights.Usual.Regions[0].Leases, new Dictionary<int, string> { [0] = Sights.Second })],
        };
        Assert.False(MoveCheck.Check(leaving, To("n1")).IsThere);
    }

    [Theory]
    [InlineData("tusk", 0, "n1", null, 404, "known are task")]
    [InlineData("task", 3, "n1", null, 404, "0 to 2")]
    [InlineData("task", -1, "n1", null, 404, "0 to 2")]
    [InlineData("task", 0, "", null, 400, "Name the node")]
    [InlineData("task", 0, null, null, 400, "Name the node")]
    [InlineData("task", 0, "nobody", null, 404, "known are g1, n1, n2")]
    [InlineData("task", 0, "g1", null, 409, "has not the role entity")]
    [InlineData("task", 0, "n2", 2L, 409, "epoch 3, not 2")]
    public void What_cannot_be_is_refused_and_says_why(string region, int shard, string? node, long? epoch, int status, string says)
    {
        var refused = Assert.Throws<OrderRefusedException>(
            () => MoveCheck.Check(Sights.Usual, new MoveOrder(new ShardKey(region, shard), node, null, null, epoch)));
        Assert.Equal(status, refused.Status);
        Assert.Contains(says, refused.Message);
    }

    [Fact]
    public void A_region_without_a_role_goes_to_any_member()
    {
        var everywhere = Sights.Usual with { Regions = [Sights.Usual.Regions[0] with { Role = null }] };
        Assert.Equal("g1", MoveCheck.Check(everywhere, To("g1")).To);
    }

    [Fact]
    public void A_node_that_is_not_up_takes_nothing()
    {
        var joining = Sights.With(new GossipMember(Sights.Second, 2, MemberStatus.Joining, new HashSet<string> { "entity" }, 1, true));
        Assert.Contains("is not up", Assert.Throws<OrderRefusedException>(() => MoveCheck.Check(joining, To("n2"))).Message);
    }

    [Theory]
    [InlineData(NodeOrderKind.Cordon, "is cordoned")]
    [InlineData(NodeOrderKind.Drain, "is being drained")]
    public void A_node_that_is_closed_takes_nothing(NodeOrderKind kind, string says)
    {
        var closed = Sights.Usual with { Orders = new StandingOrders([], [new NodeOrder("n2", kind, "jo", "")]) };
        var refused = Assert.Throws<OrderRefusedException>(() => MoveCheck.Check(closed, To("n2")));
        Assert.Equal(409, refused.Status);
        Assert.Contains(says, refused.Message);
        Assert.True(MoveCheck.Check(closed, To("n1")).IsThere);
    }

    [Fact]
    public void A_pinned_shard_is_not_moved_but_may_be_pinned_elsewhere()
    {
        var pin = new ShardOrder("task", 0, "n1", "jo", "") { Kind = ShardOrderKind.Pin };
        var pinned = Sights.Usual with { Orders = new StandingOrders([pin], []) };
        Assert.Contains("is pinned to n1", Assert.Throws<OrderRefusedException>(() => MoveCheck.CheckMove(pinned, To("n2"))).Message);
        Assert.Equal("n2", MoveCheck.Check(pinned, To("n2")).To);
        Assert.Equal("n2", MoveCheck.CheckMove(pinned with { Orders = new StandingOrders([pin with { Kind = ShardOrderKind.Move }], []) }, To("n2")).To);
    }

    [Theory]
    [InlineData("a\nb")]
    [InlineData(null)]
    public void Texts_have_bounds(string? text)
    {
        var order = To("n2") with { Reason = text ?? new string('x', 501) };
        Assert.Equal(400, Assert.Throws<OrderRefusedException>(() => MoveCheck.Check(Sights.Usual, order)).Status);
    }

    private static MoveOrder To(string node) => new(new ShardKey("task", 0), node, "why", "jo", null);
}
