using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Store.Contract;

/// <summary>The owners of some shards, as confirmed reads ask for them.</summary>
public abstract class OwnerReadingTests(IStoreFixture fixture) : StoreTest(fixture)
{
    [Fact]
    public async Task The_rows_of_these_shards_are_shown_and_no_others()
    {
        var store = await JoinAsync();
        await OwnAsync(store, 3, 4, 5);
        await store.Cluster.ReleaseAsync(store.Self, [new ShardEpoch(4, 1)], CancellationToken.None);

        var owners = await store.Journal.ReadOwnersAsync([0, 3, 4], CancellationToken.None);

        Assert.Equal(
            [(0, (Incarnation?)null, 0L), (3, store.Self, 1L), (4, null, 1L)],
            owners.OrderBy(row => row.Shard).Select(row => (row.Shard, row.Owner, row.Epoch)));
        Assert.Equal("first", owners.Single(row => row.Shard == 3).AcquiredBy);
        Assert.Empty(await store.Journal.ReadOwnersAsync([], CancellationToken.None));
        Assert.Equal(ShardCount, (await store.Journal.ReadOwnersAsync([.. Enumerable.Range(0, ShardCount)], CancellationToken.None)).Count);
    }

    [Fact]
    public async Task Every_change_that_was_answered_before_is_seen_by_every_other_member()
    {
        var first = await JoinAsync();
        var second = await JoinAsync();
        await OwnAsync(first, 0);
        await SetStatusAsync(second, first.Self, MemberStatus.Dead);
        var (owner, other, epoch) = (first, second, 1L);
        for (var round = 0; round < 100; round++)
        {
            Assert.Equal([new ShardEpoch(0, ++epoch)], await AcquireAsync(other, new ShardClaim(0, owner.Self, epoch - 1)));
            var seen = (await owner.Journal.ReadOwnersAsync([0], CancellationToken.None)).Single();
            Assert.Equal((other.Self, epoch), (seen.Owner, seen.Epoch));
            await SetStatusAsync(other, other.Self, MemberStatus.Dead);
            await SetStatusAsync(other, owner.Self, MemberStatus.Up);
            (owner, other) = (other, owner);
        }
    }
}
