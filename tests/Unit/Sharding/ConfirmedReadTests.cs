using AkkaScale.Entities;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class ConfirmedReadTests
{
    private readonly ShardConversation _shard = new();

    public ConfirmedReadTests()
    {
        _shard.Ask(new Get());
        _shard.Recover(value: 5, version: 1);
    }

    [Fact]
    public void A_confirmed_read_waits_for_the_store_and_an_ordinary_one_does_not()
    {
        var confirmed = Read();
        Assert.Equal(1, _shard.AskedToConfirm);
        Assert.Equal("{\"value\":5}", _shard.Ask(new Get()).Body);
        Assert.True(confirmed.IsWaiting);

        _shard.Confirm(1);

        Assert.Equal("{\"value\":5}", confirmed.Body);
        Assert.Equal(1, confirmed.Reply.Version);
        Assert.Null(_shard.AskedToConfirm);
    }

    [Fact]
    public void A_refusal_is_confirmed_too()
    {
        var refused = _shard.Ask(new Get(), expected: 3, confirmed: true);
        Assert.True(refused.IsWaiting);
        _shard.Confirm(1);
        Assert.Equal(ReplyStatus.VersionMismatch, refused.Reply.Status);
    }

    [Fact]
    public void A_read_that_comes_while_the_store_is_being_asked_waits_for_the_next_question()
    {
        var first = Read();
        var second = Read();
        Assert.Null(_shard.AskedToConfirm);
        var third = Read();

        _shard.Confirm(1);

        Assert.False(first.IsWaiting);
        Assert.True(second.IsWaiting);
        Assert.True(third.IsWaiting);
        Assert.Equal(2, _shard.AskedToConfirm);
        _shard.Confirm(2);
        Assert.Equal("{\"value\":5}", second.Body);
        Assert.Equal("{\"value\":5}", third.Body);
        Assert.Null(_shard.AskedToConfirm);
    }

    [Fact]
    public void What_it_saw_is_durable_before_the_store_is_asked()
    {
        _shard.Ask(new Add(2));
        var read = Read();
        Assert.Null(_shard.AskedToConfirm);

        _shard.AllDurable();
        Assert.Equal(1, _shard.AskedToConfirm);
        Assert.True(read.IsWaiting);

        _shard.Confirm(1);
        Assert.Equal("{\"value\":7}", read.Body);
    }

    [Fact]
    public void A_read_on_an_entity_that_is_being_loaded_is_confirmed_when_it_is_decided()
    {
        var read = _shard.Ask(new Get(), entity: "other", confirmed: true);
        Assert.Null(_shard.AskedToConfirm);
        _shard.Recover(value: 9, version: 4);
        Assert.Equal(1, _shard.AskedToConfirm);
        _shard.Confirm(1);
        Assert.Equal("{\"value\":9}", read.Body);
    }

    [Fact]
    public void An_owner_that_lost_its_shard_never_answers_and_stops()
    {
        var asked = Read();
        var next = Read();
        var written = _shard.Ask(new Add(1));

        _shard.Confirm(1, ConfirmationOutcome.NotOwner);

        Assert.Equal(AskOutcomeKind.NotOwner, asked.Outcome!.Value.Kind);
        Assert.Equal(AskOutcomeKind.NotOwner, next.Outcome!.Value.Kind);
        Assert.Equal(AskOutcomeKind.Unknown, written.Outcome!.Value.Kind);
        Assert.Equal("a read was not confirmed: told so", _shard.Effects.Single(effect => effect.Kind == ShardEffectKind.Stopped).Reason);
        Assert.Equal(ShardPhase.Stopped, _shard.State.Phase);
        Assert.Equal(AskOutcomeKind.NotOwner, _shard.Ask(new Get()).Outcome!.Value.Kind);
    }

    [Fact]
    public void A_store_that_does_not_answer_fails_the_reads_it_was_asked_for_and_nothing_else()
    {
        var asked = Read();
        var next = Read();
        var written = _shard.Ask(new Add(1));

        _shard.Confirm(1, ConfirmationOutcome.Unavailable);

        Assert.Equal((AskOutcomeKind.StoreUnavailable, "told so"), (asked.Outcome!.Value.Kind, asked.Outcome.Value.Detail));
        Assert.True(next.IsWaiting);
        Assert.Equal(2, _shard.AskedToConfirm);
        _shard.AllDurable();
        Assert.Equal(2, written.Reply.Version);
        _shard.Confirm(2);
        Assert.Equal("{\"value\":5}", next.Body);
    }

    [Fact]
    public void A_confirmation_is_no_lease()
    {
        var read = Read();
        _shard.LeaseDeadline = _shard.Now;
        _shard.Confirm(1);
        Assert.Equal(AskOutcomeKind.NotOwner, read.Outcome!.Value.Kind);
        Assert.Equal(AskOutcomeKind.NotOwner, Read().Outcome!.Value.Kind);
        Assert.Null(_shard.AskedToConfirm);
    }

    [Fact]
    public void A_handoff_sends_those_who_wait_to_the_target_and_does_not_wait_for_the_store()
    {
        var asked = Read();
        var next = Read();
        _shard.Ask(new Add(1));
        var held = Read();

        _shard.Say(new ShardInput.StopIntake("h-1"));
        Assert.Equal(AskOutcomeKind.NotOwner, asked.Outcome!.Value.Kind);
        Assert.Equal(AskOutcomeKind.NotOwner, next.Outcome!.Value.Kind);
        Assert.True(held.IsWaiting);

        _shard.AllDurable();
        Assert.Equal(AskOutcomeKind.NotOwner, held.Outcome!.Value.Kind);
        Assert.Null(_shard.AskedToConfirm);
        Assert.Equal(ShardPhase.Held, _shard.State.Phase);
    }

    [Fact]
    public void A_late_word_from_before_a_handoff_that_was_called_off_confirms_nobody_and_stops_nothing()
    {
        Read();
        _shard.Say(new ShardInput.StopIntake("h-1"));
        _shard.Say(new ShardInput.Resume("h-1"));
        _shard.Confirm(1, ConfirmationOutcome.NotOwner);
        Assert.Equal(ShardPhase.Running, _shard.State.Phase);

        var read = Read();
        Assert.Equal(2, _shard.AskedToConfirm);
        _shard.Confirm(1);
        Assert.True(read.IsWaiting);
        _shard.Confirm(2);
        Assert.Equal("{\"value\":5}", read.Body);
    }

    [Fact]
    public void A_draining_shard_answers_those_who_wait_and_drains()
    {
        var asked = Read();
        _shard.Say(new ShardInput.Drain());
        Assert.Equal(AskOutcomeKind.NotOwner, asked.Outcome!.Value.Kind);
        Assert.Contains(_shard.Effects, effect => effect.Kind == ShardEffectKind.Drained);
    }

    [Fact]
    public void A_dropped_shard_answers_those_who_wait_and_hears_nothing_later()
    {
        var asked = Read();
        var next = Read();
        _shard.Say(new ShardInput.Drop("gone"));
        Assert.Equal(AskOutcomeKind.NotOwner, asked.Outcome!.Value.Kind);
        Assert.Equal(AskOutcomeKind.NotOwner, next.Outcome!.Value.Kind);
        _shard.Confirm(1);
        Assert.Empty(_shard.Effects);
    }

    [Fact]
    public void A_write_that_certainly_failed_takes_only_the_reads_that_saw_it_with_it()
    {
        var before = Read();
        _shard.Ask(new Add(1));
        var behind = Read();

        _shard.Fail(SliceStatus.Unavailable);
        Assert.Equal(AskOutcomeKind.StoreUnavailable, behind.Outcome!.Value.Kind);
        Assert.True(before.IsWaiting);

        _shard.Confirm(1);
        Assert.Equal("{\"value\":5}", before.Body);
    }

    [Fact]
    public void A_write_of_unknown_outcome_stops_those_who_wait_too()
    {
        var before = Read();
        _shard.Ask(new Add(1));
        _shard.Fail(SliceStatus.Unknown);
        Assert.Equal(AskOutcomeKind.NotOwner, before.Outcome!.Value.Kind);
    }

    [Fact]
    public void Those_who_wait_fill_the_mailbox_and_the_shards_bound()
    {
        var shard = new ShardConversation(new ShardingOptions { MailboxLimit = 2, ShardQueueLimit = 3 });
        foreach (var entity in (string[])["a", "b"])
        {
            shard.Ask(new Get(), entity: entity);
            shard.Recover(version: 1);
        }

        shard.Ask(new Get(), entity: "a", confirmed: true);
        shard.Ask(new Get(), entity: "a", confirmed: true);
        Assert.Equal("the entity's mailbox is full", shard.Ask(new Get(), entity: "a", confirmed: true).Outcome!.Value.Detail);
        Assert.True(shard.Ask(new Get(), entity: "b", confirmed: true).IsWaiting);
        var tooMany = shard.Ask(new Get(), entity: "b", confirmed: true).Outcome!.Value;
        Assert.Equal((AskOutcomeKind.Overloaded, "too many reads of the shard wait for the store's confirmation"), (tooMany.Kind, tooMany.Detail));

        shard.Confirm(1);
        shard.Confirm(2);
        Assert.Equal([0, 0], shard.State.Entities.Values.Select(entity => entity.Unanswered));
        Assert.True(shard.Ask(new Get(), entity: "a").Reply.IsSuccess);
    }

    private ShardConversation.Caller Read() => _shard.Ask(new Get(), confirmed: true);
}
