using AkkaScale.Cluster.Orders;
using AkkaScale.Sharding.Allocation;
using AkkaScale.Sharding.Options;
using AkkaScale.Sharding.Stuck;
using static AkkaScale.Tests.Unit.SteeredAllocation.RandomRegion;

namespace AkkaScale.Tests.Unit.SteeredAllocation;

/// <summary>Rounds of a coordinator, as conversations.</summary>
public sealed class SteeringMachineTests : SteeringConversation
{
    [Fact]
    public void Even_members_are_left_alone()
    {
        Hold();
        AssertQuiet(Step());
    }

    [Fact]
    public void A_shard_whose_lease_another_holds_for_two_seconds_goes_there()
    {
        Hold();
        _holders![0] = B;
        Assert.Empty(Step().Moves);
        Assert.Empty(Step(1.9).Moves);
        Assert.Equal(Move(0, A, B), Single(Step(0.1)) with { Reason = "" });
    }

    [Fact]
    public void While_homes_and_leases_differ_nothing_moves_for_the_balance()
    {
        Hold();
        _members.Add(Member(3));
        _holders![0] = C;
        Step();
        Assert.Equal([0], Step(2).Moves.Select(move => move.Shard));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Nothing_moves_for_the_balance_until_it_has_been_quiet(bool isQuiet)
    {
        _homes[1] = _homes[3] = A;
        Hold();
        _quiet = isQuiet ? Options.QuietFor : Options.QuietFor - TimeSpan.FromMilliseconds(1);
        Assert.Equal(isQuiet ? [2, 3] : [], Step().Moves.Select(move => move.Shard));
    }

    [Fact]
    public void While_a_member_cannot_be_reached_no_hand_over_begins_that_it_would_hold_up()
    {
        _quiet = TimeSpan.Zero;
        Hold();
        Order(0, "n2");
        _isCut = true;
        AssertQuiet(Step());
        _isCut = false;
        Assert.Equal([0], Step(1).Moves.Select(move => move.Shard));
    }

    [Fact]
    public void A_hand_over_that_failed_is_tried_again_after_a_while_and_not_at_once()
    {
        _quiet = TimeSpan.Zero;
        Hold();
        Order(0, "n2");
        Assert.NotEmpty(Step().Moves);
        AssertQuiet(Step(0.5));
        AssertQuiet(Step(4));
        Assert.Equal([0], Step(0.5).Moves.Select(move => move.Shard));
    }

    [Fact]
    public void A_shard_whose_lease_nobody_holds_is_touched_where_it_is_unless_the_leases_are_not_known()
    {
        Hold();
        _holders!.Remove(3);
        Assert.Equal([3], Step().Touched);
        Assert.Empty(Step(4.9).Touched);
        Assert.Equal([3], Step(0.1).Touched);
        _holders = null;
        Assert.Empty(Step(10).Touched);
    }

    [Fact]
    public void What_is_between_two_homes_counts_where_it_goes_to()
    {
        _homes[1] = _homes[3] = A;
        Hold();
        Assert.Equal(2, Step().Moves.Count);
        _homes.Remove(2);
        _homes.Remove(3);
        AssertQuiet(Step(0.5));
    }
}
