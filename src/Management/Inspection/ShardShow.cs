using AkkaScale.Cluster.Storage;
using AkkaScale.Management.Facts;

namespace AkkaScale.Management.Inspection;

/// <summary>Shards as they are shown: who holds the lease owns it, where the coordinator has its home it is to be. Pure.</summary>
internal static class ShardShow
{
    private static readonly Dictionary<ShardKey, int> NobodyAsked = [];

    /// <param name="residents">Entities in memory; what nobody told is not in it.</param>
    public static ShardMapFacts Map(ClusterSight sight, IReadOnlyDictionary<ShardKey, int> residents) => new(
        Regions(sight),
        [
            .. sight.Regions.SelectMany(region => region.Leases.Select((lease, shard) => Shard(
                sight, region, shard, lease, residents.TryGetValue(new ShardKey(region.Name, shard), out var count) ? count : null))),
        ]);

    public static ClusterStatus Status(ClusterSight sight, string cluster, string store, bool isReady)
    {
        var shards = Map(sight, NobodyAsked).Shards;
        var owned = shards.Count(shard => shard.Owner is not null);
        return new ClusterStatus(
            cluster,
            sight.At(sight.Self)?.Name ?? sight.Self,
            store,
            shards.Count,
            sight.Generation,
            CoordinatorOf(sight),
            MemberShow.Shown(sight).CountBy(row => MemberShow.StatusOf(sight, row)).ToDictionary(),
            owned,
            shards.Count - owned,
            sight.Regions.All(region => region.Homes is not null)
                ? shards.Count(shard => shard.Owner is not null && shard.Target is not null)
                : null,
            Regions(sight),
            isReady)
        {
            IsManual = sight.Regions.Any(region => region.IsManual == true) ? true : sight.Regions.All(region => region.IsManual == false) ? false : null,
        };
    }

    private static IReadOnlyList<RegionFacts> Regions(ClusterSight sight) =>
        [.. sight.Regions.Select(region => new RegionFacts(region.Name, region.ShardCount))];

    /// <summary>Coordinators run on the oldest of the members that host shards.</summary>
    private static CoordinatorFacts? CoordinatorOf(ClusterSight sight) =>
        sight.Gossip.Where(member => sight.AreHosts(member.Roles)
                && member.Status is Akka.Cluster.MemberStatus.Up or Akka.Cluster.MemberStatus.Leaving)
            .MinBy(member => member.Age) is { } oldest
            ? new CoordinatorFacts(sight.At(oldest.Address)?.Name ?? oldest.Address, oldest.Address)
            : null;

    private static ShardFacts Shard(ClusterSight sight, RegionSight region, int shard, LeaseRow lease, int? entities)
    {
        // A dead owner's lease stays his until another takes it.
        var owner = sight.Find(lease.Owner) is { IsGone: false } row ? row : null;
        var home = sight.At(region.HomeOf(shard));
        return new ShardFacts(
            new ShardKey(region.Name, shard),
            owner?.Name,
            owner?.Incarnation,
            lease.Epoch,
            home is not null && home.Incarnation != owner?.Incarnation ? home.Name : null,
            home is not null && home.Incarnation != owner?.Incarnation ? "home" : null,
            entities)
        {
            PinnedTo = sight.PinOf(region.Name, shard)?.NodeName,
            Order = sight.OrderOf(region.Name, shard),
        };
    }
}
