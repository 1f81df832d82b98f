using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using Xunit;
using static AkkaScale.Tests.Unit.Membership.World;

namespace AkkaScale.Tests.Unit.Membership;

/// <summary>TTL 2 s, g 10 %: expiry is observed after 2.2 s, and a gap above 1 s starts the observation anew.</summary>
public sealed class MembershipMachineTests
{
    private readonly World _world = new World().Member(Me, MemberStatus.Up).Member(Other, MemberStatus.Up, counter: 7);
    private readonly MembershipMachine _machine;

    public MembershipMachineTests() => _machine = new MembershipMachine(Me, _world.Options);

    [Fact]
    public void A_joining_member_comes_up_once_it_holds_a_lease()
    {
        _world.Member(Me, MemberStatus.Joining, counter: 0);
        Assert.Empty(Step(new ClusterInput.Polled(_world.Reading(), default, new LeaseTimes(null, TimeSpan.Zero)), 0));

        var change = Change(Poll(0.3));
        Assert.Equal((Me, MemberStatus.Up), (change.Member, change.To));
        Assert.Equal([MemberStatus.Joining], change.From);
    }

    [Fact]
    public void A_member_is_declared_down_after_its_counter_stood_for_the_observed_expiry()
    {
        Assert.Empty(PollUntil(2.1));

        var change = Change(Poll(2.3));
        Assert.Equal(Other, change.Member);
        Assert.Equal(MemberStatus.Down, change.To);
        Assert.Equal(7, change.RenewCounter);
        Assert.Equal([MemberStatus.Joining, MemberStatus.Up, MemberStatus.Leaving], change.From);
    }

    [Fact]
    public void A_renewal_starts_the_observation_anew()
    {
        Assert.Empty(PollUntil(2.1));
        _world.Member(Other, MemberStatus.Up, counter: 8);
        Assert.Empty(PollUntil(4.2, from: 2.4));
        Assert.Equal(8, Change(Poll(4.7)).RenewCounter);
    }

    [Fact]
    public void Rule_a_the_declarer_itself_says_dead_at_once()
    {
        PollUntil(2.1);
        Assert.Equal(MemberStatus.Down, Change(Poll(2.3)).To);

        var change = Change(Answer(WriteOutcome.Applied, 2.31));
        Assert.Equal((Other, MemberStatus.Dead), (change.Member, change.To));
        Assert.Equal([MemberStatus.Down], change.From);
        Assert.Equal(7, change.RenewCounter);
    }

    [Fact]
    public void Rule_a_holds_for_whoever_saw_the_expiry_also_if_another_was_quicker_to_say_down()
    {
        PollUntil(2.1);
        Poll(2.3);
        Answer(WriteOutcome.Refused, 2.31);
        _world.Member(Other, MemberStatus.Down, counter: 7);

        Assert.Equal(MemberStatus.Dead, Change(Poll(2.4)).To);
    }

    [Fact]
    public void Between_down_and_dead_no_renewal_slips_in_because_down_was_refused()
    {
        PollUntil(2.1);
        Assert.Equal(MemberStatus.Down, Change(Poll(2.3)).To);
        _world.Member(Other, MemberStatus.Up, counter: 8);

        Assert.DoesNotContain(Answer(WriteOutcome.Refused, 2.31), effect => effect is ClusterEffect.ChangeStatus);
        Assert.Empty(PollUntil(4.4, from: 2.4));
    }

    [Fact]
    public void An_unknown_down_is_asked_again_from_what_the_next_reading_shows()
    {
        PollUntil(2.1);
        Poll(2.3);
        Assert.Equal([new ClusterEffect.Poll()], Answer(WriteOutcome.Unknown, 2.31));
        Assert.Equal(MemberStatus.Down, Change(Poll(2.4)).To);
    }

    [Fact]
    public void Rule_b_a_member_that_reads_its_own_down_stops_serving_and_then_says_dead_itself()
    {
        PollUntil(0.5);
        _world.Member(Me, MemberStatus.Down);

        var effects = Poll(0.8);
        Assert.IsType<ClusterEffect.RevokeLease>(effects[0]);
        var change = Change(effects);
        Assert.Equal((Me, MemberStatus.Dead), (change.Member, change.To));
        Assert.Equal([MemberStatus.Down], change.From);

        var end = Assert.IsType<ClusterEffect.EndSession>(Answer(WriteOutcome.Applied, 0.9)[^1]).End;
        Assert.Equal(SessionEndKind.Lost, end.Kind);
    }

