using Akka.Persistence;
using AkkaScale.Tests.Journal.Plugins;

namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>What an actor's events go through: the journal's protocol, without an actor between.</summary>
public abstract class JournalRules<TPlugin>(TPlugin plugin, ITestOutputHelper output) : PluginSpec(plugin, output), IClassFixture<TPlugin>
    where TPlugin : PluginUnderTest
{
    [Fact]
    public Task A_replay_brings_all_events_in_order() => RuleAsync(async () =>
    {
        var id = NewId();
        await WriteAsync(id, 1, Notes(1, 5));

        var replay = await ReplayAsync(id);

        Assert.Equal([1, 2, 3, 4, 5], replay.Numbers);
        Assert.Equal(["note 1", "note 2", "note 3", "note 4", "note 5"], replay.Texts);
        Assert.Equal(5, replay.Highest);
        Assert.All(replay.Events, item => Assert.Equal(id, item.PersistenceId));
    });

    [Fact]
    public Task An_id_without_events_replays_as_empty() => RuleAsync(async () =>
    {
        var replay = await ReplayAsync(NewId());

        Assert.Empty(replay.Events);
        Assert.Equal(0, replay.Highest);
    });

    [Theory]
    [InlineData(3, long.MaxValue, long.MaxValue, new long[] { 3, 4, 5 })]
    [InlineData(1, 3, long.MaxValue, new long[] { 1, 2, 3 })]
    [InlineData(2, 4, long.MaxValue, new long[] { 2, 3, 4 })]
    [InlineData(2, 5, 2, new long[] { 2, 3 })]
    [InlineData(3, 3, 10, new long[] { 3 })]
    [InlineData(1, long.MaxValue, 0, new long[0])]
    [InlineData(4, 3, long.MaxValue, new long[0])]
    [InlineData(6, long.MaxValue, long.MaxValue, new long[0])]
    [InlineData(1, 0, long.MaxValue, new long[0])]
    public Task A_replay_keeps_to_its_range(long from, long to, long max, long[] expected) => RuleAsync(async () =>
    {
        var id = NewId();
        await WriteAsync(id, 1, Notes(1, 5));

        Assert.Equal(expected, (await ReplayAsync(id, from, to, max)).Numbers);
    });

    [Fact]
    public Task The_highest_number_does_not_depend_on_the_range() => RuleAsync(async () =>
    {
        var id = NewId();
        await WriteAsync(id, 1, Notes(1, 5));

        Assert.Equal(5, (await ReplayAsync(id, 1, 2)).Highest);
        Assert.Equal(5, (await ReplayAsync(id, 2, 5, 1)).Highest);
        Assert.Equal(5, (await ReplayAsync(id, 5)).Highest);
    });

    [Fact]
    public Task Ids_do_not_see_each_other() => RuleAsync(async () =>
    {
        string[] ids = [NewId(), NewId(), NewId()];
        for (var number = 1; number <= 4; number++)
        {
            await Task.WhenAll(ids.Select(id => WriteAsync(id, number, new Noted($"{id} {number}"))));
        }

        foreach (var id in ids)
        {
            Assert.Equal([$"{id} 1", $"{id} 2", $"{id} 3", $"{id} 4"], (await ReplayAsync(id)).Texts);
        }
    });

    [Fact]
    public Task Replies_come_in_the_order_of_the_events_and_name_their_actor() => RuleAsync(async () =>
    {
        var id = NewId();
        var replies = await WriteAsync(Atomic(id, 1, Notes(1, 2)), Atomic(id, 3, Notes(3, 1)), Atomic(id, 4, Notes(4, 3)));

        var successes = replies.Select(reply => Assert.IsType<WriteMessageSuccess>(reply)).ToList();
        Assert.Equal([1, 2, 3, 4, 5, 6], successes.Select(reply => reply.Persistent.SequenceNr));
        Assert.All(successes, reply => Assert.Equal(7, reply.ActorInstanceId));
    });

    [Fact]
    public Task An_atomic_write_of_thousands_of_events_is_written_whole() => RuleAsync(async () =>
    {
        var id = NewId();
        Assert.All(await WriteAsync(Atomic(id, 1, Notes(1, 2_500))), reply => Assert.IsType<WriteMessageSuccess>(reply));

        Assert.Equal(Enumerable.Range(1, 2_500).Select(number => (long)number), (await ReplayAsync(id)).Numbers);
    });

    [Fact]
    public Task An_atomic_write_that_collides_is_not_written_at_all() => RuleAsync(async () =>
    {
        var id = NewId();
        await WriteAsync(id, 3, new Noted("there already"));

        var replies = await WriteAsync(Atomic(id, 1, Notes(1, 3)));

        Assert.All(replies, reply => Assert.IsType<WriteMessageFailure>(reply));
        Assert.Equal(["there already"], (await ReplayAsync(id)).Texts);
    });

    [Fact]
    public Task A_number_is_written_once() => RuleAsync(async () =>
    {
        var id = NewId();
        await WriteAsync(id, 1, new Noted("first"));

        Assert.IsType<WriteMessageFailure>(Assert.Single(await WriteAsync(Atomic(id, 1, new Noted("second")))));
        Assert.Equal(["first"], (await ReplayAsync(id)).Texts);
    });

    [Fact]
    public Task What_cannot_be_serialized_is_not_written_and_not_confirmed() => RuleAsync(async () =>
    {
        var id = NewId();
        var replies = await WriteAsync(Atomic(id, 1, new Noted("good"), new Unwritable()));

        Assert.All(replies, reply => Assert.True(reply is WriteMessageRejected or WriteMessageFailure, $"{reply}"));
        Assert.Empty((await ReplayAsync(id)).Events);
        Assert.Equal(0, (await ReplayAsync(id)).Highest);
    });

    [Fact]
    public Task What_cannot_be_read_fails_the_replay() => RuleAsync(async () =>
    {
        var id = NewId();
        await WriteAsync(id, 1, new Noted("good"), new Unreadable());

        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => ReplayAsync(id));
        Assert.Contains("cannot be read", $"{failure.InnerException}", StringComparison.Ordinal);
    });

    [Fact]
    public Task Large_and_empty_payloads_come_back_whole() => RuleAsync(async () =>
    {
        var id = NewId();
        var large = string.Concat(Enumerable.Range(0, 500_000).Select(number => $"{number:D8} "));
        await WriteAsync(id, 1, new Noted(large), new Noted(""), new Noted("after"));

        Assert.Equal([large, "", "after"], (await ReplayAsync(id)).Texts);
    });

    [Theory]
    [InlineData("naïve")]
    [InlineData("日本語-🙂")]
    [InlineData("it's; -- \"quoted\" %_\\")]
    [InlineData(" spaces around ")]
    [InlineData("line\nbreak\ttab")]
    [InlineData("e\u0301 is not é")]
    public Task Any_text_is_an_id(string text) => RuleAsync(async () =>
    {
        var id = NewId(text);
        await WriteAsync(id, 1, new Noted(text));

        var item = Assert.Single((await ReplayAsync(id)).Events);
        Assert.Equal(id, item.PersistenceId);
        Assert.Equal(text, ((Noted)item.Payload).Text);
    });

    [Fact]
    public Task Ids_that_differ_in_case_or_in_spaces_are_two() => RuleAsync(async () =>
    {
        var id = NewId("case");
        string[] ids = [id, id.ToUpperInvariant(), id + " "];
        foreach (var each in ids)
        {
            await WriteAsync(each, 1, new Noted(each));
        }

        foreach (var each in ids)
        {
            Assert.Equal([each], (await ReplayAsync(each)).Texts);
        }
    });

    [Fact]
    public Task An_id_may_have_a_thousand_characters() => RuleAsync(async () =>
    {
        var id = NewId(new string('x', 1_000));
        await WriteAsync(id, 1, new Noted("long"));

        Assert.Equal(["long"], (await ReplayAsync(id)).Texts);
    });

    [Fact]
    public Task An_event_is_stored_with_its_time_and_its_writer() => RuleAsync(async () =>
    {
        var id = NewId();
        var before = DateTime.UtcNow.AddSeconds(-5).Ticks;
        await WriteAsync(id, 1, new Noted("first"), new Noted("second"));

        var replayed = (await ReplayAsync(id)).Events;
        Assert.All(replayed, item => Assert.InRange(item.Timestamp, before, DateTime.UtcNow.AddSeconds(5).Ticks));
        Assert.False(string.IsNullOrEmpty(replayed[0].WriterGuid));
        Assert.Equal(replayed[0].WriterGuid, replayed[1].WriterGuid);
    });

    internal static object[] Notes(int from, int count) =>
        Enumerable.Range(from, count).Select(number => (object)new Noted($"note {number}")).ToArray();
}
