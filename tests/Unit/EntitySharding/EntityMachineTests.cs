using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Events;
using AkkaScale.Sharding.Messages;
using AkkaScale.Sharding.Options;

namespace AkkaScale.Tests.Unit.EntitySharding;

public sealed class EntityMachineTests
{
    private static readonly Refusal Elsewhere = new("other/rule", "Another entity's rule.");

    private readonly EntityConversation _entity = new();

    public static TheoryData<string, CounterCommand, long?, bool, ReplyStatus, string> KeyedAnswers => new()
    {
        { "accepted", new Add(1), null, false, ReplyStatus.Accepted, "" },
        { "accepted at the expected version", new Add(1), 1, false, ReplyStatus.Accepted, "" },
        { "unchanged", new Add(0), null, false, ReplyStatus.Unchanged, "" },
        { "refused by its rule", new Add(-1), null, false, ReplyStatus.Refused, "counter/negative" },
        { "refused by another entity's rule", new Add(1), null, true, ReplyStatus.Refused, "other/rule" },
        { "at another version than expected", new Add(1), 3, false, ReplyStatus.VersionMismatch, "version/mismatch" },
    };

    [Fact]
    public void An_answer_waits_for_its_write_and_the_next_command_does_not()
    {
        var first = _entity.Ask(new Add(2));
        var second = _entity.Ask(new Add(3));
        Assert.True(first.IsWaiting);
        Assert.Equal(2, _entity.UnderWay.Count);
        _entity.Durable();
        Assert.Equal((1L, true, "{\"value\":2}"), (first.Reply.Version, first.Reply.Created, first.Body));
        Assert.True(second.IsWaiting);
        _entity.Durable();
        Assert.Equal((2L, false, "{\"value\":5}"), (second.Reply.Version, second.Reply.Created, second.Body));
    }

    [Fact]
    public void Several_events_of_a_command_are_one_write_and_its_last_row_has_the_command()
    {
        var id = _entity.NewId();
        var asked = _entity.Ask(new AddEach([1, 2, 3]), id);
        _entity.Durable();
        Assert.Equal(3, asked.Reply.Version);
        var rows = _entity.Journal.Cast<EntityEvent>().ToList();
        Assert.Equal([1L, 2, 3], rows.Select(row => row.Version));
        Assert.Equal([null, null, RememberedCommand.Text(id)], rows.Select(row => row.CommandId));
    }

    [Fact]
    public void A_copy_of_a_command_in_flight_waits_for_its_answer()
    {
        var id = _entity.NewId();
        var first = _entity.Ask(new Add(2), id);
        var copy = _entity.Ask(new Add(2), id, attempt: 1);
        Assert.Single(_entity.UnderWay);
        Assert.True(copy.IsWaiting);
        _entity.Durable();
        Assert.Equal((1L, false), (first.Reply.Version, first.Reply.Replayed));
        Assert.Equal((1L, true, true), (copy.Reply.Version, copy.Reply.Replayed, copy.Reply.Created));
    }

    [Theory]
    [MemberData(nameof(KeyedAnswers))]
    public void The_answer_to_a_key_waits_for_its_row_and_a_repeat_gets_it_whatever_the_entity_has_become(
        string answer, CounterCommand command, long? expected, bool isRefusedElsewhere, ReplyStatus status, string code)
    {
        _entity.Ask(new Add(4));
        _entity.AllDurable();
        var id = _entity.NewId();
        var precondition = isRefusedElsewhere ? Elsewhere : null;
        var asked = _entity.Ask(command, id, clientKey: true, expected: expected, precondition: precondition);
        Assert.True(asked.IsWaiting, $"{answer}: it was told before it was stored.");
        _entity.AllDurable();
        Assert.Equal((status, code), (asked.Reply.Status, asked.Reply.Code));

        foreach (var restarts in new[] { false, true })
        {
            _entity.Ask(new Add(7));
            _entity.AllDurable();
            if (restarts)
            {
                _entity.Restart();
            }

            var repeat = _entity.Ask(command, id, clientKey: true, expected: expected, precondition: precondition);
            Assert.Equal(
                (status, code, asked.Reply.Version, true),
                (repeat.Reply.Status, repeat.Reply.Code, repeat.Reply.Version, repeat.Reply.Replayed));
            Assert.Empty(_entity.UnderWay);
        }
    }

