using AkkaScale.Cluster.Orders;
using AkkaScale.Sharding.Allocation;
using AkkaScale.Sharding.Options;
using AkkaScale.Sharding.Stuck;
using static AkkaScale.Tests.Unit.SteeredAllocation.RandomRegion;

namespace AkkaScale.Tests.Unit.SteeredAllocation;

/// <summary>What operators want, and how it ends, in rounds of a coordinator.</summary>
public sealed class SteeringOrderTests : SteeringConversation
{
    [Fact]
    public void In_manual_mode_orders_and_leases_alone_move_shards()
    {
        _options.Mode = AllocationMode.Manual;
        _homes[1] = _homes[3] = A;
        Hold();
        _weights = [500, 500, 10, 10];
        AssertQuiet(Step());
        Order(0, "n2");
        Assert.Equal(Move(0, A, B), Single(Step()) with { Reason = "" });
        _orders!.Clear();
        _holders![1] = B;
        Step(0.5);
        Assert.Equal(Move(1, A, B), Single(Step(2)) with { Reason = "" });
        _holders[1] = A;
        _nodes.Add(new NodeOrder("n1", NodeOrderKind.Drain, "jo", "patches"));
        Assert.Equal([2, 3], Step().Moves.Select(move => move.Shard).Order());
    }

    [Fact]
    public void What_weighs_too_much_on_one_member_is_exchanged_unless_it_rests()
    {
        Hold();
        _weights = [500, 10, 490, 10];
        Assert.Equal([2, 3], Step().Moves.Select(move => move.Shard).Order());
        _state.Clear();
        foreach (var shard in new[] { 0, 2 })
        {
            _state.Rests[shard] = new RestingShard(A, default, TimeSpan.FromSeconds(_now + 60));
        }

        AssertQuiet(Step());
    }

    [Fact]
    public void An_order_is_carried_out_though_it_is_not_quiet_and_is_over_when_the_shard_runs_there()
    {
        Hold();
        _quiet = TimeSpan.Zero;
        Order(0, "n2");
        Assert.Equal(Move(0, A, B), Single(Step()) with { Reason = "" });

        _inProgress.Add(0);
        AssertQuiet(Step(0.5));
        _homes.Remove(0);
        _inProgress.Clear();
        Assert.Equal(B, Place(0, holder: A));
        _homes[0] = B;
        AssertQuiet(Step(0.5));
        _holders![0] = B;
        Assert.Equal((_orders![0], "it is there"), Assert.Single(Step(0.5).Ended));
    }

    [Fact]
    public void A_shard_that_was_ordered_is_left_alone_by_the_balance_for_a_time()
    {
        _homes[0] = _homes[2] = B;
        Hold();
        Order(3, "n2");
        _quiet = TimeSpan.Zero;
        Assert.NotEmpty(Step().Ended);
        _orders!.Clear();
        _quiet = TimeSpan.FromMinutes(1);

        // All are on B, and it is the one with the highest number.
        Assert.Equal([1, 2], Step(1).Moves.Select(move => move.Shard));
        Assert.Equal([1, 2], Step(588).Moves.Select(move => move.Shard));
        Assert.Equal([2, 3], Step(11).Moves.Select(move => move.Shard));
    }

    [Fact]
    public void A_shard_rests_no_longer_when_it_was_lost_from_where_it_was_ordered_to()
    {
        Hold();
        Order(3, "n2");
        Assert.NotEmpty(Step().Ended);
        _orders!.Clear();
        _homes[3] = A;
        Hold();
        Assert.Equal([3], Step(1).Moves.Select(move => move.Shard));
        Assert.Empty(_state.Rests);
    }

    [Fact]
    public void What_rested_under_a_former_coordinator_rests_on_once_its_home_is_known_and_only_where_it_was_ordered_to()
    {
        Hold();
        _homes[1] = _homes[3] = A;
        _homes.Remove(2);
        _inherited = [new InheritedRest(0, "n2", At(600)), new InheritedRest(2, "n1", At(600)), new InheritedRest(3, "n1", At(600))];
        Step();
        Assert.Equal([3], _state.Rests.Keys);
        _inherited = [];
        _homes[2] = A;
        Step(1);
        Assert.Equal([2, 3], _state.Rests.Keys.Order());
        Step(600);
        Assert.Empty(_state.Rests);

        TimeSpan At(double later) => TimeSpan.FromSeconds(_now + later);
    }

    [Fact]
    public void A_shard_that_rests_by_inheritance_is_left_alone_by_the_balance()
    {
        _homes[0] = _homes[2] = B;
        Hold();
        _inherited = [new InheritedRest(3, "n2", TimeSpan.FromSeconds(_now + 600))];
        Assert.Equal([1, 2], Step().Moves.Select(move => move.Shard));
    }

    [Fact]
    public void An_order_whose_row_stays_does_not_make_the_shard_rest_longer()
    {
        _homes[0] = B;
        Hold();
        Order(0, "n2");
        Assert.NotEmpty(Step().Ended);
        var until = _state.Rests[0].Until;
        Assert.NotEmpty(Step(5).Ended);
        Assert.Equal(until, _state.Rests[0].Until);
    }

    [Fact]
    public void An_order_for_a_node_that_is_not_up_waits_and_is_given_up()
    {
        Hold();
        Order(0, "n3");
        AssertQuiet(Step());
        AssertQuiet(Step(29));
        Assert.Contains("given up", Assert.Single(Step(1).Ended).Word);
    }

