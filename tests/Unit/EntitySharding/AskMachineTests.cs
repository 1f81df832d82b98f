using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Routing;

namespace AkkaScale.Tests.Unit.EntitySharding;

public sealed class AskMachineTests
{
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(400);

    private readonly AskMachine _command = new(isRead: false, TimeSpan.FromSeconds(1));
    private readonly AskMachine _read = new(isRead: true, TimeSpan.FromSeconds(1));

    [Fact]
    public void Overloaded_is_answered_at_once_while_nothing_can_have_taken_effect() =>
        Assert.Equal(ReplyStatus.Overloaded, _command.OnOutcome(EntityOutcome.Overloaded("full"), Long)?.Status);

    [Fact]
    public void After_a_lost_attempt_overloaded_is_no_answer_and_the_end_is_unknown()
    {
        Assert.Null(_command.OnOutcome(EntityOutcome.Unknown("lost"), Long));
        Assert.Null(_command.OnOutcome(EntityOutcome.Overloaded("full"), Long));
        Assert.Null(_command.OnOutcome(EntityOutcome.NotUnderstood("?"), Long));
        Assert.Equal(ReplyStatus.DeadlineExceeded, _command.GiveUp(EntityOutcome.Overloaded("full")).Status);
        Assert.Equal(ReplyStatus.DeadlineExceeded, _command.GiveUp(EntityOutcome.NotServed).Status);
    }

    [Fact]
    public void Only_a_lost_attempt_makes_the_next_one_a_copy()
    {
        Assert.Null(_command.OnOutcome(EntityOutcome.NotServed, Long));
        Assert.Equal((0, false), (_command.Attempt, _command.MayHaveEffect));
        Assert.Null(_command.OnOutcome(EntityOutcome.Unknown("lost"), Long));
        Assert.Equal((1, true), (_command.Attempt, _command.MayHaveEffect));
        _command.OnTimeout();
        _command.OnHomeChanged();
        Assert.Equal(3, _command.Attempt);
    }

    [Fact]
    public void An_attempt_without_an_answer_leaves_the_outcome_unknown()
    {
        _command.OnTimeout();
        Assert.Equal((ReplyStatus.DeadlineExceeded, "deadline"), Of(_command.GiveUp(EntityOutcome.NotServed)));
    }

    [Fact]
    public void A_read_never_has_an_effect()
    {
        _read.OnTimeout();
        Assert.Null(_read.OnOutcome(EntityOutcome.Unknown("lost"), Long));
        Assert.Equal((ReplyStatus.ShardUnavailable, "shard/unavailable"), Of(_read.GiveUp(EntityOutcome.NotServed)));
        Assert.Equal(ReplyStatus.Overloaded, _read.OnOutcome(EntityOutcome.Overloaded("full"), Long)?.Status);
    }

    [Fact]
    public void A_definite_no_is_told_before_the_deadline_unless_there_is_doubt_or_it_is_a_read()
    {
        foreach (var (outcome, status) in new[]
        {
            (EntityOutcome.StoreUnavailable("away"), ReplyStatus.StoreUnavailable), (EntityOutcome.NotServed, ReplyStatus.ShardUnavailable),
        })
        {
            var command = new AskMachine(isRead: false, TimeSpan.FromSeconds(1));
            Assert.Null(command.OnOutcome(outcome, Long));
            Assert.Equal(status, command.OnOutcome(outcome, Short)?.Status);
            Assert.Null(_read.OnOutcome(outcome, Short));
            command.OnTimeout();
            Assert.Null(command.OnOutcome(outcome, Short)); // there may still be an answer
            Assert.Equal(ReplyStatus.DeadlineExceeded, command.GiveUp(outcome).Status);
        }
    }

    [Fact]
    public void What_was_dropped_before_it_was_decided_had_no_effect_and_says_that_the_deadline_passed()
    {
        Assert.Null(_command.OnOutcome(EntityOutcome.Expired, TimeSpan.Zero));
        Assert.Equal((ReplyStatus.DeadlineExceeded, "The deadline passed before the entity decided."), (
            _command.GiveUp(EntityOutcome.Expired).Status, _command.GiveUp(EntityOutcome.Expired).Detail));
    }

    [Fact]
    public void Attempts_and_pauses_grow_up_to_a_bound_and_a_new_home_is_asked_at_once()
    {
        for (var time = 0; time < 10; time++)
        {
            _command.OnTimeout();
            Assert.Null(_command.OnOutcome(EntityOutcome.NotServed, Long));
        }

        Assert.Equal((TimeSpan.FromSeconds(4), TimeSpan.FromMilliseconds(250)), (_command.AttemptTimeout, _command.Pause));
        _command.OnHomeChanged();
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(5)), (_command.AttemptTimeout, _command.Pause));
    }

    [Fact]
    public void What_is_lost_again_and_again_is_asked_ever_more_slowly()
    {
        var before = _command.Pause;
        Assert.Null(_command.OnOutcome(EntityOutcome.Unknown("lost"), Long));
        Assert.True(_command.Pause > before);
    }

    private static (ReplyStatus, string) Of(EntityReply reply) => (reply.Status, reply.Code);
}
