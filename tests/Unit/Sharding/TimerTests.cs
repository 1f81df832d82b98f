using System.Text;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Shards;
using AkkaScale.Sharding.Timers;

namespace AkkaScale.Tests.Unit.Sharding;

/// <summary>Timers are derived from the state after each event; a firing has effect once, and only while it is current.</summary>
public sealed class TimerTests
{
    private static readonly DateTimeOffset One = new(2026, 1, 1, 13, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Two = One.AddHours(1);

    [Fact]
    public void A_timer_is_set_moved_and_cancelled_by_what_the_state_names()
    {
        var alarm = new AlarmConversation();
        alarm.Do(new SetAlarm("due", One));
        Assert.Equal((1, One), alarm.Rows["due"]);
        alarm.Do(new SetAlarm("due", Two));
        Assert.Equal((2, Two), alarm.Rows["due"]);
        alarm.Do(new SetAlarm("due", Two));
        Assert.Equal((2, Two), alarm.Rows["due"]);
        alarm.Do(new CancelAlarm("due"));
        Assert.Empty(alarm.Rows);
        alarm.Do(new SetAlarm("due", Two));
        Assert.Equal((5, Two), alarm.Rows["due"]);
    }

    [Fact]
    public void Each_of_a_commands_events_gives_its_own_version_in_memory_as_in_recovery()
    {
        var alarm = new AlarmConversation();
        alarm.Do(new SetTwice("first", "second", One));
        Assert.Equal([(1L, One), (2L, One)], alarm.Rows.Values);
        Assert.Equal(alarm.Entity.Engine.Timers, alarm.Recovered().Timers);
        Assert.Equal(new TimerSetting(2, One), alarm.Recovered().Timers["second"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void A_firing_has_effect_once_whoever_delivers_it(int snapshotEvery)
    {
        var alarm = new AlarmConversation(snapshotEvery);
        alarm.Do(new SetAlarm("due", One));
        alarm.TakeOver();
        var first = alarm.Fire("due", 1);
        var copy = alarm.Fire("due", 1);
        Assert.True(first.IsWaiting && copy.IsWaiting);
        alarm.AllDurable();
        Assert.Equal(ReplyStatus.Accepted, first.Reply.Status);
        Assert.True(copy.Reply.Replayed);
        Assert.Empty(alarm.Rows);

        // Read before it was settled, delivered after; by this owner and by the next.
        Assert.Equal(ReplyStatus.Unchanged, alarm.FireDurably("due", 1).Status);
        alarm.TakeOver();
        Assert.Equal(ReplyStatus.Unchanged, alarm.FireDurably("due", 1).Status);
        Assert.Single(alarm.Events, row => row.EventType == "rang");
        Assert.Contains("\"timer\":\"due\"", Encoding.UTF8.GetString(alarm.Events[^1].Payload.Span));
    }

    [Fact]
    public void A_firing_of_an_older_setting_has_no_effect_and_its_row_is_put_right()
    {
        var alarm = new AlarmConversation();
        alarm.Do(new SetAlarm("due", One));
        alarm.Do(new SetAlarm("due", Two));
        alarm.Rows["due"] = (1, One);
        Assert.Equal(ReplyStatus.Unchanged, alarm.FireDurably("due", 1).Status);
        Assert.Equal((2, Two), alarm.Rows["due"]);

        alarm.Do(new CancelAlarm("due"));
        alarm.Rows["due"] = (2, Two);
        alarm.FireDurably("due", 2);
        Assert.Empty(alarm.Rows);
        Assert.DoesNotContain(alarm.Events, row => row.EventType == "rang");
    }

    [Fact]
    public void A_timer_that_moves_while_its_firing_is_decided_does_not_fire()
    {
        var alarm = new AlarmConversation(remembered: 1);
        alarm.Do(new SetAlarm("due", One));
        alarm.Ask(new SetAlarm("due", Two));
        var firing = alarm.Fire("due", 1);
        alarm.AllDurable();
        Assert.Equal(ReplyStatus.Unchanged, firing.Reply.Status);
        Assert.Equal((2, Two), alarm.Rows["due"]);
        Assert.Equal(2, alarm.Events.Count);
    }

    [Theory]
    [InlineData(AlarmMode.Refuses, ReplyStatus.Refused)]
    [InlineData(AlarmMode.KeepsTimer, ReplyStatus.Accepted)]
    public void A_firing_that_is_refused_or_leaves_its_timer_in_the_state_does_not_come_again(AlarmMode mode, ReplyStatus status)
    {
        // Nothing is remembered in memory: the journal must know.
        var alarm = new AlarmConversation(remembered: 1);
        alarm.Do(new ChangeMode(mode));
        alarm.Do(new SetAlarm("due", One));
        Assert.Equal(status, alarm.FireDurably("due", 2).Status);
        Assert.Empty(alarm.Rows);
        var events = alarm.Events.Count;

        // The row is back, as after a restore, or read before it went.
        foreach (var isTakeover in new[] { false, true })
        {
            if (isTakeover)
            {
                alarm.TakeOver();
            }

            alarm.Rows["due"] = (2, One);
            alarm.Do(new ChangeMode(mode));
            Assert.True(alarm.FireDurably("due", 2).Replayed);
            Assert.Empty(alarm.Rows);
            Assert.Equal(++events, alarm.Events.Count);
        }

        // Another time is another timer.
        alarm.Do(new SetAlarm("due", Two));
        Assert.Equal((alarm.Events.Count, Two), alarm.Rows["due"]);
    }

    [Fact]
    public void A_firing_whose_code_fails_comes_again_later_under_the_same_version()
    {
        var alarm = new AlarmConversation();
        alarm.Do(new SetAlarm("due", One));
        alarm.Do(new ChangeMode(AlarmMode.Fails));
        alarm.Wall = Two;
        Assert.Equal("entity/failed", alarm.FireDurably("due", 1).Code);
        Assert.Equal((1, Two + TimerRows.RetryAfterFault), alarm.Rows["due"]);

        alarm.Do(new ChangeMode(AlarmMode.Rings));
        Assert.Equal(ReplyStatus.Accepted, alarm.FireDurably("due", 1).Status);
        Assert.Empty(alarm.Rows);
    }

    [Fact]
    public void A_decision_is_never_taken_before_the_due_time_although_this_nodes_clock_is_behind()
    {
        var alarm = new AlarmConversation { Wall = One - TimeSpan.FromSeconds(5) };
        alarm.Do(new SetAlarm("due", One));
        alarm.FireDurably("due", 1);
        Assert.Equal(One, alarm.Events[^1].At);
    }

    [Fact]
    public void The_answer_to_a_firing_waits_until_its_row_is_durable()
    {
        var alarm = new AlarmConversation();
        alarm.Do(new SetAlarm("due", One));
        var stale = alarm.Fire("due", 99);
        Assert.True(stale.IsWaiting);
        Assert.False(alarm.Entity.IsQuiet);
        alarm.AllDurable();
        Assert.False(stale.IsWaiting);
        Assert.True(alarm.Entity.IsQuiet);
    }

    [Fact]
    public void An_entity_is_remembered_from_the_event_that_says_so_until_the_one_that_says_it_no_more()
    {
        var alarm = new AlarmConversation();
        alarm.Do(new ChangeMode(AlarmMode.Rings));
        Assert.Empty(alarm.Remembered);
        alarm.Do(new SetTwice("first", "second", One));
        alarm.Do(new SetAlarm("third", One));
        Assert.Equal([AlarmConversation.Key], alarm.Remembered);
        alarm.Do(new CancelAlarm("first"));
        alarm.Do(new CancelAlarm("second"));
        Assert.NotEmpty(alarm.Remembered);
        alarm.FireDurably("third", 4);
        Assert.Empty(alarm.Remembered);
    }

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("\U0001F514")]
    public void A_name_that_cannot_be_fails_the_command_alone(string name)
    {
        var alarm = new AlarmConversation();
        Assert.Equal("entity/failed", alarm.Do(new SetAlarm(name, One)).Code);
        Assert.Equal(ReplyStatus.Accepted, alarm.Do(new SetAlarm("due", One)).Status);
    }

    [Fact]
    public void A_firings_command_id_is_of_its_entity_name_and_version_alone()
    {
        var id = TimerCommandId.Of(new EntityKey("task", "ä"), "due", 7);
        Assert.Equal(id, TimerCommandId.Of(new EntityKey("task", "ä"), "due", 7));
        Assert.Equal(new Guid("f80834f7-25f8-8313-9cd7-2bd73188eafa"), id);
        Guid[] others =
        [
            TimerCommandId.Of(new EntityKey("task", "ä"), "due", 8),
            TimerCommandId.Of(new EntityKey("task", "ä"), "du", 7),
            TimerCommandId.Of(new EntityKey("task", "äd"), "ue", 7),
            TimerCommandId.Of(new EntityKey("tas", "kä"), "due", 7),
        ];
        Assert.Equal(5, others.Append(id).Distinct().Count());
    }
}
