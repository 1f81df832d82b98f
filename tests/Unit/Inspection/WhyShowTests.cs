using Akka.Cluster;
using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Orders;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Inspection;

namespace AkkaScale.Tests.Unit.Inspection;

/// <summary>Shard task/0 is on n1, in <see cref="Sights.Usual"/>.</summary>
public sealed class WhyShowTests
{
    private static readonly TimeSpan Rest = TimeSpan.FromMinutes(10);
    private static readonly DateTime Now = Sights.Then.AddHours(1);

    private long _nr;

    [Fact]
    public void After_a_hand_over_the_move_that_began_it_says_why()
    {
        var story = Why(
            Sights.Usual, Decision(ShardDecisionKind.Home, "n1", "n1 has the fewest, 3"), Decision(ShardDecisionKind.Move, "n1", "n2 has 9, n1 3"),
            Decision(ShardDecisionKind.Home, "n1", "it was sent there", handOver: 0.1));
        Assert.Equal("n2 has 9, n1 3", story.Reason);
        Assert.Equal(story.Decisions[0].At, story.Since);
    }

    [Fact]
    public void A_shard_that_was_given_a_home_is_there_for_that_reason_and_an_earlier_move_says_nothing()
    {
        var story = Why(Sights.Usual, Decision(ShardDecisionKind.Move, "n1", "n2 has 9, n1 3"), Decision(ShardDecisionKind.Home, "n1", "n1 has the fewest, 3"));
        Assert.Equal("n1 has the fewest, 3", story.Reason);
    }

    [Fact]
    public void What_no_decision_tells_is_not_known()
    {
        var story = Why(Sights.Usual);
        Assert.Equal((null, null), (story.Since, story.Reason));
        Assert.Null(Why(Sights.Usual, Decision(ShardDecisionKind.Home, "n2", "elsewhere")).Reason);
    }

    [Fact]
    public void What_the_load_asks_for_is_not_said_to_stay_and_weights_are_told_where_all_are_known()
    {
        var region = Sights.Region(
            [Sights.Held(0, "11", 3), Sights.Held(1, "22", 4), Sights.Held(2, "11", 5), Sights.Held(3, "22", 6)],
            new Dictionary<int, string> { [0] = Sights.First, [1] = Sights.Second, [2] = Sights.First, [3] = Sights.Second });
        Assert.Equal(
            ["the balance does not ask for it: n1 has 2 that weigh 210, n2 has 2 that weigh 190"],
            Why(Sights.Usual with { Regions = [region with { Weights = [100, 90, 110, 100] }] }).Keeps);
        Assert.Empty(Why(Sights.Usual with { Regions = [region with { Weights = [110, 10, 100, 10] }] }, shard: 2).Keeps);
    }

    [Fact]
    public void An_even_balance_does_not_ask_for_it() =>
        Assert.Equal(["the balance does not ask for it: n1 has 1, n2 has 1"], Why(Sights.Usual).Keeps);

    [Fact]
    public void Who_was_moved_by_order_rests_until_it_is_over_or_was_housed_anew()
    {
        Assert.Contains("until 2026-01-02 04:12:0", Why(Sights.Usual, Decision(ShardDecisionKind.Arrived, "n1", "ordered by jo", ago: 120)).Keeps[0]);
        Assert.DoesNotContain("by order", Why(Sights.Usual, Decision(ShardDecisionKind.Arrived, "n1", "ordered by jo", ago: 601)).Keeps[0]);
        Assert.DoesNotContain("by order", Why(Sights.Usual, Decision(ShardDecisionKind.Arrived, "n2", "ordered by jo", ago: 1)).Keeps[0]);
        Assert.DoesNotContain(
            "by order", Why(Sights.Usual, Decision(ShardDecisionKind.Arrived, "n1", "ordered by jo", ago: 9), Decision(ShardDecisionKind.Home, "n1", "lost", ago: 5)).Keeps[0]);
    }