    [Fact]
    public void A_refused_renewal_ends_the_session_also_while_the_store_gives_no_answer()
    {
        PollUntil(0.5);
        Assert.Equal(MemberStatus.Dead, Change(Step(new ClusterInput.LeaseLost(), 0.6)).To);
        Assert.IsType<ClusterEffect.EndSession>(Answer(WriteOutcome.Unknown, 2.6)[^1]);
    }

    [Theory]
    [InlineData(MemberStatus.Dead)]
    [InlineData(MemberStatus.Removed)]
    public void A_member_whose_own_row_is_over_ends_its_session(MemberStatus status)
    {
        PollUntil(0.5);
        _world.Member(Me, status);
        Assert.IsType<ClusterEffect.RevokeLease>(Poll(0.8)[0]);
        Assert.True(_machine.IsOver);
    }

    [Fact]
    public void A_member_whose_own_row_is_gone_ends_its_session()
    {
        PollUntil(0.5);
        _world.Without(Me);
        Assert.IsType<ClusterEffect.RevokeLease>(Poll(0.8)[0]);
    }

    [Fact]
    public void Rule_c_a_member_forced_down_is_dead_after_down_was_seen_for_the_observed_expiry()
    {
        PollUntil(0.6);
        _world.Member(Other, MemberStatus.Down, counter: 9);
        Assert.Empty(PollUntil(3.0, from: 0.9));

        var change = Change(Poll(3.2));
        Assert.Equal((Other, MemberStatus.Dead, 9L), (change.Member, change.To, change.RenewCounter));
        Assert.Equal("forced down; it has been down for longer than a lease", change.Reason);
    }

    [Fact]
    public void Rule_c_counts_from_the_down_that_this_observer_has_seen_without_a_gap()
    {
        _world.Member(Other, MemberStatus.Down, counter: 9);
        Assert.Empty(PollUntil(2.0));
        // This process slept for 1.5 s: what it saw before counts no more.
        Assert.Empty(PollUntil(5.6, from: 3.5));
        Assert.Equal(MemberStatus.Dead, Change(Poll(5.8)).To);
    }

    [Fact]
    public void A_closed_connection_makes_it_look_and_skips_none_of_the_wait()
    {
        PollUntil(0.6);
        Step(new ClusterInput.PeersUnreachable([Other]), 0.7);
        for (var now = 0.7; now < 2.15; now += 0.05)
        {
            Assert.Empty(Poll(now));
        }

        Assert.Equal(MemberStatus.Down, Change(Poll(2.21)).To);
    }

    [Fact]
    public void A_joining_member_comes_up_only_when_it_is_connected_with_everybody_who_is_up()
    {
        _world.Member(Me, MemberStatus.Joining).Member(Third, MemberStatus.Joining);
        Step(new ClusterInput.PeersUnreachable([Other, Third]), 0);
        Assert.Empty(PollUntil(2.0));

        // The first word comes when a dead one would have been declared so.
        _world.Member(Other, MemberStatus.Up, counter: 8);
        Assert.Equal(["node-2"], Assert.Single(Poll(2.3).OfType<ClusterEffect.AwaitPeers>()).Nodes.ToArray());
        _world.Member(Other, MemberStatus.Up, counter: 9);
        Assert.Empty(PollUntil(4.0, from: 2.6));

        Step(new ClusterInput.PeersUnreachable([Third]), 4.1);
        var change = Change(Poll(4.1));
        Assert.Equal((Me, MemberStatus.Up), (change.Member, change.To));
    }

    [Fact]
    public void A_joining_member_tells_again_and_again_whom_it_waits_for()
    {
        _world.Member(Me, MemberStatus.Joining);
        var told = new List<double>();
        for (var now = 0.0; now < 35; now += 0.3)
        {
            _world.Member(Other, MemberStatus.Up, counter: (long)(now * 10));
            Step(new ClusterInput.PeersUnreachable([Other]), now);
            told.AddRange(Poll(now).OfType<ClusterEffect.AwaitPeers>().Select(waits => waits.Since.TotalSeconds));
        }

        Assert.Equal([2.4, 12.6, 22.8, 33.0], told.Select(seconds => Math.Round(seconds, 1)));
    }

    [Fact]
    public void A_gateway_waits_for_no_other_gateway()
    {
        _world.Member(Me, MemberStatus.Joining, role: MemberSnapshot.GatewayRole).Member(Other, MemberStatus.Up, role: MemberSnapshot.GatewayRole);
        Step(new ClusterInput.PeersUnreachable([Other]), 0);
        Assert.Equal(MemberStatus.Up, Change(Poll(0.3)).To);
    }

