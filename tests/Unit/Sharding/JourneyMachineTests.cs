using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Regions;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class JourneyMachineTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);

    [Fact]
    public void Overloaded_is_answered_at_once_while_nothing_can_have_taken_effect()
    {
        var journey = new JourneyMachine(isRead: false);
        Assert.Equal(ReplyStatus.Overloaded, journey.OnAttempted(AskOutcome.Overloaded("full"), Long)?.Status);
    }

    [Fact]
    public void After_a_lost_attempt_overloaded_is_no_answer_and_the_end_is_unknown()
    {
        var journey = new JourneyMachine(isRead: false);
        Assert.Null(journey.OnAttempted(AskOutcome.Unknown("lost"), Long));
        Assert.Null(journey.OnAttempted(AskOutcome.Overloaded("full"), Long));
        Assert.Equal(ReplyStatus.DeadlineExceeded, journey.GiveUp(AskOutcome.Overloaded("full")).Status);
        Assert.Equal(ReplyStatus.DeadlineExceeded, journey.OnNoRoom(AskOutcome.NotOwner).Status);
    }

    [Fact]
    public void Only_a_lost_attempt_makes_the_next_one_a_copy()
    {
        var journey = new JourneyMachine(isRead: false);
        Assert.Null(journey.OnAttempted(AskOutcome.NotOwner, Long));
        Assert.Equal((0, false), (journey.Attempt, journey.MayHaveEffect));
        Assert.Null(journey.OnAttempted(AskOutcome.Unknown("lost"), Long));
        Assert.Equal((1, true), (journey.Attempt, journey.MayHaveEffect));
    }

    [Fact]
    public void A_read_never_has_an_effect()
    {
        var journey = new JourneyMachine(isRead: true);
        Assert.Null(journey.OnAttempted(AskOutcome.Unknown("lost"), Long));
        Assert.Equal(ReplyStatus.ShardUnavailable, journey.GiveUp(AskOutcome.NotOwner).Status);
    }

    [Fact]
    public void A_store_that_is_away_is_told_before_the_deadline_unless_there_is_doubt()
    {
        var journey = new JourneyMachine(isRead: false);
        Assert.Null(journey.OnAttempted(AskOutcome.StoreUnavailable("away"), Long));
        Assert.Equal(ReplyStatus.StoreUnavailable, journey.OnAttempted(AskOutcome.StoreUnavailable("away"), TimeSpan.FromMilliseconds(400))?.Status);
        Assert.Null(journey.OnAttempted(AskOutcome.Unknown("lost"), Long));
        Assert.Equal(
            ReplyStatus.DeadlineExceeded, journey.OnAttempted(AskOutcome.StoreUnavailable("away"), TimeSpan.FromMilliseconds(400))?.Status);
    }
}