    [Fact]
    public void Its_node_coming_back_gives_an_order_its_whole_patience_again()
    {
        Hold();
        Order(0, "n3");
        Step();
        _members.Add(Member(3));
        Assert.Contains(0, Step(29).Moves.Select(move => move.Shard));
        _members.RemoveAt(2);
        Assert.Empty(Step(1).Ended);
        Assert.Empty(Step(29).Ended);
        Assert.NotEmpty(Step(1).Ended);
    }

    [Fact]
    public void An_order_for_a_shard_that_the_region_has_not_is_over_at_once()
    {
        Hold();
        Order(Shards, "n2");
        Assert.Equal("the region's shards are 0 to 3", Assert.Single(Step().Ended).Word);
    }

    [Fact]
    public void While_the_database_is_away_orders_that_were_read_go_on()
    {
        _quiet = TimeSpan.Zero;
        Hold();
        _isCut = true;
        Order(0, "n2");
        AssertQuiet(Step());
        (_orders, _holders, _isCut) = (null, null, false);
        var outcome = Step(1);
        Assert.Equal([0], outcome.Moves.Select(move => move.Shard));
        Assert.Empty(outcome.Ended);
    }

    [Fact]
    public void Shards_without_a_home_are_touched_when_it_is_quiet_and_ordered_ones_at_once()
    {
        _homes.Remove(1);
        _homes.Remove(2);
        Hold();
        _quiet = TimeSpan.Zero;
        Assert.Empty(Step().Touched);
        Order(2, "n2");
        Assert.Equal([2], Step(1).Touched);
        _quiet = TimeSpan.FromMinutes(1);
        Assert.Equal([1], Step(1).Touched);
        Assert.Empty(Step(1).Touched);
        Place(1, null);
        Assert.Equal([2], Step(3).Touched);
    }

    [Fact]
    public void A_drained_node_gives_its_shards_away_though_it_is_not_quiet_but_not_while_a_member_cannot_be_reached()
    {
        Hold();
        _quiet = TimeSpan.Zero;
        _nodes.Add(new NodeOrder("n1", NodeOrderKind.Drain, "jo", "patches"));
        _isCut = true;
        AssertQuiet(Step());
        _isCut = false;
        var moves = Step(1).Moves;
        Assert.Equal([2, 0], moves.Select(move => move.Shard));
        Assert.All(moves, move => Assert.Equal("n1 is drained by jo: patches", move.Reason));
    }

    [Fact]
    public void A_cordoned_node_keeps_what_it_has_and_gets_no_more()
    {
        _members.Add(Member(3));
        Hold();
        _nodes.Add(new NodeOrder("n3", NodeOrderKind.Cordon, "jo", ""));
        AssertQuiet(Step());
        _nodes.Clear();
        Assert.NotEmpty(Step(1).Moves);
    }

    [Fact]
    public void While_the_database_is_away_a_node_that_was_cordoned_stays_so()
    {
        _members.Add(Member(3));
        Hold();
        _nodes.Add(new NodeOrder("n3", NodeOrderKind.Cordon, "jo", ""));
        AssertQuiet(Step());
        _orders = null;
        AssertQuiet(Step(1));
    }

    [Fact]
    public void An_order_to_a_cordoned_node_waits_and_is_given_up()
    {
        Hold();
        _nodes.Add(new NodeOrder("n2", NodeOrderKind.Cordon, "jo", ""));
        Order(0, "n2");
        AssertQuiet(Step());
        Assert.Contains("given up", Assert.Single(Step(30).Ended).Word);
    }

    [Fact]
    public void A_pinned_shard_returns_to_its_node_whenever_that_is_up_and_the_pin_stays()
    {
        Hold();
        Pin(0, "n3");
        AssertQuiet(Step());
        AssertQuiet(Step(60));
        _members.Add(Member(3));
        Assert.Equal([0], Step(1).Moves.Where(move => move.To == C && move.Reason == "pinned by jo").Select(move => move.Shard));
        _homes[0] = C;
        Hold();
        Assert.DoesNotContain(Step(11).Moves, move => move.Shard == 0);
        Assert.Equal([0], _state.Orders.Keys);
        Assert.Empty(Step(1).Ended);
    }

    [Fact]
    public void A_pinned_shard_lives_elsewhere_while_its_node_is_away_and_is_balanced_like_others()
    {
        _homes[0] = _homes[2] = B;
        Hold();
        Pin(3, "n3");
        Assert.Equal([2, 3], Step().Moves.Select(move => move.Shard));
    }

    [Fact]
    public void A_pin_of_a_shard_that_the_region_has_not_is_over_at_once()
    {
        Hold();
        Pin(Shards, "n2");
        Assert.Equal("the region's shards are 0 to 3", Assert.Single(Step().Ended).Word);
    }

    [Fact]
    public void A_shard_with_a_stuck_entity_stays_whoever_wants_it_and_an_order_for_it_is_given_up_by_the_entitys_name()
    {
        _members.Add(Member(3));
        _quiet = TimeSpan.Zero;
        Hold();
        _holders![2] = C;
        _nodes.Add(new NodeOrder("n1", NodeOrderKind.Drain, "jo", "patches"));
        Order(1, "n3");
        _stuck = new[] { 0, 1, 2 }.ToDictionary(shard => shard, shard => new StuckEntity(A, "r", shard, $"e{shard}", TimeSpan.FromSeconds(40)));
        AssertQuiet(Step());
        AssertQuiet(Step(29));
        Assert.Equal("it is given up: r/e1 has been at one message for 40 s and cannot be stopped", Assert.Single(Step(1).Ended).Word);

        _stuck = new Dictionary<int, StuckEntity>();
        Assert.Equal([0, 1, 2], Step(1).Moves.Select(move => move.Shard).Order());
    }
}
