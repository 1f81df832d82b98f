using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Tests.Unit.EntitySharding;

/// <summary>What an entity does not remember any more the journal is asked for, where a copy may exist.</summary>
public sealed class ForgottenCommandTests
{
    private readonly EntityConversation _entity = new(new EntityShardingOptions { RememberedCommands = 2 });
    private readonly Guid _forgotten;

    public ForgottenCommandTests()
    {
        _forgotten = _entity.NewId();
        _entity.Ask(new Add(1), _forgotten, clientKey: true);
        _entity.Ask(new Add(1));
        _entity.Ask(new Add(1));
        _entity.AllDurable();
    }

    [Fact]
    public void A_forgotten_one_gets_its_first_answer()
    {
        var repeat = _entity.Ask(new Add(1), _forgotten, clientKey: true);
        Assert.Equal(_forgotten, _entity.LookedUp);
        Assert.True(repeat.IsWaiting);
        _entity.Answer(_forgotten);
        Assert.Equal((1L, true, true), (repeat.Reply.Version, repeat.Reply.Replayed, repeat.Reply.Created));
        Assert.Empty(_entity.UnderWay);
    }

    [Fact]
    public void A_new_one_is_decided_after_the_look_up_and_copies_wait_with_it()
    {
        var id = _entity.NewId();
        var first = _entity.Ask(new Add(1), id, clientKey: true);
        var copy = _entity.Ask(new Add(1), id, clientKey: true, attempt: 1);
        Assert.Null(_entity.LookedUp);
        _entity.Answer(id);
        _entity.AllDurable();
        Assert.Equal((4L, 4L, true), (first.Reply.Version, copy.Reply.Version, copy.Reply.Replayed));
    }

    [Fact]
    public void Where_no_copy_can_exist_nobody_is_asked()
    {
        _entity.Ask(new Add(1));
        Assert.Null(_entity.LookedUp);
        Assert.Single(_entity.UnderWay);
    }

    [Fact]
    public void A_later_attempt_may_have_copies()
    {
        var id = _entity.NewId();
        _entity.Ask(new Add(1), id, attempt: 1);
        Assert.Equal(id, _entity.LookedUp);
    }

    [Fact]
    public void A_journal_that_does_not_answer_is_unavailable_and_nothing_happens()
    {
        var id = _entity.NewId();
        var asked = _entity.Ask(new Add(1), id, clientKey: true);
        _entity.Answer(id, failure: "told so");
        Assert.Equal((OutcomeKind.StoreUnavailable, "told so"), (asked.Outcome!.Kind, asked.Outcome.Detail));
        Assert.Empty(_entity.UnderWay);
        Assert.Equal(0, _entity.State.Unanswered);
    }

    [Fact]
    public void When_the_deadline_passes_meanwhile_it_is_not_decided_unless_a_copy_still_waits()
    {
        var alone = _entity.NewId();
        var asked = _entity.Ask(new Add(1), alone, clientKey: true, deadline: _entity.Now + TimeSpan.FromSeconds(1));
        var joined = _entity.NewId();
        _entity.Ask(new Add(1), joined, clientKey: true, deadline: _entity.Now + TimeSpan.FromSeconds(1));
        var copy = _entity.Ask(new Add(1), joined, clientKey: true, attempt: 1);
        _entity.Now += TimeSpan.FromSeconds(1);
        _entity.Answer(alone);
        Assert.Equal(OutcomeKind.Expired, asked.Outcome!.Kind);
        _entity.Answer(joined);
        _entity.AllDurable();
        Assert.Equal(4, copy.Reply.Version);
    }

    [Fact]
    public void Past_the_processs_deadline_what_was_found_is_not_told()
    {
        var repeat = _entity.Ask(new Add(1), _forgotten, clientKey: true);
        _entity.MayServe = false;
        _entity.Answer(_forgotten);
        Assert.Equal(OutcomeKind.NotServed, repeat.Outcome!.Kind);
    }

    [Fact]
    public void A_snapshot_says_that_it_does_not_have_all()
    {
        _entity.Restart();
        Assert.True(_entity.State.Memory.IsTruncated);
        var repeat = _entity.Ask(new Add(1), _forgotten, clientKey: true);
        _entity.Answer(_forgotten);
        Assert.Equal(ReplyStatus.Accepted, repeat.Reply.Status);
    }
}
