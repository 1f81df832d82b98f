using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Shards;
using AkkaScale.Tests.Store.Contract;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Store.Regions;

/// <summary>
/// Confirmed reads over a real store. The regions' leases never run out, whatever happens to their shards: every owner here has a clock that is wrong without bound.
/// </summary>
public abstract class ConfirmedReadTests(IStoreFixture fixture) : StoreTest(fixture)
{
    private static readonly EntityKey Counter = new("counter", "c-1");
    private static readonly int Shard = ShardHash.ShardOf(Counter.Id, ShardCount);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Dictionary<RegionNode, OpenStore> _stores = [];
    private readonly RegionNetwork _network = new();

    [Fact]
    public async Task An_owner_with_a_wrong_clock_that_lost_its_shard_answers_an_ordinary_read_with_old_state_and_a_confirmed_one_never()
    {
        var zombie = await NodeAsync();
        await zombie.OwnAsync(Shard);
        await AskAsync(zombie, new Add(1));
        Assert.Equal("{\"value\":1}", Body(await ReadAsync(zombie, isConfirmed: true)));

        await LoseAsync(zombie);
        var successor = await NodeAsync();
        await successor.OwnAsync(Shard);
        await AskAsync(successor, new Add(10));

        // Its map, too, is as old as its clock is wrong: it takes itself for the owner.
        Assert.Equal("{\"value\":1}", Body(await ReadAsync(zombie, isConfirmed: false)));
        var confirmed = await ReadAsync(zombie, isConfirmed: true, TimeSpan.FromSeconds(1));
        Assert.Equal((ReplyStatus.ShardUnavailable, "shard/unavailable"), (confirmed.Status, confirmed.Code));
        Assert.Equal(
            $"a read was not confirmed: {successor.Self} owns the shard at epoch 2",
            await zombie.StoppedReason.Task.WaitAsync(Patience));

        // The first one not confirmed has told it: now it gives no old state to anybody.
        Assert.Equal(ReplyStatus.ShardUnavailable, (await ReadAsync(zombie, isConfirmed: false, TimeSpan.FromSeconds(1))).Status);
        Assert.Equal("{\"value\":11}", Body(await ReadAsync(successor, isConfirmed: true)));
    }

    [Fact]
    public async Task Whatever_was_acknowledged_before_a_confirmed_read_is_in_it_while_the_shard_goes_to_and_fro()
    {
        var nodes = new[] { await NodeAsync(), await NodeAsync() };
        await nodes[0].OwnAsync(Shard);
        long acknowledged = 0;
        var confirmed = 0;
        using var over = new CancellationTokenSource();
        var readers = nodes.Concat(nodes).Select(node => Task.Run(() => ReadOnAsync(node))).ToArray();

        for (var round = 0; round < 30; round++)
        {
            var (owner, next) = (nodes[round % 2], nodes[(round + 1) % 2]);
            for (var write = 0; write < 3; write++)
            {
                Volatile.Write(ref acknowledged, (await AskAsync(owner, new Add(1))).Version);
            }

            // The former owner hears nothing of it: its map, its region and its lease stay as they are.
            await LoseAsync(owner);
            await SetStatusAsync(_stores[next], next.Self, MemberStatus.Up);
            await next.OwnAsync(Shard);
        }

        await over.CancelAsync();
        await Task.WhenAll(readers).WaitAsync(Patience);
        Assert.True(confirmed > 30, $"Only {confirmed} reads were confirmed.");

        async Task ReadOnAsync(RegionNode node)
        {
            while (!over.IsCancellationRequested)
            {
                var least = Volatile.Read(ref acknowledged);
                var reply = await ReadAsync(node, isConfirmed: true, TimeSpan.FromMilliseconds(200));
                if (reply.IsSuccess)
                {
                    Assert.True(reply.Version >= least, $"Confirmed at version {reply.Version}, although {least} was acknowledged before.");
                    Interlocked.Increment(ref confirmed);
                }
            }
        }
    }

    [Fact]
    public async Task Reads_that_come_while_the_store_is_asked_share_the_next_question()
    {
        var node = await NodeAsync();
        await node.OwnAsync(Shard);
        await AskAsync(node, new Add(7));
        var gate = node.Journal.HoldOwners();
        var first = ReadAsync(node, isConfirmed: true);
        await gate.Reached.WaitAsync(Patience);

        var others = Enumerable.Range(0, 100).Select(_ => ReadAsync(node, isConfirmed: true)).ToArray();
        Assert.Equal("{\"value\":7}", Body(await ReadAsync(node, isConfirmed: false)));
        Assert.DoesNotContain(others.Append(first), read => read.IsCompleted);
        gate.Open();

        Assert.Equal("{\"value\":7}", Body(await first));
        Assert.All(await Task.WhenAll(others), reply => Assert.Equal("{\"value\":7}", Body(reply)));
        Assert.Equal(2, node.Journal.OwnerReads);
    }

