using AkkaScale.Cluster.Membership;
using AkkaScale.Sharding;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Shards;
using AkkaScale.TestKit;
using AkkaScale.Tests.Store.Contract;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Store.Regions;

/// <summary>Timers through loop, region and a real store: they fire by the store's clock, once, whoever owns the shard.</summary>
public abstract class TimerRegionTests(IStoreFixture fixture) : StoreTest(fixture)
{
    private static readonly EntityKey Key = new("alarm", "a-1");
    private static readonly int Shard = ShardHash.ShardOf(Key.Id, ShardCount);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Long enough that a round for each four timers would show.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(3);

    private readonly Dictionary<RegionNode, OpenStore> _stores = [];

    [Fact]
    public async Task A_timer_wakes_its_entity_once_it_is_due_and_not_before()
    {
        var node = await NodeAsync();
        await node.OwnAsync(Shard);
        var due = DateTimeOffset.UtcNow.AddSeconds(1.5);
        await TellAsync(node, new SetAlarm("due", due));
        await RingsAsync(node, Key, 1);
        var rang = (await EventsAsync(node, Key))[^1];
        Assert.True(rang.At >= due, $"due {due:O}, rang {rang.At:O}");
        Assert.True(DateTimeOffset.UtcNow >= due);
        Assert.Empty(await RowsAsync(node));
    }

    [Fact]
    public async Task A_timer_set_under_one_owner_fires_once_under_the_next()
    {
        var first = await NodeAsync(poll: TimeSpan.FromHours(1));
        await first.OwnAsync(Shard);
        await TellAsync(first, new SetAlarm("moved", DateTimeOffset.UtcNow.AddHours(1)));
        await TellAsync(first, new SetAlarm("moved", DateTimeOffset.UtcNow.AddMilliseconds(100)));
        await TellAsync(first, new SetAlarm("cancelled", DateTimeOffset.UtcNow.AddMilliseconds(100)));
        await TellAsync(first, new CancelAlarm("cancelled"));

        await SetStatusAsync(_stores[first], _stores[first].Self, MemberStatus.Dead);
        var second = await NodeAsync();
        await second.OwnAsync(Shard);
        await RingsAsync(second, Key, 1);
        await QuietAsync(second);
        var rang = Assert.Single(await EventsAsync(second, Key), row => row.EventType == "rang");
        Assert.Contains("moved", System.Text.Encoding.UTF8.GetString(rang.Payload.Span));
        Assert.Equal(2, rang.Epoch);
    }

    [Fact]
    public async Task A_shard_that_changes_hands_again_and_again_fires_each_of_its_timers_once()
    {
        const int Alarms = 40;
        var keys = KeysOfShard(Alarms);
        var former = await NodeAsync();
        await former.OwnAsync(Shard);
        foreach (var key in keys)
        {
            await TellAsync(former, key, new SetAlarm("due", DateTimeOffset.UtcNow.AddMilliseconds(300)));
        }

        // While they fire the shard moves; what the former owner has under way is fenced.
        for (var move = 0; move < 4; move++)
        {
            await SetStatusAsync(_stores[former], _stores[former].Self, MemberStatus.Dead);
            former = await NodeAsync(inFlight: 3);
            await former.OwnAsync(Shard);
            await RingsAsync(former, keys[move], 1);
        }

        await QuietAsync(former);
        foreach (var key in keys)
        {
            Assert.Single(await EventsAsync(former, key), row => row.EventType == "rang");
        }
    }

    [Fact]
    public async Task Many_more_than_may_be_under_way_fire_without_waiting_for_the_next_look()
    {
        var keys = KeysOfShard(60);
        var setter = await NodeAsync(poll: TimeSpan.FromHours(1));
        await setter.OwnAsync(Shard);
        foreach (var key in keys)
        {
            await TellAsync(setter, key, new SetAlarm("due", DateTimeOffset.UtcNow));
        }

        await SetStatusAsync(_stores[setter], _stores[setter].Self, MemberStatus.Dead);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        var node = await NodeAsync(poll: Long, inFlight: 4);
        await node.OwnAsync(Shard);
        await QuietAsync(node);
        Assert.True(clock.Elapsed < Long * 5, $"15 rounds of 4 took {clock.Elapsed}");
    }

