using AkkaScale.Entities;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Shards;
using AkkaScale.Tests.Store.Contract;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Store.Regions;

/// <summary>Region, lanes, readers and router over a real store.</summary>
public abstract class RegionTests(IStoreFixture fixture) : StoreTest(fixture)
{
    private static readonly EntityKey Counter = new("counter", "c-1");
    private static readonly int Shard = ShardHash.ShardOf(Counter.Id, ShardCount);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task What_was_answered_is_there_for_the_next_owner()
    {
        var first = await NodeAsync();
        await first.OwnAsync(Shard);
        for (var round = 1; round <= 50; round++)
        {
            Assert.Equal(round, (await AskAsync(first, new Add(2))).Version);
        }

        // The first owner is gone without a word; the second reads snapshot and events.
        var second = await NodeAfterAsync(first);
        await second.OwnAsync(Shard);
        var read = await AskAsync(second, new Get());
        Assert.Equal((50, "{\"value\":100}"), (read.Version, Body(read)));
        Assert.Equal(51, (await AskAsync(second, new Add(1))).Version);
    }

    [Fact]
    public async Task Many_commands_at_once_are_decided_one_after_another_and_each_takes_effect_once()
    {
        var node = await NodeAsync();
        await node.OwnAsync(Shard);
        var replies = await Task.WhenAll(Enumerable.Range(0, 500).Select(_ => AskAsync(node, new Add(1))));
        Assert.Equal(Enumerable.Range(1, 500).Select(version => (long)version), replies.Select(reply => reply.Version).Order());
        Assert.Equal("{\"value\":500}", Body(await AskAsync(node, new Get())));
    }

    [Fact]
    public async Task A_retry_at_the_next_owner_gets_the_first_answer_of_commands_and_of_refusals()
    {
        var (done, refused, unchanged) = (Guid.NewGuid(), Guid.NewGuid(), Guid.NewGuid());
        var first = await NodeAsync();
        await first.OwnAsync(Shard);
        await AskAsync(first, new Add(5), done);
        await AskAsync(first, new Add(-5), refused);
        await AskAsync(first, new Add(0), unchanged);
        await AskAsync(first, new Add(1));

        var second = await NodeAfterAsync(first);
        await second.OwnAsync(Shard);
        var again = await AskAsync(second, new Add(5), done);
        Assert.Equal((ReplyStatus.Accepted, 1L, true, true), (again.Status, again.Version, again.Created, again.Replayed));
        var refusedAgain = await AskAsync(second, new Add(-5), refused);
        Assert.Equal(("counter/negative", 1L, true), (refusedAgain.Code, refusedAgain.Version, refusedAgain.Replayed));
        var unchangedAgain = await AskAsync(second, new Add(0), unchanged);
        Assert.Equal((ReplyStatus.Unchanged, 1L, true), (unchangedAgain.Status, unchangedAgain.Version, unchangedAgain.Replayed));
        Assert.Equal("{\"value\":6}", Body(await AskAsync(second, new Get())));
    }

    [Fact]
    public async Task A_command_that_memory_has_forgotten_is_found_in_the_journal()
    {
        var node = await NodeAsync(new ShardingOptions { RememberedCommands = 4 });
        await node.OwnAsync(Shard);
        var ids = Enumerable.Range(0, 20).Select(_ => Guid.NewGuid()).ToArray();
        foreach (var id in ids)
        {
            await AskAsync(node, new Add(1), id);
        }

        var again = await AskAsync(node, new Add(1), ids[0]);
        Assert.Equal((1L, true), (again.Version, again.Replayed));
        Assert.Equal("{\"value\":20}", Body(await AskAsync(node, new Get())));
    }

    [Fact]
    public async Task An_owner_that_lost_its_fence_stops_the_shard_and_acknowledges_nothing()
    {
        var zombie = await NodeAsync();
        await zombie.OwnAsync(Shard);
        await AskAsync(zombie, new Add(1));
        await SetStatusAsync(_stores[zombie], _stores[zombie].Self, LegacyCluster.Membership.MemberStatus.Dead);
        var successor = await NodeAsync();
        await successor.OwnAsync(Shard);

        var late = await AskAsync(zombie, new Add(100), timeout: TimeSpan.FromSeconds(1));

        Assert.Equal(ReplyStatus.DeadlineExceeded, late.Status);
        Assert.Contains("Fenced", await zombie.StoppedReason.Task.WaitAsync(Patience));
        Assert.Equal("{\"value\":1}", Body(await AskAsync(successor, new Get())));
    }