    [Theory]
    [InlineData("n9", null, "n9 is not up: the order to move it there waits")]
    [InlineData("n2", NodeOrderKind.Cordon, "n2 is cordoned: the order to move it there waits")]
    [InlineData("n2", NodeOrderKind.Drain, "n2 is being drained: the order to move it there waits")]
    [InlineData("n2", null, "nothing")]
    public void An_order_to_a_node_that_takes_nothing_waits(string node, NodeOrderKind? closed, string words)
    {
        var order = new ShardOrder("task", 0, node, "jo", "large");
        NodeOrder[] nodes = closed is { } kind ? [new NodeOrder(node, kind, "jo", "")] : [];
        Assert.StartsWith(words, Why(Sights.Usual with { Orders = new([order], nodes) }).Keeps.FirstOrDefault("nothing"), StringComparison.Ordinal);
        Assert.Equal(
            closed is not null || node == "n9",
            Why(Sights.Usual with { Orders = new([order with { Kind = ShardOrderKind.Pin }], nodes) }).Keeps.FirstOrDefault("").EndsWith(": the pin waits", StringComparison.Ordinal));
    }

    [Fact]
    public void Pins_cordons_drains_and_members_that_come_and_go_are_named()
    {
        Assert.Equal("it is pinned to n1", Why(Ordered(Pin("n1"))).Keeps[0]);
        Assert.StartsWith("nothing: it is pinned to n2", Why(Ordered(Pin("n2"))).Keeps[0]);
        Assert.Equal("n1 is cordoned, and keeps what it has", Why(Ordered(node: NodeOrderKind.Cordon)).Keeps[0]);
        Assert.Equal("nothing: n1 is being drained", Why(Ordered(node: NodeOrderKind.Drain)).Keeps[0]);
        Assert.StartsWith("n2 cannot be reached", Why(Sights.With(new GossipMember(Sights.Second, 2, MemberStatus.Up, new HashSet<string> { "entity" }, 1, false))).Keeps[0]);
        Assert.StartsWith("n2 is joining", Why(Sights.With(new GossipMember(Sights.Second, 2, MemberStatus.Joining, new HashSet<string> { "entity" }, 1, true))).Keeps[0]);
        Assert.Equal(("n1", ShardOrderKind.Pin), (Why(Ordered(Pin("n1"))).Order!.NodeName, Why(Ordered(Pin("n1"))).Order!.Kind));
    }

    [Fact]
    public void A_shard_on_its_way_is_kept_by_nothing()
    {
        var moving = Sights.Usual with { Regions = [Sights.Region(Sights.Usual.Regions[0].Leases, new Dictionary<int, string> { [0] = Sights.Second })] };
        Assert.Equal(["nothing: it is on its way to n2"], Why(moving).Keeps);
    }

    private static ShardOrder Pin(string node) => new("task", 0, node, "jo", "") { Kind = ShardOrderKind.Pin };

    private static ClusterSight Ordered(ShardOrder? pin = null, NodeOrderKind? node = null) => Sights.Usual with
    {
        Orders = new StandingOrders(pin is null ? [] : [pin], node is { } kind ? [new NodeOrder("n1", kind, "jo", "")] : []),
    };

    private ShardDecision Decision(ShardDecisionKind kind, string to, string reason, double ago = 60, double? handOver = null) =>
        new("task", 0, kind, null, to, reason, handOver is { } seconds ? new() { ["handOverSeconds"] = seconds } : new Dictionary<string, double>(), "n1")
        {
            Nr = ++_nr,
            At = Now.AddSeconds(-ago),
        };

    private static ShardStory Why(ClusterSight sight, int shard) => WhyShow.Of(sight, new ShardKey("task", shard), [], Rest, Now);

    private static ShardStory Why(ClusterSight sight, params ShardDecision[] decisions) =>
        WhyShow.Of(sight, new ShardKey("task", 0), [.. decisions.OrderByDescending(each => each.Nr)], Rest, Now);
}
