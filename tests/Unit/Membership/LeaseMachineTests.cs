using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using Xunit;
using static AkkaScale.Tests.Unit.Membership.World;

namespace AkkaScale.Tests.Unit.Membership;

public sealed class LeaseMachineTests
{
    private readonly LeaseMachine _lease = new(At(1.8));

    [Fact]
    public void Before_the_first_renewal_nothing_may_be_served() => Assert.Equal(TimeSpan.Zero, _lease.Times.ValidUntil);

    [Fact]
    public void The_deadline_counts_from_when_the_renewal_was_sent_not_from_its_answer()
    {
        _lease.Sent(At(10));
        // the answer comes at 11, say: the machine is not even told
        _lease.Answered(WriteOutcome.Applied, 1);

        Assert.Equal(At(11.8), _lease.Times.ValidUntil);
        Assert.Equal(At(10), _lease.Times.RenewedAt);
        Assert.Equal(1, _lease.Counter);
    }

    [Fact]
    public void An_unknown_outcome_moves_neither_deadline_nor_counter()
    {
        _lease.Sent(At(10));
        _lease.Answered(WriteOutcome.Applied, 1);
        _lease.Sent(At(10.5));
        _lease.Answered(WriteOutcome.Unknown, 1);

        Assert.Equal(At(11.8), _lease.Times.ValidUntil);
        Assert.Equal(1, _lease.Counter);
    }

    [Fact]
    public void A_counter_that_a_lost_renewal_may_have_raised_counts_from_the_lost_one()
    {
        _lease.Sent(At(10));
        _lease.Answered(WriteOutcome.Unknown, 0);
        _lease.Sent(At(11));
        _lease.Answered(WriteOutcome.Applied, 1);

        Assert.Equal(At(11.8), _lease.Times.ValidUntil);
    }

    [Fact]
    public void A_counter_beyond_what_lost_renewals_can_have_raised_counts_from_the_last_one()
    {
        _lease.Sent(At(10));
        _lease.Answered(WriteOutcome.Unknown, 0);
        _lease.Sent(At(11));
        _lease.Answered(WriteOutcome.Applied, 2);

        Assert.Equal(At(12.8), _lease.Times.ValidUntil);
    }

    [Fact]
    public void A_refused_renewal_ends_the_lease_for_good()
    {
        _lease.Sent(At(10));
        _lease.Answered(WriteOutcome.Applied, 1);
        _lease.Sent(At(10.5));
        _lease.Answered(WriteOutcome.Refused, 1);

        Assert.True(_lease.IsLost);
        Assert.Equal(TimeSpan.Zero, _lease.Times.ValidUntil);
    }

    [Fact]
    public void An_answer_that_was_under_way_does_not_bring_a_revoked_lease_back()
    {
        _lease.Sent(At(10));
        _lease.Revoke();
        _lease.Answered(WriteOutcome.Applied, 1);

        Assert.Equal(TimeSpan.Zero, _lease.Times.ValidUntil);
    }

    [Fact]
    public void An_hour_of_unknown_outcomes_is_remembered_in_bounded_space_and_on_the_short_side()
    {
        for (var attempt = 0; attempt < 10_000; attempt++)
        {
            _lease.Sent(At(attempt));
            _lease.Answered(WriteOutcome.Unknown, 0);
        }

        _lease.Sent(At(10_000));
        _lease.Answered(WriteOutcome.Applied, 1);
        Assert.Equal(At(1.8), _lease.Times.ValidUntil);
    }
}
