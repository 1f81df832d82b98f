using AkkaScale.Cluster.Orders;
using AkkaScale.Sharding.Allocation;
using static AkkaScale.Tests.Unit.SteeredAllocation.RandomRegion;

namespace AkkaScale.Tests.Unit.SteeredAllocation;

/// <summary>Where a shard without a home goes.</summary>
public sealed class HomeChoiceTests
{
    private static readonly string A = Member(1).Address;
    private static readonly string B = Member(2).Address;
    private static readonly string C = Member(3).Address;

    private readonly SteeringState _state = new();
    private readonly Dictionary<int, string> _homes = new() { [10] = A, [11] = A, [12] = B };
    private List<AllocationMember> _regions = [Member(1), Member(2), Member(3)];
    private HashSet<string>? _open;
    private double _now = 100;

    [Fact]
    public void The_living_holder_of_the_lease_wins_over_everything_else()
    {
        _state.Orders[0] = Order(0, "n2");
        _state.Sent[0] = new SentShard(C, B, TimeSpan.FromSeconds(_now));
        Assert.Equal(A, Make(0, holder: A));
    }

    [Fact]
    public void A_holder_without_a_region_here_says_nothing() => Assert.Equal(C, Make(0, holder: "akka://9"));

    [Fact]
    public void A_shard_that_was_sent_away_goes_to_its_target_though_the_row_names_the_old_home()
    {
        _state.Sent[0] = new SentShard(A, B, TimeSpan.FromSeconds(_now));
        Assert.Equal(B, Make(0, holder: A));
        _now += 10;
        Assert.Equal(A, Make(0, holder: A));
    }

    [Fact]
    public void A_target_that_is_gone_or_cut_off_is_no_target()
    {
        _state.Sent[0] = new SentShard(A, B, TimeSpan.FromSeconds(_now));
        _open = [A, C];
        Assert.Equal(C, Make(0, holder: A));
        (_open, _regions) = (null, [Member(1)]);
        Assert.Equal(A, Make(0, holder: A));
    }

    [Fact]
    public void An_ordered_shard_goes_to_its_node_when_that_is_up()
    {
        _state.Orders[0] = Order(0, "n1");
        Assert.Equal(A, Make(0));
        _open = [B, C];
        Assert.Equal(C, Make(0));
    }

    [Fact]
    public void The_emptiest_region_is_taken_and_what_was_given_counts_before_it_shows()
    {
        Assert.Equal([C, B, C, A, B, C], Enumerable.Range(0, 6).Select(shard => Make(shard)));
        foreach (var (shard, given) in _state.Given)
        {
            _homes[shard] = given.Address;
        }

        Assert.Equal(A, Make(7));
        Assert.Single(_state.Given);
    }

    [Fact]
    public void The_same_question_gets_the_same_answer_until_it_shows_or_has_grown_old()
    {
        Assert.Equal(C, Make(0));
        _homes[13] = _homes[14] = _homes[15] = C;
        Assert.Equal(C, Make(0));
        _now += 5;
        Assert.Equal(B, Make(0));
    }

    [Fact]
    public void A_choice_says_why_and_which_hand_over_it_ends_and_a_repeated_one_nothing()
    {
        Assert.Equal(new ChosenHome(C, "n3 has the fewest, 0", null), Choose(0));
        Assert.Null(Choose(0)!.Value.Reason);
        Assert.Equal("its lease is held there", Choose(1, holder: A)!.Value.Reason);
        Assert.Null(Choose(1, holder: A)!.Value.Reason);
        _state.Orders[2] = Order(2, "n1");
        Assert.Equal("ordered by jo", Choose(2)!.Value.Reason);
        var sent = new SentShard(A, B, TimeSpan.FromSeconds(_now));
        _state.Sent[3] = sent;
        Assert.Equal(new ChosenHome(B, "it was sent there", sent), Choose(3));
        Close(NodeOrderKind.Cordon, "n1", "n2", "n3");
        Assert.Equal("n3 has the fewest, 1, and no other takes shards", Choose(4)!.Value.Reason);
    }

    [Fact]
    public void One_that_cannot_be_reached_is_taken_when_there_is_no_other()
    {
        _open = [A];
        Assert.Equal(A, Make(0));
        _open = [];
        Assert.Equal(C, Make(1));
    }

    [Theory]
    [InlineData(NodeOrderKind.Cordon)]
    [InlineData(NodeOrderKind.Drain)]
    public void A_closed_node_is_given_nothing_that_it_does_not_hold(NodeOrderKind kind)
    {
        Close(kind, "n3");
        Assert.Equal([B, A, B], Enumerable.Range(0, 3).Select(shard => Make(shard)));
        _state.Orders[3] = Order(3, "n3");
        _state.Sent[4] = new SentShard(A, C, TimeSpan.FromSeconds(_now));
        Assert.NotEqual(C, Make(3));
        Assert.NotEqual(C, Make(4));
        Assert.Equal(C, Make(5, holder: C));
    }

    [Fact]
    public void Where_all_nodes_are_closed_a_shard_still_gets_a_home()
    {
        Close(NodeOrderKind.Drain, "n1", "n2", "n3");
        Assert.Equal(C, Make(0));
    }

    [Fact]
    public void A_closed_node_that_can_be_reached_comes_before_an_open_one_that_cannot()
    {
        Close(NodeOrderKind.Cordon, "n1");
        _open = [A];
        Assert.Equal(A, Make(0));
    }

    [Fact]
    public void Orders_that_were_read_before_the_first_round_hold()
    {
        OrderReview.Glance(_state, new StandingOrders([Order(0, "n1"), Order(99, "n1")], [new NodeOrder("n3", NodeOrderKind.Cordon, "jo", "")]), shardCount: 20);
        Assert.Equal((A, B), (Make(0), Make(1)));
        Assert.Equal([0], _state.Orders.Keys);
    }

    [Fact]
    public void A_node_that_was_closed_since_the_last_round_gets_nothing_and_an_order_that_a_round_has_ended_does_not_come_back()
    {
        OrderReview.Glance(_state, StandingOrders.None, shardCount: 20);
        Assert.Equal(C, Make(0));
        OrderReview.Glance(_state, new StandingOrders([Order(1, "n1")], [new NodeOrder("n3", NodeOrderKind.Cordon, "jo", "")]), shardCount: 20);
        Assert.Equal(B, Make(1));
        Assert.Empty(_state.Orders);
    }

    [Fact]
    public void Without_regions_there_is_no_home()
    {
        _regions = [];
        Assert.Null(Make(0));
    }

    private void Close(NodeOrderKind kind, params string[] nodes)
    {
        foreach (var node in nodes)
        {
            _state.Nodes[node] = new NodeOrder(node, kind, "jo", "");
        }
    }

    private static ShardOrder Order(int shard, string node) => new("r", shard, node, "jo", "");

    private string? Make(int shard, string? holder = null) => Choose(shard, holder)?.Address;

    private ChosenHome? Choose(int shard, string? holder = null) => HomeChoice.Make(
        _state,
        new HomeRequest(
            TimeSpan.FromSeconds(_now), shard, holder, _regions, _open ?? [.. _regions.Select(region => region.Address)], _homes));
}
