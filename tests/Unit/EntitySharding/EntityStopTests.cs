using AkkaScale.Sharding.Messages;

namespace AkkaScale.Tests.Unit.EntitySharding;

/// <summary>How an entity ends: told to, it finishes what it writes; a failed write ends it at once.</summary>
public sealed class EntityStopTests
{
    private readonly EntityConversation _entity = new();

    [Fact]
    public void A_quiet_one_stops_at_once_and_takes_nothing_more()
    {
        _entity.Stop();
        Assert.True(_entity.HasStopped);
        Assert.Equal(OutcomeKind.NotServed, _entity.Ask(new Add(1)).Outcome!.Kind);
    }

    [Fact]
    public void Told_to_stop_it_finishes_what_is_being_written_and_answers_it()
    {
        var write = _entity.Ask(new Add(1));
        var read = _entity.Ask(new Get());
        var confirmed = _entity.Ask(new Get(), confirmed: true);
        _entity.Stop();
        Assert.False(_entity.HasStopped);
        Assert.Equal(OutcomeKind.NotServed, _entity.Ask(new Add(1)).Outcome!.Kind);
        _entity.Durable();
        Assert.Equal((1L, 1L), (write.Reply.Version, read.Reply.Version));
        Assert.Equal(OutcomeKind.NotServed, confirmed.Outcome!.Kind);
        Assert.True(_entity.HasStopped);
    }

    [Fact]
    public void A_failed_write_leaves_what_was_being_written_unknown_and_all_else_not_served()
    {
        var id = _entity.NewId();
        var write = _entity.Ask(new Add(1), id);
        var copy = _entity.Ask(new Add(1), id, attempt: 1);
        var keyed = _entity.Ask(new Add(-1), clientKey: true);
        var read = _entity.Ask(new Get());
        var refused = _entity.Ask(new Add(-1));
        _entity.End();
        Assert.Equal(
            [OutcomeKind.Unknown, OutcomeKind.Unknown, OutcomeKind.Unknown, OutcomeKind.NotServed, OutcomeKind.NotServed],
            new[] { write, copy, keyed, read, refused }.Select(caller => caller.Outcome!.Kind));
        Assert.Equal("told so", write.Outcome!.Detail);
        Assert.Equal(OutcomeKind.NotServed, _entity.Ask(new Get()).Outcome!.Kind);
        Assert.Equal(0, _entity.State.Unanswered);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public void After_an_unknown_outcome_the_repeat_has_one_effect_whether_or_not_the_write_took_effect(int tookEffect)
    {
        var id = _entity.NewId();
        _entity.Ask(new Add(1), id);
        _entity.End(tookEffect);
        _entity.Restart();
        var repeat = _entity.Ask(new Add(1), id, attempt: 1);
        _entity.AllDurable();
        Assert.Equal((1L, tookEffect == 1, "{\"value\":1}"), (repeat.Reply.Version, repeat.Reply.Replayed, repeat.Body));
    }

    [Fact]
    public void Those_that_wait_for_a_look_up_are_sent_away_and_its_answer_is_not_heard()
    {
        _entity.State.Memory.MarkTruncated();
        var id = _entity.NewId();
        var asked = _entity.Ask(new Add(1), id, clientKey: true);
        _entity.Stop();
        Assert.Equal(OutcomeKind.NotServed, asked.Outcome!.Kind);
        Assert.True(_entity.HasStopped);
        _entity.Answer(id);
        Assert.Empty(_entity.UnderWay);
    }

    [Fact]
    public void While_it_finishes_an_answer_of_the_journal_decides_nothing_more()
    {
        _entity.State.Memory.MarkTruncated();
        var id = _entity.NewId();
        var written = _entity.Ask(new Add(1));
        _entity.Ask(new Add(1), id, clientKey: true);
        _entity.Stop();
        _entity.Answer(id);
        _entity.AllDurable();
        Assert.Equal(1, written.Reply.Version);
        Assert.Single(_entity.Journal);
        Assert.True(_entity.HasStopped);
    }
}
