using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.TestKit;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Store.Contract;

/// <summary>Timers, messages, settlements, remembered entities, message origins and the engine's part of snapshots.</summary>
public abstract class CompanionTests(IStoreFixture fixture) : StoreTest(fixture)
{
    private static readonly EntityKey A = new("thing", "a");
    private static readonly EntityKey B = new("thing", "b");
    private static readonly EntityKey C = new("other", "c");
    private static readonly DateTimeOffset Past = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly DateTimeOffset FarFuture = new(2500, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task Every_companion_commits_with_its_slice_and_is_read_back()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 3);
        var message = Message(A, C, 65_536);
        await WriteAsync(OpenWriter(store), Everything(3, 1, 1, message));

        Assert.Equal([new DueTimer(3, A, "ü-due", 7, Past.AddTicks(10))], await DueAsync(store, [3]));
        AssertSame([message], await OutboxAsync(store, 3));
        Assert.Equal([A], await RememberedAsync(store, 3));
        Assert.Equal(new MessageOrigin(B, 42), Assert.Single(await ReadShardAsync(store, 3)).Origin);
        Assert.Equal(new MessageOrigin(B, 42), Assert.Single((await RecoverAsync(store, "b")).Events).Origin);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(1, 2)]
    public async Task No_companion_of_a_slice_that_is_fenced_or_does_not_fit_is_written(long epoch, long position)
    {
        var store = await JoinAsync();
        await OwnAsync(store, 3, 4);
        var writer = OpenWriter(store);
        var outcomes = await writer.AppendAsync(
            [Everything(3, epoch, position, Message(A, C, 65_536)), Slice(4, 1, Event(4, 1, 1, "x", 1)) with { Remembered = [new(B, true)] }]);

        Assert.Equal(epoch == 2 ? SliceStatus.Fenced : SliceStatus.HeadMismatch, outcomes[0].Status);
        Assert.Equal(SliceStatus.Written, outcomes[1].Status);
        Assert.Empty(await DueAsync(store, [3]));
        Assert.Empty(await OutboxAsync(store, 3));
        Assert.Empty(await RememberedAsync(store, 3));
        Assert.Empty(await ReadShardAsync(store, 3));
        Assert.Equal([B], await RememberedAsync(store, 4));
    }

    [Fact]
    public async Task Nothing_is_settled_removed_or_forgotten_by_a_fenced_slice()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 3);
        var writer = OpenWriter(store);
        var message = Message(A, C, 65_536);
        await WriteAsync(writer, Everything(3, 1, 1, message));

        var undone = new ShardSlice(3, 9, [], [], [])
        {
            Timers = [new TimerChange(A, "ü-due", 8, null)],
            Settlements = [new OutboxSettlement(A, C, message.Nr, false)],
            Remembered = [new RememberedChange(A, false)],
        };
        Assert.Equal(SliceStatus.Fenced, (await AppendAsync(writer, undone)).Status);
        Assert.Single(await DueAsync(store, [3]));
        Assert.Single(await OutboxAsync(store, 3));
        Assert.Single(await RememberedAsync(store, 3));
    }

    [Fact]
    public async Task A_slice_whose_message_is_there_already_fails_whole_and_alone()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 3, 4);
        var writer = OpenWriter(store);
        var message = Message(A, C, 65_536);
        await WriteAsync(writer, Everything(3, 1, 1, message));
        var outcomes = await writer.AppendAsync(
        [
            Slice(3, 1, Event(3, 1, 2, "b", 2)) with { Messages = [message], Timers = [new(B, "late", 2, Past)] },
            Slice(4, 1, Event(4, 1, 1, "x", 1)) with { Messages = [Message(B, C, 1)] },
        ]);
        Assert.Equal([SliceStatus.Rejected, SliceStatus.Written], outcomes.Select(outcome => outcome.Status));
        Assert.Single(await ReadShardAsync(store, 3));
        Assert.Single(await DueAsync(store, [3]));
        Assert.Single(await OutboxAsync(store, 4));
    }

    [Fact]
    public async Task Two_changes_of_one_timer_or_entity_and_text_that_cannot_be_kept_are_rejected()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0, 1, 2, 3, 4);
        var outcomes = await OpenWriter(store).AppendAsync(
        [
            Slice(0, 1) with { Timers = [new(A, "t", 1, Past), new(A, "t", 2, null)] },
            Slice(1, 1) with { Remembered = [new(A, true), new(A, false)] },
            Slice(2, 1) with { Timers = [new(A, "nul\0", 1, Past)] },
            Slice(3, 1) with { Timers = [new(A, "t", 1, Past), new(A, "u", 1, Past), new(B, "t", 1, Past)] },
            Slice(4, 1, Event(4, 1, 1, "x", 1) with { Origin = new MessageOrigin(new EntityKey("thing", "\ud800"), 1) }),
        ]);
        Assert.Equal(
            [SliceStatus.Rejected, SliceStatus.Rejected, SliceStatus.Rejected, SliceStatus.Written, SliceStatus.Rejected],
            outcomes.Select(outcome => outcome.Status));
    }

    [Fact]
    public async Task Due_timers_come_earliest_first_of_the_shards_asked_for_and_at_most_so_many()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 3, 4, 5);
        var writer = OpenWriter(store);
        await writer.AppendAsync(
        [
            Slice(3, 1) with { Timers = [Timer("c", 30), Timer("a", 10), new(A, "future", 1, FarFuture)] },
            Slice(4, 1) with { Timers = [Timer("b", 20)] },
            Slice(5, 1) with { Timers = [Timer("not asked for", 0)] },
        ]);
        Assert.Equal(["a", "b", "c"], (await DueAsync(store, [4, 3])).Select(timer => timer.Name));
        Assert.Equal(["a", "b"], (await DueAsync(store, [4, 3], 2)).Select(timer => timer.Name));
        Assert.Empty(await DueAsync(store, []));
    }

    [Fact]
    public async Task A_timer_comes_due_by_the_stores_clock_and_not_before()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 3);
        await WriteAsync(OpenWriter(store), Slice(3, 1) with { Timers = [new(A, "soon", 1, DateTimeOffset.UtcNow.AddMilliseconds(800))] });
        Assert.Empty(await DueAsync(store, [3]));
        await Eventually.Holds(
            "the timer is due", Patience, async () => (await DueAsync(store, [3])).Count == 1 ? null : "it is not due");
        Assert.True(DateTimeOffset.UtcNow >= (await DueAsync(store, [3]))[0].DueAt);
    }

    [Fact]
    public async Task A_timer_is_moved_and_removed()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 3);
        var writer = OpenWriter(store);
        await WriteAsync(writer, Slice(3, 1) with { Timers = [new(A, "t", 1, Past), new(A, "u", 1, Past)] });
        await WriteAsync(writer, Slice(3, 1) with { Timers = [new(A, "t", 2, FarFuture), new(A, "u", 3, Past.AddDays(1))] });
        Assert.Equal([new DueTimer(3, A, "u", 3, Past.AddDays(1))], await DueAsync(store, [3]));
        await WriteAsync(writer, Slice(3, 1) with { Timers = [new(A, "u", 4, null), new(A, "never set", 4, null)] });
        Assert.Empty(await DueAsync(store, [3]));
    }

    [Fact]
    public async Task The_outbox_is_read_in_pages_in_order_of_sender_and_number()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 3, 4);
        var writer = OpenWriter(store);
        OutboxMessage[] ordered =
            [Message(new("other", "z"), A, 9), Message(A, C, 1), Message(A, B, 2), Message(A, C, 100), Message(B, A, 3), Message(B, C, 4)];
        await writer.AppendAsync(
            [Slice(3, 1) with { Messages = [.. ordered.Reverse()] }, Slice(4, 1) with { Messages = [Message(new("thing", "elsewhere"), C, 1)] }]);
        AssertSame(ordered, await OutboxAsync(store, 3));
        AssertSame(ordered[..2], await OutboxAsync(store, 3, limit: 2));
        AssertSame(ordered[2..4], await OutboxAsync(store, 3, ordered[1], 2));
        Assert.Empty(await OutboxAsync(store, 3, ordered[5]));
    }

    [Fact]
    public async Task An_acknowledgement_settles_its_channel_up_to_its_number_and_leaves_the_others()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 3);
        var writer = OpenWriter(store);
        OutboxMessage[] messages =
            [Message(A, C, 1), Message(A, B, 2), Message(A, C, 3), Message(A, C, 5), Message(A, C, 7), Message(B, C, 4)];
        await WriteAsync(writer, Slice(3, 1) with { Messages = messages });
        await WriteAsync(writer, Slice(3, 1) with { Settlements = [new(A, C, 3, false), new(A, C, 5, false)] });
        AssertSame([messages[1], messages[4], messages[5]], await OutboxAsync(store, 3));
        Assert.Empty(await IdleAsync(store, [3]));

        // Again, late: nothing changes.
        await WriteAsync(writer, Slice(3, 1) with { Settlements = [new(A, C, 3, false)] });
        AssertSame([messages[1], messages[4], messages[5]], await OutboxAsync(store, 3));
    }

    [Fact]
    public async Task A_channel_is_idle_when_all_is_acknowledged_and_gone_when_it_is_closed()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 3, 4);
        var writer = OpenWriter(store);
        await WriteAsync(writer, Slice(3, 1) with { Messages = [Message(A, C, 1), Message(A, C, 2), Message(B, C, 3)] });
        await WriteAsync(writer, Slice(3, 1) with { Settlements = [new(A, C, 2, false)] });
        Assert.Empty(await IdleAsync(store, [3], TimeSpan.FromHours(1)));
        Assert.Empty(await IdleAsync(store, [4]));
        await Eventually.Holds(
            "the channel is idle", Patience, async () => (await IdleAsync(store, [3, 4])).Count == 1 ? null : "it is not idle");
        Assert.Equal([new OutboxSettlement(A, C, 2, false)], await IdleAsync(store, [3]));
        Assert.Empty(await IdleAsync(store, [3], limit: 0));

        // Closed up to 2: what was sent since stays, and another channel too.
        await WriteAsync(writer, Slice(3, 1) with { Messages = [Message(A, C, 5)] });
        await WriteAsync(writer, Slice(3, 1) with { Settlements = [new(A, C, 2, true)] });
        Assert.Empty(await IdleAsync(store, [3]));
        Assert.Equal([5L, 3L], (await OutboxAsync(store, 3)).Select(message => message.Nr));
    }

    [Fact]
    public async Task Remembered_entities_are_read_in_pages_in_order_of_key_and_forgotten()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 3, 4);
        var writer = OpenWriter(store);
        await writer.AppendAsync(
            [Slice(3, 1) with { Remembered = [new(B, true), new(C, true), new(A, true)] }, Slice(4, 1) with { Remembered = [new(new("thing", "x"), true)] }]);
        await WriteAsync(writer, Slice(3, 1) with { Remembered = [new(B, true)] });
        Assert.Equal([C, A, B], await RememberedAsync(store, 3));
        Assert.Equal([C, A], await RememberedAsync(store, 3, limit: 2));
        Assert.Equal([B], await RememberedAsync(store, 3, A));
        await WriteAsync(writer, Slice(3, 1) with { Remembered = [new(A, false)] });
        Assert.Equal([C, B], await RememberedAsync(store, 3));
    }

    [Fact]
    public async Task The_engines_part_of_a_snapshot_comes_back_and_is_replaced()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 0);
        var writer = OpenWriter(store);
        await WriteAsync(writer, new ShardSlice(0, 1, [Event(0, 1, 1, "a", 1)], [], [Snapshot("a", 1, 1) with { EngineState = new byte[] { 0, 255 } }]));
        Assert.Equal([0, 255], (await RecoverAsync(store, "a")).Snapshots[0].EngineState.ToArray());
        await WriteAsync(writer, new ShardSlice(0, 1, [Event(0, 1, 2, "a", 2)], [], [Snapshot("a", 2, 2)]));
        Assert.True((await RecoverAsync(store, "a")).Snapshots[0].EngineState.IsEmpty);
    }

    private static ShardSlice Everything(int shard, long epoch, long position, OutboxMessage message) =>
        Slice(shard, epoch, Event(shard, epoch, position, "b", 1) with { Origin = new MessageOrigin(B, 42) }) with
        {
            Timers = [new TimerChange(A, "ü-due", 7, Past.AddTicks(10))],
            Messages = [message],
            Remembered = [new RememberedChange(A, true)],
        };

    private static TimerChange Timer(string name, int seconds) => new(A, name, 1, Past.AddSeconds(seconds));

    private static OutboxMessage Message(EntityKey sender, EntityKey receiver, long nr) =>
        new(sender, receiver, nr, "ann", new byte[] { (byte)nr, 0 }, Noon.AddTicks(nr * 10));

    // Records compare memory by reference.
    private static void AssertSame(IEnumerable<OutboxMessage> expected, IEnumerable<OutboxMessage> actual) => Assert.Equal(
        expected.Select(message => (message with { Command = default }, Convert.ToHexString(message.Command.Span))),
        actual.Select(message => (message with { Command = default }, Convert.ToHexString(message.Command.Span))));

    private static Task<IReadOnlyList<DueTimer>> DueAsync(OpenStore store, int[] shards, int limit = 100) =>
        store.Journal.ReadDueTimersAsync(shards, limit, CancellationToken.None);

    private static Task<IReadOnlyList<OutboxMessage>> OutboxAsync(OpenStore store, int shard, OutboxMessage? after = null, int limit = 100) =>
        store.Journal.ReadOutboxAsync(shard, after, limit, CancellationToken.None);

    private static Task<IReadOnlyList<OutboxSettlement>> IdleAsync(OpenStore store, int[] shards, TimeSpan idleFor = default, int limit = 100) =>
        store.Journal.ReadIdleChannelsAsync(shards, idleFor, limit, CancellationToken.None);

    private static Task<IReadOnlyList<EntityKey>> RememberedAsync(OpenStore store, int shard, EntityKey? after = null, int limit = 100) =>
        store.Journal.ReadRememberedAsync(shard, after, limit, CancellationToken.None);
}