    [Fact]
    public void A_stored_answer_does_not_raise_the_version()
    {
        _entity.Ask(new Add(-1), clientKey: true);
        _entity.Ask(new Add(1), clientKey: true);
        _entity.AllDurable();
        Assert.Equal(2, _entity.Journal.Count);
        Assert.Equal(1, _entity.State.DurableVersion);
        _entity.Restart();
        Assert.Equal(1, _entity.State.Version);
    }

    [Fact]
    public void Without_copies_a_refusal_is_not_stored_but_waits_for_what_it_saw()
    {
        var write = _entity.Ask(new Add(1));
        var refused = _entity.Ask(new Add(-1));
        var unchanged = _entity.Ask(new Add(0));
        Assert.Single(_entity.UnderWay);
        Assert.True(refused.IsWaiting);
        _entity.Durable();
        Assert.Equal([write, refused, unchanged], _entity.Answered);
        Assert.Equal((ReplyStatus.Refused, 1L), (refused.Reply.Status, refused.Reply.Version));
        Assert.Equal((ReplyStatus.Unchanged, "{\"value\":1}"), (unchanged.Reply.Status, unchanged.Body));
        Assert.Equal(ReplyStatus.Refused, _entity.Ask(new Add(-1)).Reply.Status);
    }

    [Fact]
    public void A_read_waits_for_the_writes_it_saw_and_for_no_later_one()
    {
        _entity.Ask(new Add(1));
        var read = _entity.Ask(new Get());
        _entity.Ask(new Add(1));
        Assert.True(read.IsWaiting);
        _entity.Durable();
        Assert.Equal((1L, "{\"value\":1}"), (read.Reply.Version, read.Body));
    }

    [Fact]
    public void A_fault_of_the_kinds_code_is_told_and_not_stored()
    {
        var fault = _entity.Ask(new Explode(), clientKey: true);
        Assert.Equal(("entity/failed", 0L), (fault.Reply.Code, fault.Reply.Version));
        Assert.Empty(_entity.UnderWay);
        Assert.Equal(ReplyStatus.Accepted, Done(_entity.Ask(new Add(1))).Reply.Status);
    }

    [Fact]
    public void The_precondition_comes_before_the_expected_version_and_that_before_the_rule()
    {
        Assert.Equal("other/rule", _entity.Ask(new Add(-1), expected: 5, precondition: Elsewhere).Reply.Code);
        Assert.Equal("version/mismatch", _entity.Ask(new Add(-1), expected: 5).Reply.Code);
        Assert.Equal("counter/negative", _entity.Ask(new Add(-1), expected: 0).Reply.Code);
    }

    [Fact]
    public void A_key_used_for_another_command_is_told_so()
    {
        var id = _entity.NewId();
        var one = new PayloadHash(1, 0, 0, 0);
        var other = new PayloadHash(2, 0, 0, 0);
        _entity.Ask(new Add(1), id, clientKey: true, hash: one);
        var inFlight = _entity.Ask(new Add(2), id, clientKey: true, hash: other);
        _entity.AllDurable();
        Assert.Equal(ReplyStatus.PayloadDiffers, inFlight.Reply.Status);
        Assert.Equal("idempotency/payload-differs", _entity.Ask(new Add(2), id, clientKey: true, hash: other).Reply.Code);
        Assert.True(_entity.Ask(new Add(1), id, clientKey: true, hash: one).Reply.Replayed);
    }

