using AkkaScale.Cluster.Membership;
using AkkaScale.Sharding;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Shards;
using AkkaScale.TestKit;
using AkkaScale.Tests.Store.Contract;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Unit.Sharding;

namespace AkkaScale.Tests.Store.Regions;

/// <summary>Remembered entities are in memory again after a takeover, without being asked, within the bounds.</summary>
public abstract class RememberedRegionTests(IStoreFixture fixture) : StoreTest(fixture)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly EntityKey[] Keys = [.. Enumerable.Range(1, 260).Select(number => new EntityKey("alarm", $"a-{number}"))];
    private static readonly int[] AllShards = [.. Enumerable.Range(0, ShardCount)];

    private readonly Dictionary<RegionNode, OpenStore> _stores = [];

    [Fact]
    public async Task After_a_takeover_they_are_in_memory_again_and_others_are_not()
    {
        await FillAsync(forget: 40);
        var node = await NodeAsync();
        await Task.WhenAll(AllShards.Select(node.OwnAsync));
        await Eventually.Holds(
            "all remembered entities are in memory", Patience, () => node.Region.Residents == Keys.Length - 40 ? null : $"{node.Region.Residents} are");
        Assert.True(await node.Region.IsResidentAsync(Keys[^1]));
        Assert.False(await node.Region.IsResidentAsync(Keys[0]));
    }

    [Fact]
    public async Task Never_more_are_loaded_than_the_node_may_keep_and_who_is_asked_for_is_served()
    {
        await FillAsync(forget: 0);
        var node = await NodeAsync(new ShardingOptions { MaxResidentEntities = 64, RecoveryConcurrency = 2, TimerPollInterval = TimeSpan.FromHours(1) });
        await Task.WhenAll(AllShards.Select(node.OwnAsync));
        var most = 0L;
        await Eventually.Holds("memory is as full as it may be", Patience, () =>
        {
            most = Math.Max(most, node.Region.Residents);
            return most == 64 ? null : $"{most} entities are in it";
        });
        foreach (var key in Keys)
        {
            Assert.True((await node.Router.AskAsync(new EntityCommand(key, new Look()) { IsRead = true }, CancellationToken.None)).IsSuccess);
        }
    }

    /// <summary>Every alarm is set, hence remembered; the first ones are cancelled again. The owner dies.</summary>
    private async Task FillAsync(int forget)
    {
        var node = await NodeAsync();
        await Task.WhenAll(AllShards.Select(node.OwnAsync));
        await Task.WhenAll(Keys.Select(key => TellAsync(node, key, new SetAlarm("due", DateTimeOffset.UtcNow.AddHours(1)))));
        await Task.WhenAll(Keys.Take(forget).Select(key => TellAsync(node, key, new CancelAlarm("due"))));
        await SetStatusAsync(_stores[node], _stores[node].Self, MemberStatus.Dead);
    }

    private static async Task TellAsync(RegionNode node, EntityKey key, AlarmCommand command) =>
        Assert.True((await node.Router.AskAsync(new EntityCommand(key, command), CancellationToken.None)).IsSuccess);

    private async Task<RegionNode> NodeAsync(ShardingOptions? options = null)
    {
        var store = await JoinAsync();
        var node = Track(new RegionNode(store, ShardCount, options));
        _stores.Add(node, store);
        return node;
    }
}