    [Fact]
    public async Task A_full_store_fails_writes_by_name_keeps_reads_and_recovers_without_a_restart()
    {
        var node = await NodeAsync();
        await node.OwnAsync(Shard);
        await AskAsync(node, new Add(1));
        await Place.SetWritableAsync(false, [.. _stores.Values]);

        var failed = await AskAsync(node, new Add(1), timeout: TimeSpan.FromSeconds(1));
        Assert.Equal((ReplyStatus.StoreUnavailable, "store/unavailable"), (failed.Status, failed.Code));
        Assert.Equal("{\"value\":1}", Body(await AskAsync(node, new Get())));

        await Place.SetWritableAsync(true, [.. _stores.Values]);
        Assert.Equal(2, (await AskAsync(node, new Add(1))).Version);
        Assert.False(node.StoppedReason.Task.IsCompleted);
    }

    [Fact]
    public async Task A_shard_without_an_owner_is_unavailable_at_the_deadline_and_served_as_soon_as_it_has_one()
    {
        var node = await NodeAsync();
        await node.PublishAsync();
        var unavailable = await AskAsync(node, new Get(), timeout: TimeSpan.FromMilliseconds(200));
        Assert.Equal((ReplyStatus.ShardUnavailable, "shard/unavailable"), (unavailable.Status, unavailable.Code));

        var waiting = AskAsync(node, new Add(1));
        await node.OwnAsync(Shard);
        Assert.Equal(1, (await waiting).Version);
    }

    [Fact]
    public async Task The_room_for_waiting_commands_is_bounded()
    {
        var node = await NodeAsync(new ShardingOptions { RouterBufferPerShard = 2 });
        await node.PublishAsync();
        var replies = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => AskAsync(node, new Add(1), timeout: TimeSpan.FromSeconds(1))));
        Assert.All(replies, reply => Assert.Equal(ReplyStatus.ShardUnavailable, reply.Status));
        Assert.Contains(replies, reply => reply.Detail.StartsWith("Too many", StringComparison.Ordinal));
        Assert.Equal(0, node.Router.Waiting);
    }

    [Fact]
    public async Task A_drained_shard_has_answered_everything_and_is_gone()
    {
        var node = await NodeAsync();
        var owned = await node.OwnAsync(Shard);
        var asked = Enumerable.Range(0, 50).Select(_ => AskAsync(node, new Add(1), timeout: TimeSpan.FromSeconds(1))).ToArray();
        node.Region.Drain(owned);
        await node.DrainedShard.Task.WaitAsync(Patience);

        Assert.Equal(0, node.Region.ShardsRunning);
        var accepted = (await Task.WhenAll(asked)).Count(reply => reply.Status == ReplyStatus.Accepted);
        Assert.Equal(accepted, (await ReadShardAsync(_stores[node], Shard)).Count);
    }

    [Fact]
    public async Task Without_a_lease_nothing_is_served()
    {
        var node = await NodeAsync();
        await node.OwnAsync(Shard);
        await AskAsync(node, new Add(1));
        node.DeadlineTimestamp = 0;
        Assert.Equal(ReplyStatus.ShardUnavailable, (await AskAsync(node, new Get(), timeout: TimeSpan.FromMilliseconds(200))).Status);
    }

    private readonly Dictionary<RegionNode, OpenStore> _stores = [];

    private async Task<RegionNode> NodeAsync(ShardingOptions? options = null)
    {
        var store = await JoinAsync();
        var node = Track(new RegionNode(store, ShardCount, options));
        _stores.Add(node, store);
        return node;
    }

    /// <summary>A node whose claims are good because the former one is dead.</summary>
    private async Task<RegionNode> NodeAfterAsync(RegionNode former)
    {
        await SetStatusAsync(_stores[former], _stores[former].Self, LegacyCluster.Membership.MemberStatus.Dead);
        return await NodeAsync();
    }

    private static async Task<EntityReply> AskAsync(RegionNode node, CounterCommand command, Guid? id = null, TimeSpan? timeout = null) =>
        await node.Router.AskAsync(
            new EntityCommand(Counter, command)
            {
                CommandId = id,
                IsClientKey = id is not null,
                IsRead = command is Get,
                Timeout = timeout ?? TimeSpan.FromSeconds(20),
            },
            CancellationToken.None);

    private static string Body(EntityReply reply)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        (reply.Body ?? throw new InvalidOperationException($"{reply.Status} {reply.Code} {reply.Detail}")).WriteTo(buffer);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