    [Fact]
    public async Task Shards_that_wait_at_the_same_time_share_a_question()
    {
        var node = await NodeAsync();
        var entities = Enumerable.Range(0, 200).Select(number => new EntityKey("counter", $"c-{number}")).ToArray();
        for (var shard = 0; shard < ShardCount; shard++)
        {
            await node.OwnAsync(shard);
        }

        foreach (var entity in entities)
        {
            await ReadAsync(node, isConfirmed: false, entity: entity);
        }

        var gate = node.Journal.HoldOwners();
        var first = ReadAsync(node, isConfirmed: true, entity: entities[0]);
        await gate.Reached.WaitAsync(Patience);
        var others = entities.Select(entity => ReadAsync(node, isConfirmed: true, entity: entity)).ToArray();
        gate.Open();
        await first;
        Assert.All(await Task.WhenAll(others), reply => Assert.Equal(ReplyStatus.Accepted, reply.Status));

        // One for the first, then one or two rounds of all: a shard whose read came late in the second round has a third.
        Assert.InRange(node.Journal.OwnerReads, 2, 5);
    }

    [Fact]
    public async Task A_store_that_does_not_say_whose_the_shard_is_in_time_fails_confirmed_reads_by_name_and_no_others()
    {
        var node = await NodeAsync(new ShardingOptions { ConfirmationTimeout = TimeSpan.FromMilliseconds(20) });
        await node.OwnAsync(Shard);
        await AskAsync(node, new Add(7));
        var gate = node.Journal.HoldOwners();

        var failed = await ReadAsync(node, isConfirmed: true, TimeSpan.FromSeconds(3));
        Assert.Equal((ReplyStatus.StoreUnavailable, "store/unavailable"), (failed.Status, failed.Code));
        Assert.Equal("the store did not say within 0.02 s who owns the shard", failed.Detail);
        Assert.Equal("{\"value\":7}", Body(await ReadAsync(node, isConfirmed: false)));
        Assert.Equal(2, (await AskAsync(node, new Add(1))).Version);

        gate.Open();
        Assert.Equal("{\"value\":8}", Body(await ReadAsync(node, isConfirmed: true)));
        Assert.False(node.StoppedReason.Task.IsCompleted);
    }

    [Fact]
    public async Task A_confirmed_read_goes_to_another_node()
    {
        var owner = await NodeAsync();
        var other = await NodeAsync();
        await owner.OwnAsync(Shard);
        await AskAsync(owner, new Add(3));
        await other.PublishAsync();

        Assert.Equal("{\"value\":3}", Body(await ReadAsync(other, isConfirmed: true)));
        Assert.Equal(1, owner.Journal.OwnerReads);
        Assert.Equal("{\"value\":3}", Body(await ReadAsync(other, isConfirmed: false)));
        Assert.Equal(1, owner.Journal.OwnerReads);
    }

    [Fact]
    public async Task A_command_cannot_be_confirmed()
    {
        var node = await NodeAsync();
        await Assert.ThrowsAsync<ArgumentException>(async () =>
            await node.Router.AskAsync(new EntityCommand(Counter, new Add(1)) { IsConfirmed = true }, CancellationToken.None));
    }

    private Task LoseAsync(RegionNode node) => SetStatusAsync(_stores[node], node.Self, MemberStatus.Dead);

    private async Task<RegionNode> NodeAsync(ShardingOptions? options = null)
    {
        var store = await JoinAsync();
        if (_stores.Count == 0)
        {
            Track(_network);
        }

        var node = Track(new RegionNode(store, ShardCount, options, _network));
        _stores.Add(node, store);
        return node;
    }

    private static Task<EntityReply> AskAsync(RegionNode node, CounterCommand command) =>
        node.Router.AskAsync(new EntityCommand(Counter, command) { Timeout = Patience }, CancellationToken.None).AsTask();

    private static Task<EntityReply> ReadAsync(RegionNode node, bool isConfirmed, TimeSpan? timeout = null, EntityKey? entity = null) =>
        node.Router.AskAsync(
            new EntityCommand(entity ?? Counter, new Get()) { IsRead = true, IsConfirmed = isConfirmed, Timeout = timeout ?? Patience },
            CancellationToken.None).AsTask();

    private static string Body(EntityReply reply)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        (reply.Body ?? throw new InvalidOperationException($"{reply.Status} {reply.Code} {reply.Detail}")).WriteTo(buffer);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
