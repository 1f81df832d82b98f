using System.Collections.Immutable;
using Akka;
using Akka.Persistence.Journal;
using Akka.Persistence.Query;
using Akka.Streams;
using Akka.Streams.Dsl;
using AkkaScale.Tests.Journal.Plugins;

namespace AkkaScale.Tests.Journal.Conformance;

/// <summary>The read journal over what the plugin wrote.</summary>
public abstract class QueryRules<TPlugin>(TPlugin plugin, ITestOutputHelper output) : PluginSpec(plugin, output), IClassFixture<TPlugin>
    where TPlugin : PluginUnderTest
{
    [Fact]
    public Task One_entitys_events_are_read_in_a_range() => RuleAsync(async () =>
    {
        var id = NewId();
        await WriteAsync(id, 1, new Noted("1"), new Noted("2"), new Noted("3"), new Noted("4"));

        var all = await RunAsync(ReadJournal.CurrentEventsByPersistenceId(id, 0, long.MaxValue));
        var some = await RunAsync(ReadJournal.CurrentEventsByPersistenceId(id, 2, 3));

        Assert.Equal([1, 2, 3, 4], all.Select(item => item.SequenceNr));
        Assert.All(all, item => Assert.Equal(id, item.PersistenceId));
        Assert.Equal([new Noted("2"), new Noted("3")], some.Select(item => item.Event));
        Assert.Empty(await RunAsync(ReadJournal.CurrentEventsByPersistenceId(NewId(), 0, long.MaxValue)));
    });

    [Fact]
    public Task One_entitys_events_are_followed() => RuleAsync(async () =>
    {
        var id = NewId();
        await WriteAsync(id, 1, new Noted("1"), new Noted("2"));
        var events = Follow(ReadJournal.EventsByPersistenceId(id, 2, long.MaxValue));
        Assert.Equal(2, (await NextAsync(events)).SequenceNr);

        await WriteAsync(id, 3, new Noted("3"));
        Assert.Equal(new Noted("3"), (await NextAsync(events)).Event);
    });

    [Fact]
    public Task A_tagged_event_is_stored_without_its_wrapping() => RuleAsync(async () =>
    {
        var (id, tag) = (NewId(), NewId("tag"));
        await WriteAsync(id, 1, Tag(new Noted("tagged"), tag));

        Assert.Equal(["tagged"], (await ReplayAsync(id)).Texts);
    });

    [Fact]
    public Task Events_are_found_by_tag_in_the_order_of_writing() => RuleAsync(async () =>
    {
        var (first, second) = (NewId(), NewId());
        var (red, blue) = (NewId("red"), NewId("blue"));
        await WriteAsync(first, 1, Tag(new Noted("1"), red), new Noted("untagged"), Tag(new Noted("2"), red, blue));
        await WriteAsync(second, 1, Tag(new Noted("3"), blue), Tag(new Noted("4"), red));

        var reds = await RunAsync(ReadJournal.CurrentEventsByTag(red, Offset.NoOffset()));
        var blues = await RunAsync(ReadJournal.CurrentEventsByTag(blue, Offset.NoOffset()));

        Assert.Equal(["1", "2", "4"], Texts(reds));
        Assert.Equal(["2", "3"], Texts(blues));
        Assert.Equal([red, blue], reds[1].Tags.Order(StringComparer.Ordinal).Reverse());
        var offsets = reds.Select(Ordering).ToList();
        Assert.Equal(offsets.Order().Distinct(), offsets);
    });

    [Fact]
    public Task An_offset_is_where_a_reader_goes_on_without_repeating() => RuleAsync(async () =>
    {
        var (id, tag) = (NewId(), NewId("tag"));
        await WriteAsync(id, 1, Enumerable.Range(1, 5).Select(number => Tag(new Noted($"{number}"), tag)).ToArray());

        var all = await RunAsync(ReadJournal.CurrentEventsByTag(tag, Offset.NoOffset()));
        var rest = await RunAsync(ReadJournal.CurrentEventsByTag(tag, all[2].Offset));

        Assert.Equal(["4", "5"], Texts(rest));
    });

    [Fact]
    public Task Tagged_events_are_followed_from_an_offset() => RuleAsync(async () =>
    {
        var (id, tag) = (NewId(), NewId("tag"));
        await WriteAsync(id, 1, Tag(new Noted("1"), tag), Tag(new Noted("2"), tag));
        var start = (await RunAsync(ReadJournal.CurrentEventsByTag(tag, Offset.NoOffset())))[0].Offset;
        var events = Follow(ReadJournal.EventsByTag(tag, start));
        Assert.Equal(new Noted("2"), (await NextAsync(events)).Event);

        await WriteAsync(id, 3, new Noted("untagged"), Tag(new Noted("4"), tag));
        Assert.Equal(new Noted("4"), (await NextAsync(events)).Event);
    });

    [Fact]
    public Task An_event_adapter_tags() => RuleAsync(async () =>
    {
        var id = NewId();
        var (red, blue) = (NewId("red"), NewId("blue"));
        await WriteAsync(id, 1, new Labelled($"{red} {blue}"));

        Assert.Equal([$"{red} {blue}"], Texts(await RunAsync(ReadJournal.CurrentEventsByTag(blue, Offset.NoOffset()))));
    });

    [Fact]
    public Task Tags_of_an_atomic_write_of_many_belong_to_their_own_events() => RuleAsync(async () =>
    {
        var (id, tag) = (NewId(), NewId("tag"));
        var events = Enumerable.Range(1, 300).Select(number => number % 3 == 0 ? Tag(new Noted($"{number}"), tag) : new Noted($"{number}"));
        await WriteAsync(Atomic(id, 1, events.ToArray()));

        var found = await RunAsync(ReadJournal.CurrentEventsByTag(tag, Offset.NoOffset()));
        Assert.Equal(Enumerable.Range(1, 100).Select(number => $"{3 * number}"), Texts(found));
    });

    [Fact]
    public Task A_tag_may_hold_a_semicolon() => RuleAsync(async () =>
    {
        var (id, tag) = (NewId(), NewId("a;b"));
        await WriteAsync(id, 1, Tag(new Noted("1"), tag));

        Assert.Equal([tag], Assert.Single(await RunAsync(ReadJournal.CurrentEventsByTag(tag, Offset.NoOffset()))).Tags);
    });

    [Fact]
    public Task A_tag_may_have_a_hundred_characters() => RuleAsync(async () =>
    {
        var (id, tag) = (NewId(), NewId(new string('t', 100)));
        await WriteAsync(id, 1, Tag(new Noted("1"), tag));

        Assert.Single(await RunAsync(ReadJournal.CurrentEventsByTag(tag, Offset.NoOffset())));
    });

    [Fact]
    public Task All_persistence_ids_are_listed_once() => RuleAsync(async () =>
    {
        string[] ids = [NewId("listed"), NewId("listed"), NewId("listed")];
        foreach (var id in ids)
        {
            await WriteAsync(id, 1, new Noted("1"), new Noted("2"));
        }

        var listed = await RunAsync(ReadJournal.CurrentPersistenceIds());
        Assert.Equal(ids, listed.Where(id => id.StartsWith("listed", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    });

    [Fact]
    public Task New_persistence_ids_are_followed() => RuleAsync(async () =>
    {
        var id = NewId("new");
        var ids = Follow(ReadJournal.PersistenceIds().Where(each => each.StartsWith("new", StringComparison.Ordinal)));
        await WriteAsync(id, 1, new Noted("1"));

        Assert.Equal(id, await NextAsync(ids));
    });

    [Fact]
    public Task All_events_are_read_and_followed_in_the_order_of_writing() => RuleAsync(async () =>
    {
        var (first, second) = (NewId(), NewId());
        await WriteAsync(first, 1, new Noted("1"));
        await WriteAsync(second, 1, new Noted("2"));
        await WriteAsync(first, 2, new Noted("3"));

        var all = (await RunAsync(ReadJournal.CurrentAllEvents(Offset.NoOffset())))
            .Where(item => item.PersistenceId == first || item.PersistenceId == second).ToList();
        Assert.Equal(["1", "2", "3"], Texts(all));

        var events = Follow(ReadJournal.AllEvents(all[1].Offset));
        Assert.Equal(new Noted("3"), (await NextAsync(events)).Event);
        await WriteAsync(second, 2, new Noted("4"));
        Assert.Equal(new Noted("4"), (await NextAsync(events)).Event);
    });

    [Fact]
    public Task Readers_do_not_see_deleted_events() => RuleAsync(async () =>
    {
        var (id, tag) = (NewId(), NewId("tag"));
        await WriteAsync(id, 1, Tag(new Noted("1"), tag), Tag(new Noted("2"), tag), Tag(new Noted("3"), tag));
        await DeleteToAsync(id, 2);

        Assert.Equal(["3"], Texts(await RunAsync(ReadJournal.CurrentEventsByPersistenceId(id, 0, long.MaxValue))));
        Assert.Equal(["3"], Texts(await RunAsync(ReadJournal.CurrentEventsByTag(tag, Offset.NoOffset()))));
        var all = await RunAsync(ReadJournal.CurrentAllEvents(Offset.NoOffset()));
        Assert.Equal(["3"], Texts(all.Where(item => item.PersistenceId == id)));
    });

    [Fact]
    public Task Readers_see_when_an_event_was_written() => RuleAsync(async () =>
    {
        var before = DateTime.UtcNow.AddSeconds(-5).Ticks;
        var id = NewId();
        await WriteAsync(id, 1, new Noted("1"));

        var item = Assert.Single(await RunAsync(ReadJournal.CurrentEventsByPersistenceId(id, 0, long.MaxValue)));
        Assert.InRange(item.Timestamp, before, DateTime.UtcNow.AddSeconds(5).Ticks);
    });

    private static object Tag(object item, params string[] tags) => new Tagged(item, tags.ToImmutableHashSet());

    private static IEnumerable<string> Texts(IEnumerable<EventEnvelope> events) => events.Select(item => ((Noted)item.Event).Text);

    private static long Ordering(EventEnvelope item) => ((Sequence)item.Offset).Value;

    private async Task<List<T>> RunAsync<T>(Source<T, NotUsed> source) =>
        [.. await source.RunWith(Sink.Seq<T>(), Materializer).WaitAsync(Patience)];

    private ISinkQueue<T> Follow<T>(Source<T, NotUsed> source) => source.RunWith(Sink.Queue<T>(), Materializer);

    private static async Task<T> NextAsync<T>(ISinkQueue<T> queue)
    {
        var next = await queue.PullAsync().WaitAsync(Patience);
        Assert.True(next.HasValue, "The stream has ended.");
        return next.Value;
    }
}
