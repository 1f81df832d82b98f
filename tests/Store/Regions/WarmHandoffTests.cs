using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Shards;
using AkkaScale.Tests.Store.Contract;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Store.Regions;

/// <summary>Regions that hand a shard to each other, over a real store; ownership is played by the test.</summary>
public abstract class WarmHandoffTests(IStoreFixture fixture) : StoreTest(fixture)
{
    private const int Shard = 5;

    private static readonly EntityKey[] Entities = [.. Enumerable.Range(0, int.MaxValue)
        .Select(number => $"e-{number}")
        .Where(id => ShardHash.ShardOf(id, ShardCount) == Shard)
        .Take(10_000)
        .Select(id => new EntityKey("counter", id))];

    private readonly RegionNetwork _network = new();
    private readonly Dictionary<RegionNode, OpenStore> _stores = [];

    [Fact]
    public async Task A_shard_with_ten_thousand_entities_in_memory_moves_and_replays_nothing()
    {
        var (source, target) = (await NodeAsync(), await NodeAsync());
        var shard = await source.OwnAsync(Shard);
        var ids = await FillAsync(source, Entities.Length);
        var given = await source.HandOffAsync(shard, target.Self, Id(source, 1));
        await target.StartAsync(given);

        await ForAllAsync(Entities.Length, async entity => Assert.Equal(1, (await AskAsync(target, Entities[entity], new Get())).Version));
        Assert.Equal(10_000, target.Region.Residents);
        Assert.Equal((0, 0), (target.Journal.Recoveries, target.Journal.Heads));

        // It goes on where the source had stopped, and remembers what the source has answered.
        await ForAllAsync(200, async entity =>
        {
            Assert.Equal((true, 1L), await AskAsync(target, Entities[entity], new Add(entity + 1), ids[entity]) is var again ? (again.Replayed, again.Version) : default);
            Assert.Equal(2, (await AskAsync(target, Entities[entity], new Add(1))).Version);
        });
        Assert.Equal((0, 0), (target.Journal.Recoveries, target.Journal.Heads));
        Assert.Equal(
            Enumerable.Range(1, 10_200).Select(position => (long)position),
            (await ReadShardAsync(_stores[target], Shard)).Select(row => row.Position));
    }

