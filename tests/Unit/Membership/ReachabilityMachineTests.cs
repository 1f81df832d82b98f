using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using Xunit;
using static AkkaScale.Tests.Unit.Membership.World;

namespace AkkaScale.Tests.Unit.Membership;

/// <summary>TTL 2 s, g 10 %: published after 2.2 s and two polls of 1/3 s, resolved after 2.2 s more.</summary>
public sealed class ReachabilityMachineTests
{
    private static readonly Incarnation Fourth = World.Node(4);
    private static readonly Incarnation Fifth = World.Node(5);

    private readonly World _world = new World()
        .Member(Me, MemberStatus.Up, counter: 50).Member(Other, MemberStatus.Up, counter: 40).Member(Third, MemberStatus.Up, counter: 30);

    private readonly ReachabilityMachine _machine;
    private readonly List<ClusterEffect> _effects = [];
    private StatusChange? _forced;

    public ReachabilityMachineTests()
    {
        _machine = new ReachabilityMachine(Me, _world.Options);
        _world.Coordinator = new CoordinatorTerm(Me, 1);
    }

    [Fact]
    public void A_peer_without_a_connection_is_published_after_a_lease_and_two_polls()
    {
        Cut(Other);
        Assert.Empty(PollUntil(2.7));
        Assert.Equal([Other], Published(PollUntil(3.1, from: 3.0)));
    }

    [Fact]
    public void It_is_written_once_and_once_more_when_the_connection_stands_again()
    {
        Cut(Other);
        Assert.Equal([Other], Published(PollUntil(3.0)));
        Assert.Empty(PollUntil(3.9, from: 3.3)); // not yet answered
        _machine.Step(new ClusterInput.UnreachablePublished(1, WriteOutcome.Applied), At(4), _effects);
        _world.Unreachable(Me, Other);
        Assert.Empty(PollUntil(5, from: 4.2));

        Cut();
        Assert.Empty(Published(PollUntil(5.4, from: 5.3)));
    }

    [Fact]
    public void A_publication_that_failed_is_tried_again()
    {
        Cut(Other);
        PollUntil(3.0);
        _machine.Step(new ClusterInput.UnreachablePublished(1, WriteOutcome.Unknown), At(3.1), _effects);
        Assert.Equal([Other], Published(PollUntil(3.3, from: 3.3)));
    }

    [Fact]
    public void A_connection_that_stands_in_between_starts_the_wait_anew()
    {
        Cut(Other);
        Assert.Empty(PollUntil(2.7));
        Cut();
        Assert.Empty(PollUntil(3.0, from: 3.0));
        Cut(Other);
        Assert.Empty(PollUntil(5.9, from: 3.3));
    }

    [Fact]
    public void A_gap_in_the_own_readings_starts_the_wait_anew()
    {
        Cut(Other);
        Assert.Empty(PollUntil(2.7));
        Assert.Empty(PollUntil(6.6, from: 4.0));
        Assert.Equal([Other], Published(PollUntil(7.0, from: 6.9)));
    }

    [Theory]
    [InlineData(MemberStatus.Joining)]
    [InlineData(MemberStatus.Leaving)]
    [InlineData(MemberStatus.Down)]
    [InlineData(MemberStatus.Dead)]
    public void Who_is_not_up_is_not_published(MemberStatus status)
    {
        _world.Member(Other, status);
        Cut(Other);
        Assert.Empty(PollUntil(9));
    }

    [Fact]
    public void The_time_before_both_were_up_does_not_count()
    {
        _world.Member(Me, MemberStatus.Joining);
        Cut(Other);
        Assert.Empty(PollUntil(9));
        _world.Member(Me, MemberStatus.Up);
        Assert.Empty(PollUntil(12.0, from: 9.3));
        Assert.Equal([Other], Published(PollUntil(12.3, from: 12.3)));
    }

    [Fact]
    public void Two_gateways_have_nothing_to_say_to_each_other()
    {
        _world.Member(Me, MemberStatus.Up, role: MemberSnapshot.GatewayRole).Member(Other, MemberStatus.Up, role: MemberSnapshot.GatewayRole);
        Cut(Other);
        Assert.Empty(PollUntil(9));
    }

    [Fact]
    public void The_coordinator_sends_away_whom_most_cannot_reach_after_it_was_published_for_a_lease()
    {
        _world.Unreachable(Me, Third).Unreachable(Other, Third);
        PollUntil(2.1);
        Assert.Null(_forced);

        PollUntil(2.4, from: 2.4);
        Assert.Equal((Third, MemberStatus.Down, 30L), (_forced!.Member, _forced.To, _forced.RenewCounter));
        Assert.Equal([MemberStatus.Up], _forced.From);
        Assert.Equal("2 of 2 peers (node-1, node-2) are not connected with it, published for 2.4 s; decided by coordinator node-1", _forced.Reason);
    }

