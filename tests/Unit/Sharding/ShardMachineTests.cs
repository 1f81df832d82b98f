using AkkaScale.Entities;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class ShardMachineTests
{
    [Fact]
    public void An_answer_waits_until_its_event_is_durable()
    {
        var shard = new ShardConversation();
        var caller = shard.Ask(new Add(2));
        shard.Recover();
        Assert.True(caller.IsWaiting);

        shard.AllDurable();

        Assert.Equal(ReplyStatus.Accepted, caller.Reply.Status);
        Assert.Equal(1, caller.Reply.Version);
        Assert.True(caller.Reply.Created);
        Assert.Equal("{\"value\":2}", caller.Body);
    }

    [Fact]
    public void Commands_go_on_while_earlier_events_are_written_and_answers_leave_in_order()
    {
        var shard = new ShardConversation();
        var first = shard.Ask(new Add(1));
        shard.Recover();
        var second = shard.Ask(new Add(10));
        Assert.Equal(2, shard.Writes.Count);

        shard.Durable(shard.Writes[0]);
        Assert.Equal("{\"value\":1}", first.Body);
        Assert.True(second.IsWaiting);

        shard.Durable(shard.Writes[1]);
        Assert.Equal("{\"value\":11}", second.Body);
        Assert.Equal(2, second.Reply.Version);
    }

    [Fact]
    public void A_read_of_state_that_is_not_durable_waits_for_it()
    {
        var shard = new ShardConversation();
        shard.Ask(new Add(5));
        shard.Recover();
        var read = shard.Ask(new Get());
        Assert.True(read.IsWaiting);

        shard.AllDurable();

        Assert.Equal("{\"value\":5}", read.Body);
    }

    [Fact]
    public void A_refusal_decided_on_state_that_is_not_durable_waits_for_it_too()
    {
        var shard = new ShardConversation();
        shard.Ask(new Add(5));
        shard.Recover();
        var refused = shard.Ask(new Add(-1));
        Assert.True(refused.IsWaiting);

        shard.AllDurable();

        Assert.Equal("counter/negative", refused.Reply.Code);
        Assert.Equal(1, refused.Reply.Version);
    }

    [Fact]
    public void Positions_are_gapless_over_entities_and_continue_the_head()
    {
        var shard = new ShardConversation(head: 41);
        shard.Ask(new AddEach([1, 2, 3]), entity: "a");
        shard.Recover();
        shard.Ask(new Add(1), entity: "b");
        shard.Recover(version: 9);

        var events = shard.Writes.SelectMany(write => write.Events).ToArray();
        Assert.Equal([42, 43, 44, 45], events.Select(row => row.Position));
        Assert.Equal([1, 2, 3, 10], events.Select(row => row.SequenceNr));
        Assert.All(events, row => Assert.Equal((3, 7), (row.Shard, row.Epoch)));
        Assert.Equal([true, true, false, false], events.Select(row => row.Answer.IsEmpty));
    }

    [Fact]
    public void A_copy_of_a_command_in_flight_waits_for_the_same_answer()
    {
        var shard = new ShardConversation();
        var id = shard.NewId();
        var first = shard.Ask(new Add(2), id, clientKey: true);
        shard.Recover();
        var copy = shard.Ask(new Add(2), id, clientKey: true, attempt: 1);
        Assert.Single(shard.Writes);
        Assert.True(copy.IsWaiting);

        shard.AllDurable();

        Assert.False(first.Reply.Replayed);
        Assert.True(copy.Reply.Replayed);
        Assert.Equal(1, copy.Reply.Version);
        Assert.True(copy.Reply.Created);
    }

    [Fact]
    public void A_retry_gets_the_first_answer_before_any_rule_or_expected_version()
    {
        var shard = new ShardConversation();
        var id = shard.NewId();
        shard.Ask(new Add(2), id, clientKey: true, expected: 0);
        shard.Recover();
        shard.AllDurable();
        shard.Ask(new Add(3));
        shard.AllDurable();

        var retry = shard.Ask(new Add(2), id, clientKey: true, attempt: 1, expected: 0, precondition: new Refusal("other/rule", ""));

        Assert.Equal(ReplyStatus.Accepted, retry.Reply.Status);
        Assert.True(retry.Reply.Replayed);
        Assert.Equal(1, retry.Reply.Version);
        Assert.Null(retry.Reply.Body);
        Assert.Equal(2, shard.Writes.Count);
    }

    [Fact]
    public void The_state_is_repeated_while_the_entity_is_still_at_the_answers_version()
    {
        var shard = new ShardConversation();
        var id = shard.NewId();
        shard.Ask(new Add(2), id, clientKey: true);
        shard.Recover();
        shard.AllDurable();

        Assert.Equal("{\"value\":2}", shard.Ask(new Add(2), id, clientKey: true).Body);

        shard.Ask(new Add(3));
        Assert.Null(shard.Ask(new Add(2), id, clientKey: true).Reply.Body);
    }

    [Fact]
    public void A_command_id_used_for_another_payload_is_refused()
    {
        var shard = new ShardConversation();
        var id = shard.NewId();
        shard.Ask(new Add(2), id, clientKey: true, hash: new PayloadHash(1, 2, 3, 4));
        shard.Recover();
        var inFlight = shard.Ask(new Add(3), id, clientKey: true, hash: new PayloadHash(9, 9, 9, 9));
        shard.AllDurable();
        Assert.Equal(ReplyStatus.PayloadDiffers, inFlight.Reply.Status);

        Assert.Equal(ReplyStatus.PayloadDiffers, shard.Ask(new Add(3), id, clientKey: true, hash: new PayloadHash(9, 9, 9, 9)).Reply.Status);
        Assert.Equal(ReplyStatus.Accepted, shard.Ask(new Add(2), id, clientKey: true, hash: new PayloadHash(1, 2, 3, 4)).Reply.Status);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 1)]
    public void A_refusal_is_stored_before_it_is_sent_when_a_copy_may_exist(bool clientKey, int attempt)
    {
        var shard = new ShardConversation();
        var id = shard.NewId();
        var refused = shard.Ask(new Add(-1), id, clientKey, attempt);
        shard.Recover();
        Assert.True(refused.IsWaiting);
        var stored = shard.Writes.Single().Result!;
        Assert.Equal(id, stored.CommandId);
        Assert.Equal("counter/negative", StoredAnswer.Decode(stored.Answer.Span).Code);

        shard.AllDurable();
        Assert.Equal("counter/negative", refused.Reply.Code);
        Assert.True(shard.Ask(new Add(-1), id, clientKey, attempt + 1).Reply.Replayed);
    }

    [Fact]
    public void A_first_refusal_of_an_id_of_our_own_is_answered_at_once()
    {
        var shard = new ShardConversation();
        var refused = shard.Ask(new Add(-1));
        shard.Recover();
        Assert.Equal("counter/negative", refused.Reply.Code);
        Assert.Empty(shard.Writes);
    }

    [Fact]
    public void A_command_that_changes_nothing_is_stored_like_a_refusal()
    {
        var shard = new ShardConversation();
        var unchanged = shard.Ask(new Add(0), clientKey: true);
        shard.Recover(version: 4);
        Assert.True(unchanged.IsWaiting);
        shard.AllDurable();
        Assert.Equal(ReplyStatus.Unchanged, unchanged.Reply.Status);
        Assert.Equal(4, unchanged.Reply.Version);
    }

    [Fact]
    public void With_holes_in_the_memory_the_journal_is_asked_before_a_possible_copy_is_decided()
    {
        var shard = new ShardConversation();
        var id = shard.NewId();
        var caller = shard.Ask(new Add(1), id, clientKey: true);
        var entity = shard.Recovering();
        shard.Recover(version: 300, truncated: true);
        Assert.Equal(ShardEffectKind.LookUpResult, shard.Effects.Single().Kind);
        var copy = shard.Ask(new Add(1), id, clientKey: true);
        Assert.Empty(shard.Effects);

        var stored = new StoredResult(entity.Key, id, default, 17, StoredAnswer.Accepted.Encode(), default);
        shard.Say(new ShardInput.ResultLookedUp(entity, id, stored, null));

        Assert.Empty(shard.Writes);
        Assert.Equal((17, true), (caller.Reply.Version, caller.Reply.Replayed));
        Assert.Equal((17, true), (copy.Reply.Version, copy.Reply.Replayed));
    }

    [Fact]
    public void A_command_unknown_to_the_journal_is_decided_after_the_look_up()
    {
        var shard = new ShardConversation();
        var id = shard.NewId();
        var caller = shard.Ask(new Add(1), id, clientKey: true);
        var entity = shard.Recovering();
        shard.Recover(value: 5, version: 300, truncated: true);

        shard.Say(new ShardInput.ResultLookedUp(entity, id, null, null));
        shard.AllDurable();

        Assert.Equal("{\"value\":6}", caller.Body);
    }

    [Fact]
    public void A_fresh_id_of_our_own_needs_no_look_up()
    {
        var shard = new ShardConversation();
        shard.Ask(new Add(1));
        shard.Recover(version: 30, truncated: true);
        Assert.Single(shard.Writes);
    }

    [Theory]
    [InlineData(SliceStatus.Fenced)]
    [InlineData(SliceStatus.HeadMismatch)]
    [InlineData(SliceStatus.Unknown)]
    public void After_a_lost_fence_or_an_unknown_outcome_nothing_is_served_under_this_epoch(SliceStatus status)
    {
        var shard = new ShardConversation();
        var written = shard.Ask(new Add(1));
        shard.Recover();
        var held = shard.Ask(new Get());

        shard.Fail(status);

        Assert.Contains(shard.Effects, effect => effect.Kind == ShardEffectKind.Stopped);
        Assert.Equal(AskOutcomeKind.Unknown, written.Outcome!.Value.Kind);
        Assert.Equal(AskOutcomeKind.Unknown, held.Outcome!.Value.Kind);
        Assert.Equal(AskOutcomeKind.NotOwner, shard.Ask(new Get()).Outcome!.Value.Kind);
        Assert.Empty(shard.State.Entities);
    }

    [Fact]
    public void A_write_that_certainly_failed_takes_the_memory_back_and_the_shard_goes_on()
    {
        var shard = new ShardConversation(head: 10);
        var durable = shard.Ask(new Add(1));
        shard.Recover();
        shard.AllDurable();
        var lost = shard.Ask(new Add(100));
        var behind = shard.Ask(new Add(1_000));

        shard.Fail(SliceStatus.Unavailable);

        Assert.Equal("{\"value\":1}", durable.Body);
        Assert.Equal(AskOutcomeKind.StoreUnavailable, lost.Outcome!.Value.Kind);
        Assert.Equal(AskOutcomeKind.StoreUnavailable, behind.Outcome!.Value.Kind);
        shard.Ask(new Add(2));
        shard.Recover(value: 1, version: 1);
        Assert.Equal(12, shard.Writes[^1].Events.Single().Position);
        Assert.Equal(2, shard.Writes[^1].Events.Single().SequenceNr);
        Assert.Equal(1, shard.Writes[^1].Generation);
    }

    [Fact]
    public void A_confirmation_of_an_earlier_generation_is_ignored()
    {
        var shard = new ShardConversation();
        shard.Ask(new Add(1));
        shard.Recover();
        shard.Fail(SliceStatus.Unavailable);
        var caller = shard.Ask(new Add(1));
        shard.Recover();

        shard.Say(new ShardInput.WritesDone(0, long.MaxValue));

        Assert.True(caller.IsWaiting);
    }

    [Fact]
    public void A_late_recovery_does_not_overwrite_newer_state()
    {
        var shard = new ShardConversation();
        shard.Ask(new Add(1));
        var former = shard.Recovering();
        shard.Recover();
        shard.Fail(SliceStatus.Unavailable);
        var caller = shard.Ask(new Get());
        var current = shard.Recovering();

        shard.Recover(value: 666, version: 66, entity: former);
        Assert.True(caller.IsWaiting);
        shard.Recover(value: 1, version: 1, entity: current);

        Assert.Equal("{\"value\":1}", caller.Body);
    }

    [Fact]
    public void Past_the_lease_no_state_is_shown()
    {
        var shard = new ShardConversation();
        shard.Ask(new Get());
        shard.Recover(version: 1);
        shard.LeaseDeadline = shard.Now;

        Assert.Equal(AskOutcomeKind.NotOwner, shard.Ask(new Get()).Outcome!.Value.Kind);
    }

    [Fact]
    public void Draining_finishes_what_was_decided_and_turns_away_the_rest()
    {
        var shard = new ShardConversation();
        var decided = shard.Ask(new Add(1));
        shard.Recover();
        var parked = shard.Ask(new Add(1), entity: "other");

        shard.Say(new ShardInput.Drain());
        Assert.DoesNotContain(shard.Effects, effect => effect.Kind == ShardEffectKind.Drained);
        Assert.Equal(AskOutcomeKind.NotOwner, parked.Outcome!.Value.Kind);
        Assert.Equal(AskOutcomeKind.NotOwner, shard.Ask(new Get()).Outcome!.Value.Kind);

        shard.AllDurable();
        Assert.Contains(shard.Effects, effect => effect.Kind == ShardEffectKind.Drained);
        Assert.Equal(1, decided.Reply.Version);
        Assert.Empty(shard.State.Entities);
    }

    [Fact]
    public void A_shard_with_nothing_under_way_drains_at_once()
    {
        var shard = new ShardConversation();
        shard.Say(new ShardInput.Drain());
        Assert.Contains(shard.Effects, effect => effect.Kind == ShardEffectKind.Drained);
    }

    [Fact]
    public void An_expired_ask_is_dropped_before_it_is_decided()
    {
        var shard = new ShardConversation();
        var parked = shard.Ask(new Add(1), deadline: 2_000);
        shard.Now = 2_000;
        shard.Recover();
        Assert.Equal(AskOutcomeKind.Expired, parked.Outcome!.Value.Kind);
        Assert.Equal(AskOutcomeKind.Expired, shard.Ask(new Add(1), deadline: 1_999).Outcome!.Value.Kind);
        Assert.Empty(shard.Writes);
    }

    [Fact]
    public void A_full_mailbox_refuses_and_opens_again()
    {
        var shard = new ShardConversation(new ShardingOptions { MailboxLimit = 2 });
        shard.Ask(new Add(1));
        shard.Recover();
        shard.Ask(new Add(1));
        Assert.Equal(AskOutcomeKind.Overloaded, shard.Ask(new Add(1)).Outcome!.Value.Kind);
        shard.AllDurable();
        Assert.True(shard.Ask(new Add(1)).IsWaiting);
        Assert.Equal(1, shard.State.Entities.Values.Single().Unanswered);
    }

    [Fact]
    public void A_snapshot_follows_its_event_every_so_many_events()
    {
        var shard = new ShardConversation(snapshotEvery: 3);
        shard.Ask(new AddEach([1, 2]));
        shard.Recover();
        shard.Ask(new Add(3));
        var snapshot = shard.Writes[^1].Snapshot!;
        Assert.Equal((3, 3), (snapshot.SequenceNr, snapshot.Position));
        Assert.Equal("{\"value\":6}", System.Text.Encoding.UTF8.GetString(snapshot.Payload.Span));
        Assert.Equal(3, shard.Writes.Count);
    }

    [Fact]
    public void A_quiet_entity_leaves_memory_after_its_time_and_a_busy_one_stays()
    {
        var shard = new ShardConversation();
        shard.Ask(new Add(1), entity: "busy");
        shard.Recover();
        shard.Ask(new Get(), entity: "quiet");
        shard.Recover(version: 1);
        shard.Now += TimeSpan.FromMinutes(3).Ticks;

        shard.Say(new ShardInput.Tick(1_000));

        Assert.Equal(["busy"], shard.State.Entities.Keys.Select(key => key.Id));
    }

    [Fact]
    public void Residents_stay_at_their_bound_and_the_least_recently_used_leaves_first()
    {
        var shard = new ShardConversation(new ShardingOptions { MaxResidentEntities = 2 });
        foreach (var id in new[] { "a", "b", "a", "c" })
        {
            shard.Ask(new Get(), entity: id);
            if (shard.Effects.Any(effect => effect.Kind == ShardEffectKind.Recover))
            {
                shard.Recover(version: 1);
            }
        }

        Assert.Equal(["a", "c"], shard.State.Entities.Keys.Select(key => key.Id).Order());
    }

    [Fact]
    public void The_entity_that_is_asked_does_not_make_room_for_itself_when_all_others_are_busy()
    {
        var shard = new ShardConversation(new ShardingOptions { MaxResidentEntities = 1 });
        foreach (var id in new[] { "a", "b", "c" })
        {
            shard.Ask(new Add(1), entity: id);
            shard.Recover();
        }

        shard.Durable(shard.Writes[0]);
        var caller = shard.Ask(new Add(1), entity: "a");
        Assert.Contains(shard.State.Entities.Keys, key => key.Id == "a");
        shard.AllDurable();
        Assert.Equal(2, caller.Reply.Version);
    }

    [Fact]
    public void A_fault_in_the_kinds_code_answers_its_command_and_harms_no_other()
    {
        var shard = new ShardConversation();
        var faulted = shard.Ask(new Explode());
        shard.Recover();
        Assert.Equal("entity/failed", faulted.Reply.Code);
        var next = shard.Ask(new Add(1));
        shard.AllDurable();
        Assert.Equal(1, next.Reply.Version);
    }

    [Fact]
    public void The_time_of_an_entity_never_goes_back()
    {
        var shard = new ShardConversation();
        shard.Ask(new Add(1));
        shard.Recover();
        shard.Wall -= TimeSpan.FromHours(1);
        shard.Ask(new Add(1));
        Assert.Equal(shard.Writes[0].Events[0].At, shard.Writes[1].Events[0].At);
    }

    [Fact]
    public void An_unreadable_entity_is_refused_by_name_and_its_neighbours_live()
    {
        var shard = new ShardConversation();
        var caller = shard.Ask(new Get());
        shard.Say(new ShardInput.RecoveryFailed(shard.Recovering(), isUnreadable: true, "unknown event"));
        Assert.Equal("entity/unreadable", caller.Reply.Code);
        shard.Ask(new Get(), entity: "other");
        shard.Recover(version: 1);
    }

    [Fact]
    public void An_event_over_its_bound_is_refused_before_it_gets_a_position()
    {
        var shard = new ShardConversation(new ShardingOptions { EventBytes = 4 });
        var caller = shard.Ask(new Add(1));
        shard.Recover();
        Assert.Equal("request/too-large", caller.Reply.Code);
        Assert.Equal(1, shard.State.NextPosition);
    }

    [Fact]
    public void A_wrong_expected_version_and_a_foreign_rule_are_refusals()
    {
        var shard = new ShardConversation();
        var mismatch = shard.Ask(new Add(1), expected: 3);
        shard.Recover(version: 4);
        Assert.Equal((ReplyStatus.VersionMismatch, 4), (mismatch.Reply.Status, mismatch.Reply.Version));
        Assert.Equal("project/archived", shard.Ask(new Add(1), precondition: new Refusal("project/archived", "")).Reply.Code);
    }
}
