using AkkaScale.Entities;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Tests.Unit.EntitySharding;

public sealed class ConfirmedReadTests
{
    private readonly EntityConversation _entity = new();

    public ConfirmedReadTests()
    {
        _entity.Ask(new Add(5));
        _entity.AllDurable();
    }

    [Fact]
    public void A_confirmed_read_waits_for_the_database_and_an_ordinary_one_does_not()
    {
        var confirmed = Read();
        Assert.Equal(1, _entity.AskedToConfirm);
        Assert.Equal("{\"value\":5}", _entity.Ask(new Get()).Body);
        Assert.True(confirmed.IsWaiting);
        _entity.Confirm(1);
        Assert.Equal("{\"value\":5}", confirmed.Body);
    }

    [Fact]
    public void A_refusal_is_confirmed_too()
    {
        var refused = _entity.Ask(new Get(), expected: 3, confirmed: true);
        Assert.True(refused.IsWaiting);
        _entity.Confirm(1);
        Assert.Equal(ReplyStatus.VersionMismatch, refused.Reply.Status);
    }

    [Fact]
    public void A_read_that_comes_while_the_database_is_being_asked_waits_for_the_next_question()
    {
        var first = Read();
        var second = Read();
        Assert.Null(_entity.AskedToConfirm);
        var third = Read();
        _entity.Confirm(1);
        Assert.False(first.IsWaiting);
        Assert.True(second.IsWaiting && third.IsWaiting);
        Assert.Equal(2, _entity.AskedToConfirm);
        _entity.Confirm(2);
        Assert.Equal("{\"value\":5}", third.Body);
        Assert.Null(_entity.AskedToConfirm);
    }

    [Fact]
    public void What_it_saw_is_durable_before_the_database_is_asked()
    {
        _entity.Ask(new Add(2));
        var read = Read();
        Assert.Null(_entity.AskedToConfirm);
        _entity.AllDurable();
        Assert.Equal(1, _entity.AskedToConfirm);
        Assert.True(read.IsWaiting);
        _entity.Confirm(1);
        Assert.Equal("{\"value\":7}", read.Body);
    }

    [Fact]
    public void Who_is_not_the_owner_does_not_answer_and_a_database_that_is_silent_is_unavailable()
    {
        var asked = Read();
        var next = Read();
        _entity.Confirm(1, isOwner: false);
        Assert.Equal(OutcomeKind.NotServed, asked.Outcome!.Kind);
        Assert.True(next.IsWaiting);
        _entity.Confirm(2, isOwner: null);
        Assert.Equal((OutcomeKind.StoreUnavailable, "told so"), (next.Outcome!.Kind, next.Outcome.Detail));
    }

    [Fact]
    public void A_confirmation_does_not_replace_the_processs_deadline()
    {
        var read = Read();
        _entity.MayServe = false;
        _entity.Confirm(1);
        Assert.Equal(OutcomeKind.NotServed, read.Outcome!.Kind);
        Assert.Equal(OutcomeKind.NotServed, Read().Outcome!.Kind);
        Assert.Null(_entity.AskedToConfirm);
    }

    [Fact]
    public void Told_to_stop_it_does_not_wait_for_the_database()
    {
        var asked = Read();
        var next = Read();
        _entity.Stop();
        Assert.Equal([OutcomeKind.NotServed, OutcomeKind.NotServed], new[] { asked, next }.Select(read => read.Outcome!.Kind));
        Assert.True(_entity.HasStopped);
        _entity.Confirm(1);
        Assert.Empty(_entity.Effects);
    }

    [Fact]
    public void A_late_word_for_another_question_confirms_nobody()
    {
        var read = Read();
        _entity.Confirm(0);
        Assert.True(read.IsWaiting);
    }

    [Fact]
    public void Those_who_wait_fill_the_mailbox()
    {
        var entity = new EntityConversation(new EntityShardingOptions { MailboxLimit = 1 });
        entity.Ask(new Get(), confirmed: true);
        Assert.Equal(OutcomeKind.Overloaded, entity.Ask(new Get(), confirmed: true).Outcome!.Kind);
        entity.Confirm(1);
        Assert.True(entity.Ask(new Get()).Reply.IsSuccess);
    }

    private EntityConversation.Caller Read() => _entity.Ask(new Get(), confirmed: true);
}