    [Fact]
    public void A_repeat_shows_the_state_only_while_it_is_the_one_of_its_answer()
    {
        var id = _entity.NewId();
        _entity.Ask(new Add(1), id, clientKey: true);
        _entity.AllDurable();
        Assert.Equal("{\"value\":1}", _entity.Ask(new Add(1), id, clientKey: true).Body);
        _entity.Ask(new Add(1));
        Assert.Equal("{\"value\":1}", _entity.Ask(new Add(1), id, clientKey: true).Body);
        _entity.AllDurable();
        Assert.Null(_entity.Ask(new Add(1), id, clientKey: true).Reply.Body);
    }

    [Fact]
    public void Past_the_processs_deadline_only_a_write_that_was_begun_is_answered_since_it_was_fenced()
    {
        var id = _entity.NewId();
        Done(_entity.Ask(new Add(1), id, clientKey: true));
        _entity.MayServe = false;
        Assert.Equal(OutcomeKind.NotServed, _entity.Ask(new Get()).Outcome!.Kind);
        Assert.Equal(OutcomeKind.NotServed, _entity.Ask(new Add(1), id, clientKey: true).Outcome!.Kind);
        Assert.Equal(OutcomeKind.NotServed, _entity.Ask(new Add(0)).Outcome!.Kind);
        Assert.Equal(OutcomeKind.NotServed, _entity.Ask(new Add(-1)).Outcome!.Kind);
        var late = _entity.Ask(new Add(1), clientKey: true);
        Assert.Equal(OutcomeKind.NotServed, late.Outcome!.Kind);
        _entity.MayServe = true;
        var begun = _entity.Ask(new Add(1));
        _entity.MayServe = false;
        Assert.Equal(2, Done(begun).Reply.Version);
        _entity.MayServe = true;
        Assert.Equal(3, Done(_entity.Ask(new Add(1))).Reply.Version); // nothing is left of what was turned away
    }

    [Fact]
    public void What_waited_for_a_write_does_not_leave_past_the_processs_deadline_though_the_write_is_durable()
    {
        // The write may have been committed long before the read came in, and another process have changed the entity since.
        var id = _entity.NewId();
        var write = _entity.Ask(new Add(1), id);
        var copy = _entity.Ask(new Add(1), id, attempt: 1);
        var waited = new[]
        {
            _entity.Ask(new Get()), _entity.Ask(new Add(0)), _entity.Ask(new Add(-1)), _entity.Ask(new Get(), confirmed: true),
        };
        _entity.MayServe = false;
        _entity.AllDurable();
        Assert.Equal((1L, 1L), (write.Reply.Version, copy.Reply.Version));
        Assert.All(waited, each => Assert.Equal(OutcomeKind.NotServed, each.Outcome!.Kind));
    }

    [Fact]
    public void Past_its_own_deadline_nothing_is_decided()
    {
        var id = _entity.NewId();
        Assert.Equal(OutcomeKind.Expired, _entity.Ask(new Add(1), id, deadline: _entity.Now).Outcome!.Kind);
        Assert.Equal(OutcomeKind.Expired, _entity.Ask(new Get(), deadline: _entity.Now).Outcome!.Kind);
        Assert.Empty(_entity.UnderWay);
        Assert.Equal(1, Done(_entity.Ask(new Add(1), id, attempt: 1)).Reply.Version);
    }

    [Fact]
    public void The_mailbox_is_bounded_and_copies_and_held_answers_count()
    {
        var entity = new EntityConversation(new EntityShardingOptions { MailboxLimit = 3 });
        var id = entity.NewId();
        entity.Ask(new Add(1), id);
        entity.Ask(new Add(1), id, attempt: 1);
        entity.Ask(new Get());
        Assert.Equal(OutcomeKind.Overloaded, entity.Ask(new Get()).Outcome!.Kind);
        Assert.Equal(OutcomeKind.Overloaded, entity.Ask(new Add(1), id, attempt: 2).Outcome!.Kind);
        entity.AllDurable();
        Assert.Equal(0, entity.State.Unanswered);
        Assert.True(entity.Ask(new Get()).Reply.IsSuccess);
    }