    [Theory]
    [InlineData(AlarmMode.Refuses)]
    [InlineData(AlarmMode.Fails)]
    [InlineData(AlarmMode.KeepsTimer)]
    public async Task A_firing_without_its_effect_does_not_come_again_and_again(AlarmMode mode)
    {
        var node = await NodeAsync();
        await node.OwnAsync(Shard);
        await TellAsync(node, new ChangeMode(mode));
        await TellAsync(node, new SetAlarm("due", DateTimeOffset.UtcNow));
        await QuietAsync(node);
        var version = await VersionAsync(node);
        Assert.Equal(mode == AlarmMode.KeepsTimer ? 3 : 2, version);

        // A neighbour's timer, due later, fires: the loop has looked again since.
        var other = KeysOfShard(2).First(key => key != Key);
        await TellAsync(node, other, new SetAlarm("due", DateTimeOffset.UtcNow.AddMilliseconds(200)));
        await RingsAsync(node, other, 1);
        Assert.Equal(version, await VersionAsync(node));
        Assert.Empty(await RowsAsync(node));
    }

    [Fact]
    public async Task A_row_that_does_not_match_its_entity_has_no_effect_and_is_put_right()
    {
        var node = await NodeAsync();
        await node.OwnAsync(Shard);
        await TellAsync(node, new SetAlarm("due", DateTimeOffset.UtcNow.AddHours(1)));
        await Place.ExecuteAsync($"UPDATE timer SET version = 77, due_at = {(Place is Sqlite.SqlitePlace ? "1" : "'2020-01-01'")}");
        await QuietAsync(node);
        await Place.ExecuteAsync($"UPDATE timer SET due_at = {(Place is Sqlite.SqlitePlace ? "1" : "'2020-01-01'")}");
        await RingsAsync(node, Key, 1);
        Assert.Equal(2, await VersionAsync(node));
    }

    private static EntityKey[] KeysOfShard(int count) =>
        [.. Enumerable.Range(1, int.MaxValue).Select(number => new EntityKey("alarm", $"a-{number}")).Where(key => ShardHash.ShardOf(key.Id, ShardCount) == Shard).Take(count)];

    private async Task<RegionNode> NodeAsync(TimeSpan? poll = null, int inFlight = 256)
    {
        var store = await JoinAsync();
        var options = new ShardingOptions
        {
            TimerPollInterval = poll ?? TimeSpan.FromMilliseconds(50),
            TimersInFlight = inFlight,
            PassivateAfter = TimeSpan.FromMilliseconds(300),
        };
        var node = Track(new RegionNode(store, ShardCount, options));
        _stores.Add(node, store);
        return node;
    }

    private Task TellAsync(RegionNode node, AlarmCommand command) => TellAsync(node, Key, command);

    private static async Task TellAsync(RegionNode node, EntityKey key, AlarmCommand command)
    {
        var reply = await node.Router.AskAsync(new EntityCommand(key, command), CancellationToken.None);
        Assert.True(reply.IsSuccess, $"{reply.Status} {reply.Code} {reply.Detail}");
    }

    private async Task<IReadOnlyList<JournalEvent>> EventsAsync(RegionNode node, EntityKey key) =>
        await _stores[node].Journal.ReadEntityAsync(key, 0, 1_000, null, CancellationToken.None);

    private Task<IReadOnlyList<DueTimer>> RowsAsync(RegionNode node) =>
        _stores[node].Journal.ReadDueTimersAsync([Shard], 1_000, CancellationToken.None);

    private Task<long> VersionAsync(RegionNode node) => _stores[node].Journal.ReadVersionAsync(Key, CancellationToken.None);

    private async Task RingsAsync(RegionNode node, EntityKey key, int times) => await Eventually.Holds(
        $"{key} rings {times} times", Patience, async () =>
        {
            var rang = (await EventsAsync(node, key)).Count(row => row.EventType == "rang");
            return rang == times ? null : $"it rang {rang} times";
        });

    private async Task QuietAsync(RegionNode node) => await Eventually.Holds(
        "no timer is due", Patience, async () =>
        {
            var due = await RowsAsync(node);
            return due.Count == 0 ? null : $"{due.Count} are, the first {due[0]}";
        });
}