    [Fact]
    public void It_waits_until_the_picture_has_settled_but_not_for_ever()
    {
        // 1 coordinates and is the one that is cut off; 3 is the first to say so, when 1 against 3 is all there is to see.
        _world.Unreachable(Third, Me);
        PollUntil(1.8);
        _world.Unreachable(Other, Me);
        PollUntil(2.7, from: 2.1);
        Assert.Null(_forced);
        PollUntil(3.3, from: 3.0);
        Assert.Equal(Me, _forced!.Member);
    }

    [Fact]
    public void Pairs_that_come_and_go_put_the_decision_off_by_one_lease_at_most()
    {
        _world.Member(Fourth, MemberStatus.Up).Unreachable(Me, Third);
        for (var now = 0.0; now <= 4.6; now += 0.3)
        {
            Assert.Null(_forced);
            _world.Unreachable(Other, ((int)(now / 0.6) % 2) == 0 ? [Third] : [Fourth]);
            PollUntil(now, from: now);
        }

        Assert.Equal(Third, _forced!.Member);
    }

    [Fact]
    public void Nobody_but_the_coordinator_decides()
    {
        _world.Coordinator = new CoordinatorTerm(Other, 1);
        _world.Unreachable(Me, Third).Unreachable(Other, Third);
        PollUntil(9);
        Assert.Null(_forced);
    }

    [Fact]
    public void A_pair_that_heals_in_time_costs_nobody_anything()
    {
        _world.Unreachable(Other, Third);
        PollUntil(2.1);
        _world.Unreachable(Other);
        PollUntil(9, from: 2.4);
        Assert.Null(_forced);
    }

    [Fact]
    public void A_coordinator_that_slept_starts_to_count_anew()
    {
        _world.Unreachable(Other, Third);
        PollUntil(2.1);
        PollUntil(5.3, from: 3.5);
        Assert.Null(_forced);
        PollUntil(6.1, from: 5.6);
        Assert.NotNull(_forced);
    }

    [Theory]
    [InlineData(MemberStatus.Leaving)]
    [InlineData(MemberStatus.Joining)]
    public void Who_leaves_or_joins_is_left_alone(MemberStatus status)
    {
        _world.Member(Third, status).Unreachable(Me, Third).Unreachable(Other, Third);
        PollUntil(9);
        Assert.Null(_forced);
    }

    [Fact]
    public void Of_two_that_cannot_reach_each_other_the_coordinator_stays()
    {
        _world.Without(Third).Unreachable(Me, Other).Unreachable(Other, Me);
        PollUntil(2.4);
        Assert.Equal(Other, _forced!.Member);
    }

    [Fact]
    public void The_coordinator_itself_goes_when_it_is_the_one_that_most_cannot_reach()
    {
        _world.Unreachable(Other, Me).Unreachable(Third, Me);
        PollUntil(2.4);
        Assert.Equal(Me, _forced!.Member);
    }

    [Fact]
    public void Of_equals_the_one_that_the_coordinator_cannot_reach_goes_so_that_its_side_stays_whole()
    {
        // {1, 2} against {3, 4}; 2 is the youngest of all.
        _world.Member(Other, MemberStatus.Up, counter: 1).Member(Fourth, MemberStatus.Up, counter: 60)
            .Unreachable(Third, Me, Other).Unreachable(Fourth, Me, Other);
        PollUntil(2.4);
        Assert.Equal(Third, _forced!.Member);
    }

    [Fact]
    public void Of_equals_one_without_shards_goes_and_then_the_younger()
    {
        _world.Member(Fourth, MemberStatus.Up, counter: 90, role: MemberSnapshot.GatewayRole).Unreachable(Fourth, Other);
        PollUntil(2.4);
        Assert.Equal(Fourth, _forced!.Member);

        _forced = null;
        _world.Unreachable(Fourth).Unreachable(Other, Third);
        PollUntil(5.1, from: 2.7);
        Assert.Equal(Third, _forced!.Member); // 30 renewals against 40
    }

    [Fact]
    public void The_larger_side_of_a_cut_stays()
    {
        _world.Member(Fourth, MemberStatus.Up, counter: 99).Member(Fifth, MemberStatus.Up, counter: 99);
        foreach (var member in new[] { Me, Fourth, Fifth })
        {
            _world.Unreachable(member, Other, Third);
        }

        PollUntil(2.4);
        Assert.Equal(Third, _forced!.Member);
        _world.Without(Third);
        _forced = null;
        PollUntil(2.7, from: 2.7);
        Assert.Equal(Other, _forced!.Member);
    }

    private void Cut(params Incarnation[] peers) => _machine.Step(new ClusterInput.PeersUnreachable([.. peers]), TimeSpan.Zero, _effects);

    private List<ClusterEffect> PollUntil(double until, double from = 0)
    {
        _effects.Clear();
        for (var now = from; now <= until + 0.001; now += 0.3)
        {
            _forced = _machine.Step(new ClusterInput.Polled(_world.Reading(), default, default), At(now), _effects) ?? _forced;
        }

        return [.. _effects];
    }

    private static IReadOnlyList<Incarnation> Published(List<ClusterEffect> effects) =>
        Assert.Single(effects.OfType<ClusterEffect.PublishUnreachable>()).Peers;
}