    [Fact]
    public void Time_never_goes_back_and_has_microseconds()
    {
        _entity.Wall = new DateTimeOffset(2026, 1, 1, 0, 0, 1, TimeSpan.Zero).AddTicks(1_234_567);
        _entity.Ask(new Add(1));
        _entity.Wall -= TimeSpan.FromHours(1);
        _entity.Ask(new Add(1));
        _entity.Ask(new Add(-1), clientKey: true);
        _entity.AllDurable();
        var expected = new DateTimeOffset(2026, 1, 1, 0, 0, 1, TimeSpan.Zero).AddTicks(1_234_560);
        Assert.Equal([expected, expected], _entity.Journal.OfType<EntityEvent>().Select(row => row.At));
        Assert.Equal(expected, _entity.Journal.OfType<EntityAnswered>().Single().At);
        _entity.Restart();
        _entity.Ask(new Add(1));
        _entity.AllDurable();
        Assert.Equal(expected, ((EntityEvent)_entity.Journal[^1]).At);
    }

    [Fact]
    public void An_event_that_is_too_large_is_refused()
    {
        var entity = new EntityConversation(new EntityShardingOptions { EventBytes = 12 });
        Assert.Equal("request/too-large", entity.Ask(new Add(1_000_000)).Reply.Code);
        Assert.Equal(1, Done(entity.Ask(new Add(1)), entity).Reply.Version);
    }

    [Fact]
    public void A_snapshot_is_of_what_is_durable_and_has_the_memory()
    {
        var entity = new EntityConversation(snapshotEvery: 4);
        var id = entity.NewId();
        entity.Ask(new Add(1), id, clientKey: true);
        entity.Ask(new Add(-1), clientKey: true);
        entity.Ask(new AddEach([1, 1]));
        entity.Ask(new Add(1));
        entity.Durable();
        entity.Durable();
        Assert.Null(entity.Snapshot);
        entity.Durable();
        Assert.Equal((3L, new Counter(3)), (entity.Snapshot!.Version, entity.Snapshot.State));
        Assert.Equal([1L, 1, 3], entity.Snapshot.Commands.Select(command => command.Version));
        var first = entity.Snapshot;
        entity.AllDurable();
        Assert.Same(first, entity.Snapshot);
        entity.Restart();
        Assert.Equal((4L, new Counter(4)), (entity.State.Version, (Counter)entity.State.Current));
        Assert.True(entity.Ask(new Add(1), id, clientKey: true).Reply.Replayed);
    }

    [Fact]
    public void Rows_without_events_count_for_a_snapshot_and_so_do_those_from_before_a_restart()
    {
        var entity = new EntityConversation(snapshotEvery: 4);
        entity.Ask(new Add(-1), clientKey: true);
        entity.Ask(new Add(-1), clientKey: true);
        entity.AllDurable();
        entity.Restart();
        entity.Ask(new Add(-1), clientKey: true);
        entity.AllDurable();
        Assert.Null(entity.Snapshot);
        entity.Ask(new Add(-1), clientKey: true);
        entity.AllDurable();
        Assert.Equal((0L, 4), (entity.Snapshot!.Version, entity.Snapshot.Commands.Count));
        entity.Restart();
        Assert.Equal(0, entity.State.RowsSinceSnapshot);
        Assert.Equal(1, Done(entity.Ask(new Add(1)), entity).Reply.Version);
    }

    [Fact]
    public void A_gap_and_a_foreign_row_are_no_past()
    {
        var fold = new EntityFold(EntityConversation.Key, CounterKind.Create(), new EntityShardingOptions());
        var happened = new EntityEvent("counter", "added", "{\"amount\":1}"u8.ToArray(), 2, default);
        Assert.Throws<System.Text.Json.JsonException>(() => fold.Add(happened));
        Assert.Throws<System.Text.Json.JsonException>(() => fold.Add(happened with { Version = 1, Kind = "other" }));
        Assert.Throws<System.Text.Json.JsonException>(() => fold.Add("text"));
    }

    private EntityConversation.Caller Done(EntityConversation.Caller caller, EntityConversation? entity = null)
    {
        (entity ?? _entity).AllDurable();
        return caller;
    }
}
