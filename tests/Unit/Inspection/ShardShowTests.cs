using AkkaScale.Cluster.Members;
using AkkaScale.Management.Facts;
using AkkaScale.Management.Inspection;

namespace AkkaScale.Tests.Unit.Inspection;

public sealed class ShardShowTests
{
    private static readonly Dictionary<ShardKey, int> Nothing = [];

    [Fact]
    public void A_shard_is_owned_by_who_holds_its_lease()
    {
        var map = ShardShow.Map(Sights.Usual, new Dictionary<ShardKey, int> { [new ShardKey("task", 1)] = 5 });
        Assert.Equal([("task", 3)], map.Regions.Select(region => (region.Name, region.ShardCount)));
        Assert.Equal(
            [
                new ShardFacts(new ShardKey("task", 0), "n1", "11", 3, null, null, null),
                new ShardFacts(new ShardKey("task", 1), "n2", "22", 4, null, null, 5),
                new ShardFacts(new ShardKey("task", 2), null, null, 0, null, null, null),
            ],
            map.Shards);
    }

    [Fact]
    public void It_is_on_its_way_where_its_home_is_another()
    {
        var sight = Sights.Usual with
        {
            Regions = [Sights.Region(Sights.Usual.Regions[0].Leases, new Dictionary<int, string> { [0] = Sights.Second, [1] = Sights.Second, [2] = Sights.First })],
        };
        Assert.Equal(
            [("n2", "home"), (null, null), ("n1", "home")], ShardShow.Map(sight, Nothing).Shards.Select(shard => (shard.Target, shard.Reason)));
        Assert.Equal(1, ShardShow.Status(sight, "c", "sqlite", true).Moving);
    }

    [Fact]
    public void A_lease_of_a_member_that_is_over_is_nobodys()
    {
        var sight = Sights.With(Sights.Row("n1", "11", Sights.First, 1) with { State = NodeState.Dead });
        Assert.Equal((null, null, 3L), (First(sight).Owner, First(sight).OwnerId, First(sight).Epoch));
        Assert.Equal((1, 2), (ShardShow.Status(sight, "c", "sqlite", true).Owned, ShardShow.Status(sight, "c", "sqlite", true).Unowned));

        // One that is down may still hold what it holds.
        Assert.Equal("n1", First(Sights.With(Sights.Row("n1", "11", Sights.First, 1) with { State = NodeState.Down })).Owner);
    }

    [Fact]
    public void What_is_not_known_is_null()
    {
        var sight = Sights.Usual with { Regions = [Sights.Region(Sights.Usual.Regions[0].Leases, null)] };
        var status = ShardShow.Status(sight, "c", "sqlite", isReady: false);
        Assert.Null(status.Moving);
        Assert.All(ShardShow.Map(sight, Nothing).Shards, shard => Assert.Equal((null, null), (shard.Target, shard.Entities)));
    }

    [Fact]
    public void The_status_counts_members_and_names_the_oldest_host_as_coordinator()
    {
        var status = ShardShow.Status(Sights.Usual, "c", "sqlite", true);
        Assert.Equal(("c", "g1", "sqlite", 3, 7L), (status.Cluster, status.SelfName, status.Store, status.ShardCount, status.Generation));
        Assert.Equal((2, 1, 0, true), (status.Owned, status.Unowned, status.Moving, status.IsReady));
        Assert.Equal("n2", status.Coordinator!.Name);
        Assert.Equal(3, Assert.Single(status.Members).Value);
        Assert.Equal("task", Assert.Single(status.Regions!).Name);
    }

    private static ShardFacts First(ClusterSight sight) => ShardShow.Map(sight, Nothing).Shards[0];
}
