using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Sharding;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Shards;
using AkkaScale.TestKit;
using AkkaScale.Tests.Store.Contract;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Store.Regions;

/// <summary>Messages between entities over a real store: outbox, deliveries, inbox.</summary>
public abstract class MessageTests(IStoreFixture fixture) : StoreTest(fixture)
{
    private const string Sender = "s-1";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly string Receiver = Enumerable.Range(0, 1_000).Select(index => $"r-{index}").First(id => ShardOf(id) != ShardOf(Sender));

    private static readonly ShardingOptions Impatient = new() { CloseChannelsAfter = TimeSpan.FromSeconds(1) };

    [Fact]
    public async Task Messages_arrive_once_and_in_order_and_the_idle_channel_is_closed()
    {
        var (node, store) = await NodeAsync();
        await node.OwnAsync(ShardOf(Sender));
        await node.OwnAsync(ShardOf(Receiver));
        await SendAsync(node, 60);
        await AssertTakenAsync(store, 60);
        await AssertClosedAsync(store);

        // After the close the numbers go on, and the receiver takes them as new.
        await SendAsync(node, 8);
        await AssertTakenAsync(store, 68);
        await AssertClosedAsync(store);
    }

    [Fact]
    public async Task Messages_that_an_owner_leaves_behind_are_delivered_by_the_next()
    {
        var (first, store) = await NodeAsync();
        await first.OwnAsync(ShardOf(Sender));
        await SendAsync(first, 40);
        Assert.Equal(40, (await store.Journal.ReadOutboxAsync(ShardOf(Sender), null, 100, CancellationToken.None)).Count);

        await SetStatusAsync(store, store.Self, Cluster.Membership.MemberStatus.Dead);
        var (second, next) = await NodeAsync();
        await second.OwnAsync(ShardOf(Receiver));
        await second.OwnAsync(ShardOf(Sender));
        await AssertTakenAsync(next, 40);
    }

    [Fact]
    public async Task Messages_of_a_burst_larger_than_memory_arrive_in_order()
    {
        var (node, store) = await NodeAsync(new ShardingOptions { OutboxBuffer = 8, OutboxPage = 4 });
        await node.OwnAsync(ShardOf(Sender));
        await node.OwnAsync(ShardOf(Receiver));
        await SendAsync(node, 150);
        await AssertTakenAsync(store, 150);
    }

    private static int ShardOf(string id) => ShardHash.ShardOf(id, ShardCount);

    private static async Task SendAsync(RegionNode node, int letters)
    {
        var reply = await node.Router.AskAsync(
            new EntityCommand(new EntityKey(RelayKind.Name, Sender), new SendTo([.. Enumerable.Repeat(Receiver, letters)])), CancellationToken.None);
        Assert.True(reply.IsSuccess, $"{reply.Status} {reply.Code} {reply.Detail}");
    }

    private static async Task AssertTakenAsync(OpenStore store, int letters)
    {
        await Eventually.Holds("every letter is accepted and settled", Patience, async () =>
        {
            var left = await store.Journal.ReadOutboxAsync(ShardOf(Sender), null, 1_000, CancellationToken.None);
            return left.Count == 0 ? null : $"{left.Count} letters in the outbox";
        });
        var rows = (await store.Journal.ReadEntityAsync(new EntityKey(RelayKind.Name, Receiver), 0, 1_000, null, CancellationToken.None))
            .Where(row => row.EventType != EngineEvents.Closed).ToArray();
        Assert.Equal(letters, rows.Length);
        Assert.Equal(
            Enumerable.Range(1, letters).Select(number => RelayKind.IsTaken(number) ? "taken" : EngineEvents.Message), rows.Select(row => row.EventType));
        Assert.True(rows.Zip(rows.Skip(1)).All(pair => pair.First.Origin!.Value.Nr < pair.Second.Origin!.Value.Nr));
        foreach (var shard in new[] { ShardOf(Sender), ShardOf(Receiver) })
        {
            Assert.Empty((await JournalVerification.VerifyAsync(store.Journal, shard, ShardCount, CancellationToken.None)).Violations);
        }
    }

    private static async Task AssertClosedAsync(OpenStore store)
    {
        await Eventually.Holds("the receiver has forgotten the sender, and the store the channel", Patience, async () =>
        {
            var rows = await store.Journal.ReadEntityAsync(new EntityKey(RelayKind.Name, Receiver), 0, 1_000, null, CancellationToken.None);
            var marks = await store.Journal.ReadIdleChannelsAsync([ShardOf(Sender)], TimeSpan.Zero, 10, CancellationToken.None);
            return rows[^1].EventType == EngineEvents.Closed && marks.Count == 0 ? null : $"last event {rows[^1].EventType}, {marks.Count} open channels";
        });
    }

    private async Task<(RegionNode Node, OpenStore Store)> NodeAsync(ShardingOptions? options = null)
    {
        var store = await JoinAsync();
        return (Track(new RegionNode(store, ShardCount, options ?? Impatient)), store);
    }
}