    [Fact]
    public void Leaving_written_by_another_makes_this_member_leave_and_its_process_stop()
    {
        PollUntil(0.5);
        _world.Member(Me, MemberStatus.Leaving);
        var effects = Poll(0.8);
        Assert.Single(effects.OfType<ClusterEffect.LeaveOrdered>());
        Assert.DoesNotContain(Poll(1.1), effect => effect is ClusterEffect.LeaveOrdered);

        Assert.Equal(MemberStatus.Removed, Change(Step(new ClusterInput.OwnsNothing(), 1.2)).To);
    }

    [Fact]
    public void Its_own_leave_is_no_order_of_another()
    {
        PollUntil(0.5);
        Step(new ClusterInput.LeaveRequested(), 0.6);
        Answer(WriteOutcome.Applied, 0.65);
        _world.Member(Me, MemberStatus.Leaving);
        Assert.DoesNotContain(Poll(0.8), effect => effect is ClusterEffect.LeaveOrdered);
    }

    [Fact]
    public void A_gap_between_polls_starts_all_observations_anew()
    {
        Assert.Empty(PollUntil(2.0));
        // the store was away for 1.4 s; everybody's counter looks old now
        Assert.Empty(Poll(3.4));
        Assert.Empty(PollUntil(5.5, from: 3.7));
        Assert.Equal(MemberStatus.Down, Change(Poll(5.7)).To);
    }

    [Fact]
    public void An_own_lease_that_is_not_renewed_is_no_evidence_against_others()
    {
        for (var now = 0.0; now < 10; now += 0.3)
        {
            // reads work, writes do not: nobody's counter moves, the own one neither
            var lease = new LeaseTimes(At(Math.Min(now, 1)), At(Math.Min(now, 1) + 1.8));
            Assert.Empty(Step(new ClusterInput.Polled(_world.Reading(), default, lease), now));
        }
    }

    [Fact]
    public void A_member_that_is_gone_is_left_alone()
    {
        _world.Member(Other, MemberStatus.Dead);
        Assert.Empty(PollUntil(9));
    }

    [Fact]
    public void Leaving_goes_from_up_over_leaving_to_removed()
    {
        PollUntil(0.5);
        var leaving = Change(Step(new ClusterInput.LeaveRequested(), 0.6));
        Assert.Equal((Me, MemberStatus.Leaving), (leaving.Member, leaving.To));
        Assert.DoesNotContain(Step(new ClusterInput.OwnsNothing(), 0.61), effect => effect is ClusterEffect.ChangeStatus);

        Answer(WriteOutcome.Applied, 0.65);
        Assert.Equal(MemberStatus.Removed, Change(Step(new ClusterInput.OwnsNothing(), 0.7)).To);
        var end = Assert.IsType<ClusterEffect.EndSession>(Answer(WriteOutcome.Applied, 0.8)[^1]).End;
        Assert.Equal(SessionEndKind.Stopped, end.Kind);
    }

    [Fact]
    public void A_leave_of_unknown_outcome_is_asked_again()
    {
        PollUntil(0.5);
        Step(new ClusterInput.LeaveRequested(), 0.6);
        Answer(WriteOutcome.Unknown, 0.9);
        Assert.Equal(MemberStatus.Leaving, Change(Poll(1.0)).To);
    }

    private long _asked;

    private List<ClusterEffect> Step(ClusterInput input, double now)
    {
        var effects = new List<ClusterEffect>();
        _machine.Step(input, At(now), effects);
        _asked = effects.OfType<ClusterEffect.ChangeStatus>().Select(change => change.Generation).LastOrDefault(_asked);
        return effects;
    }

    private List<ClusterEffect> Poll(double now) =>
        Step(new ClusterInput.Polled(_world.Reading(), default, new LeaseTimes(At(now - 0.1), At(now + 1.7))), now);

    private List<ClusterEffect> PollUntil(double until, double from = 0)
    {
        var effects = new List<ClusterEffect>();
        for (var now = from; now <= until; now += 0.3)
        {
            effects.AddRange(Poll(now));
        }

        return effects;
    }

    private List<ClusterEffect> Answer(WriteOutcome outcome, double now) => Step(new ClusterInput.StatusAnswered(_asked, outcome), now);

    private static StatusChange Change(List<ClusterEffect> effects) =>
        Assert.Single(effects.OfType<ClusterEffect.ChangeStatus>()).Change;
}