    [Fact]
    public async Task Under_load_nothing_is_lost_whatever_changes_on_the_way()
    {
        var nodes = new[] { await NodeAsync(), await NodeAsync() };
        var shard = await nodes[0].OwnAsync(Shard);
        await nodes[1].PublishAsync();
        using var stop = new CancellationTokenSource();
        var accepted = new long[50];
        var load = Enumerable.Range(0, 50).Select(async entity =>
        {
            while (!stop.IsCancellationRequested)
            {
                var reply = await AskAsync(nodes[entity % 2], Entities[entity], new Add(1), Guid.NewGuid());
                Assert.Equal((ReplyStatus.Accepted, ++accepted[entity]), (reply.Status, reply.Version));
            }
        }).ToArray();

        for (var move = 1; move <= 10; move++)
        {
            await ProgressAsync(move * 100);
            var (from, to) = (nodes[(move + 1) % 2], nodes[move % 2]);
            shard = await from.HandOffAsync(shard, to.Self, Id(from, move));
            await to.StartAsync(shard);
        }

        await ProgressAsync(1_500);
        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.Equal(accepted.Sum(), (await ReadShardAsync(_stores[nodes[0]], Shard)).Count);
        Assert.True(nodes.Sum(node => node.Journal.Heads) == 1, "a move was cold");

        async Task ProgressAsync(long total)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
            while (accepted.Sum() < total)
            {
                await Task.WhenAll(load.Where(client => client.IsFaulted));
                Assert.False(patience.IsCancellationRequested, $"{accepted.Sum()} commands are accepted, not {total}");
                Assert.All(nodes, node => Assert.False(node.StoppedReason.Task.IsCompleted, node.StoppedReason.Task.IsCompleted ? node.StoppedReason.Task.Result : ""));
                await timer.WaitForNextTickAsync();
            }
        }
    }

    [Fact]
    public async Task A_target_killed_in_the_middle_loses_nothing()
    {
        var (source, target, third) = (await NodeAsync(), await NodeAsync(), await NodeAsync());
        var shard = await source.OwnAsync(Shard);
        await FillAsync(source, 3_000);
        var chunks = 0;
        _network.Delivers = (_, to, type) =>
        {
            if (type == FrameType.HandoffChunk && Interlocked.Increment(ref chunks) == 2)
            {
                _network.Kill(to);
            }

            return true;
        };

        await source.PrepareAsync(shard, target.Self, Id(source, 1));
        await SetStatusAsync(_stores[third], _stores[target].Self, MemberStatus.Dead);
        source.Region.AbortHandOff(shard, Id(source, 1));
        await ServesAsync(source, 3_000);
        Assert.Equal(3_000, source.Journal.Recoveries); // first use of each entity, and no more

        await third.StartAsync(await source.HandOffAsync(shard, third.Self, Id(source, 2)));
        await ServesAsync(third, 3_000);
        Assert.Equal(0, third.Journal.Recoveries);
        Assert.True(chunks > 2);
    }

    [Fact]
    public async Task Copies_of_a_source_that_went_on_and_then_died_are_not_used()
    {
        var (source, target) = (await NodeAsync(), await NodeAsync());
        var shard = await source.OwnAsync(Shard);
        await FillAsync(source, 10);
        await source.PrepareAsync(shard, target.Self, Id(source, 1));
        _network.Delivers = (_, _, type) => type != FrameType.HandoffAbort;
        source.Region.AbortHandOff(shard, Id(source, 1));
        Assert.Equal(2, (await AskAsync(source, Entities[0], new Add(1))).Version);
        _network.Kill(source.Self);
        await SetStatusAsync(_stores[target], source.Self, MemberStatus.Dead);

        // The takeover reaches the very epoch the copies were made for.
        var taken = await target.OwnAsync(Shard);
        Assert.Equal(shard.Epoch + 1, taken.Epoch);
        Assert.Equal(2, (await AskAsync(target, Entities[0], new Get())).Version);
        Assert.Equal((1, 1), (target.Journal.Recoveries, target.Journal.Heads));
    }

    [Fact]
    public async Task Copies_of_another_attempt_are_not_used()
    {
        var (source, target) = (await NodeAsync(), await NodeAsync());
        var shard = await source.OwnAsync(Shard);
        await FillAsync(source, 10);
        await source.PrepareAsync(shard, target.Self, Id(source, 1));
        source.Region.GiveAway(shard, Id(source, 1));
        var given = (await _stores[source].Cluster.HandOverAsync(
            source.Self, [new HandOver(Shard, shard.Epoch, target.Self, Id(source, 2))], CancellationToken.None)).Single();
        await target.StartAsync(given);
        await ServesAsync(target, 10);
        Assert.Equal((10, 1), (target.Journal.Recoveries, target.Journal.Heads));
    }

    [Fact]
    public async Task A_target_without_room_loads_what_it_could_not_keep()
    {
        var source = await NodeAsync();
        var target = await NodeAsync(new ShardingOptions { WarmCopyBytes = 20_000 });
        var shard = await source.OwnAsync(Shard);
        await FillAsync(source, 1_000);
        await target.StartAsync(await source.HandOffAsync(shard, target.Self, Id(source, 1)));
        await ServesAsync(target, 1_000);
        Assert.Equal(0, target.Journal.Heads);
        Assert.InRange(target.Journal.Recoveries, 1, 999);
    }

    [Fact]
    public async Task A_target_that_keeps_nothing_gets_the_shard_all_the_same()
    {
        var source = await NodeAsync();
        var target = await NodeAsync(new ShardingOptions { WarmHandoffs = 0 });
        var shard = await source.OwnAsync(Shard);
        await FillAsync(source, 10);
        await target.StartAsync(await source.HandOffAsync(shard, target.Self, Id(source, 1)));
        await ServesAsync(target, 10);
        Assert.Equal((10, 1), (target.Journal.Recoveries, target.Journal.Heads));
    }

    [Fact]
    public async Task A_target_that_falls_silent_holds_nobody_up_for_long()
    {
        var source = await NodeAsync(new ShardingOptions { HandoffPauseLimit = TimeSpan.FromMilliseconds(200) });
        var target = await NodeAsync();
        var shard = await source.OwnAsync(Shard);
        await FillAsync(source, 10);
        _network.Delivers = (_, _, type) => type != FrameType.HandoffManifestAck;
        await target.StartAsync(await source.HandOffAsync(shard, target.Self, Id(source, 1)));
        await ServesAsync(target, 10);
    }

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

    private static string Id(RegionNode source, int number) => $"{source.Self}-{number}";

    /// <summary>The value of entity n is n + 1.</summary>
    private static async Task<Guid[]> FillAsync(RegionNode node, int count)
    {
        var ids = Enumerable.Range(0, count).Select(_ => Guid.NewGuid()).ToArray();
        await ForAllAsync(count, async entity =>
            Assert.Equal(ReplyStatus.Accepted, (await AskAsync(node, Entities[entity], new Add(entity + 1), ids[entity])).Status));
        return ids;
    }

    private static Task ServesAsync(RegionNode node, int count) => ForAllAsync(count, async entity =>
        Assert.Equal($"{{\"value\":{entity + 1}}}", Body(await AskAsync(node, Entities[entity], new Get()))));

    private static Task ForAllAsync(int count, Func<int, Task> act) => Parallel.ForEachAsync(
        Enumerable.Range(0, count), new ParallelOptions { MaxDegreeOfParallelism = 500 }, async (entity, _) => await act(entity));

    private static async Task<EntityReply> AskAsync(RegionNode node, EntityKey entity, CounterCommand command, Guid? id = null) =>
        await node.Router.AskAsync(
            new EntityCommand(entity, command) { CommandId = id, IsClientKey = id is not null, IsRead = command is Get, Timeout = TimeSpan.FromSeconds(20) },
            CancellationToken.None);

    private static string Body(EntityReply reply)
    {
        var buffer = new System.Buffers.ArrayBufferWriter<byte>();
        (reply.Body ?? throw new InvalidOperationException($"{reply.Status} {reply.Code} {reply.Detail}")).WriteTo(buffer);
        return System.Text.Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
