using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Store.Contract;

/// <summary>Giving shards to their targets by compare-and-set.</summary>
public abstract class HandOverTests(IStoreFixture fixture) : StoreTest(fixture)
{
    [Fact]
    public async Task A_shard_that_is_given_belongs_to_its_target_under_the_next_epoch_and_the_history_says_how()
    {
        var source = await JoinAsync();
        var target = await JoinAsync();
        await OwnAsync(source, 0, 1);
        Assert.Equal([new ShardEpoch(1, 2)], await GiveAsync(source, new HandOver(1, 1, target.Self, "x-1")));

        var owners = (await source.Cluster.ReadAsync(CancellationToken.None)).Owners;
        Assert.Equal(new ShardOwner(0, source.Self, 1, "first"), owners[0]);
        Assert.Equal(new ShardOwner(1, target.Self, 2, "handoff/x-1"), owners[1]);
        Assert.Equal(
            [(1L, source.Self, "first"), (2L, target.Self, "handoff/x-1")],
            (await source.Journal.ReadOwnershipAsync(1, CancellationToken.None)).Select(record => (record.Epoch, record.Owner, record.AcquiredBy)));
    }

    [Fact]
    public async Task Each_shard_stands_or_falls_on_its_own()
    {
        var source = await JoinAsync();
        var target = await JoinAsync();
        var other = await JoinAsync();
        await OwnAsync(source, 0, 1, 2);
        await OwnAsync(other, 3);
        var given = await GiveAsync(
            source,
            new HandOver(3, 1, target.Self, "x-1"),
            new HandOver(2, 1, other.Self, "x-2"),
            new HandOver(1, 2, target.Self, "x-3"),
            new HandOver(0, 1, target.Self, "x-4"),
            new HandOver(9, 0, target.Self, "x-5"));
        Assert.Equal([new ShardEpoch(0, 2), new ShardEpoch(2, 2)], given.OrderBy(shard => shard.Shard));
        var owners = (await source.Cluster.ReadAsync(CancellationToken.None)).Owners;
        Assert.Equal(
            [(target.Self, "handoff/x-4"), (source.Self, "first"), (other.Self, "handoff/x-2"), (other.Self, "first")],
            owners.Take(4).Select(row => (row.Owner!.Value, row.AcquiredBy)));
        Assert.Empty(await GiveAsync(source, new HandOver(0, 1, target.Self, "x-4")));
    }

    [Theory]
    [InlineData(MemberStatus.Joining, false)]
    [InlineData(MemberStatus.Up, true)]
    [InlineData(MemberStatus.Leaving, false)]
    [InlineData(MemberStatus.Down, false)]
    [InlineData(MemberStatus.Dead, false)]
    [InlineData(MemberStatus.Removed, false)]
    public async Task Only_a_member_that_is_up_is_given_shards(MemberStatus status, bool isGiven)
    {
        var source = await JoinAsync();
        var target = await JoinAsync();
        await OwnAsync(source, 0);
        await SetStatusAsync(source, target.Self, status);
        Assert.Equal(isGiven ? [new ShardEpoch(0, 2)] : [], await GiveAsync(source, new HandOver(0, 1, target.Self, "x-1")));
    }

    [Fact]
    public async Task A_member_that_does_not_exist_is_given_nothing()
    {
        var source = await JoinAsync();
        await OwnAsync(source, 0);
        Assert.Empty(await GiveAsync(source, new HandOver(0, 1, NewIncarnation(), "x-1")));
    }

    [Fact]
    public async Task A_leaving_member_can_give_its_shards_away()
    {
        var source = await JoinAsync();
        var target = await JoinAsync();
        await OwnAsync(source, 0);
        await SetStatusAsync(source, source.Self, MemberStatus.Leaving);
        Assert.Equal([new ShardEpoch(0, 2)], await GiveAsync(source, new HandOver(0, 1, target.Self, "x-1")));
    }

    [Fact]
    public async Task After_it_the_old_owner_is_fenced_and_the_new_one_writes()
    {
        var source = await JoinAsync();
        var target = await JoinAsync();
        await OwnAsync(source, 0);
        await WriteAsync(OpenWriter(source), Slice(0, 1, Event(0, 1, 1, "a", 1)));
        await GiveAsync(source, new HandOver(0, 1, target.Self, "x-1"));
        Assert.Equal(
            AkkaScale.LegacySharding.Ports.SliceStatus.Fenced, (await AppendAsync(OpenWriter(source), Slice(0, 1, Event(0, 1, 2, "a", 2)))).Status);
        await WriteAsync(OpenWriter(target), Slice(0, 2, Event(0, 2, 2, "a", 2)));
        Assert.Equal(2, (await ReadShardAsync(target, 0)).Count);
    }

    [Fact]
    public async Task A_hand_over_and_a_reload_of_the_same_epoch_exclude_each_other()
    {
        var source = await JoinAsync();
        var target = await JoinAsync();
        await OwnAsync(source, 0);
        var owner = (Store: source, Other: target);
        for (var epoch = 1L; epoch <= 50; epoch++)
        {
            var now = epoch;
            var reload = Task.Run(() => owner.Store.Cluster.AcquireAsync(
                owner.Store.Self, [new ShardClaim(0, owner.Store.Self, now)], "reload", CancellationToken.None));
            var given = await GiveAsync(owner.Store, new HandOver(0, now, owner.Other.Self, $"x-{now}"));
            Assert.Equal(1, given.Count + (await reload).Count);
            var row = (await source.Cluster.ReadAsync(CancellationToken.None)).Owners[0];
            Assert.Equal((now + 1, given.Count == 1 ? owner.Other.Self : owner.Store.Self), (row.Epoch, row.Owner!.Value));
            owner = given.Count == 1 ? (owner.Other, owner.Store) : owner;
        }
    }

    [Fact]
    public async Task More_shards_than_fit_one_transaction_are_an_error_of_the_caller()
    {
        var store = await JoinAsync();
        await Assert.ThrowsAsync<ArgumentException>(() => GiveAsync(
            store, [.. Enumerable.Range(0, IClusterStore.MaxShardsPerTransaction + 1).Select(shard => new HandOver(shard, 1, store.Self, "x-1"))]));
        Assert.Empty(await GiveAsync(store));
    }

    private static Task<IReadOnlyList<ShardEpoch>> GiveAsync(OpenStore source, params HandOver[] shards) =>
        source.Cluster.HandOverAsync(source.Self, shards, CancellationToken.None);
}
