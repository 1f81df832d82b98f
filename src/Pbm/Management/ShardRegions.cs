namespace AkkaScale.Pbm.Management;

/// <summary>The shards that a cluster has.</summary>
internal static class ShardRegions
{
    public static IEnumerable<ShardName> Of(ClusterStatus status) => status.Regions.SelectMany(
        region => Enumerable.Range(0, region.ShardCount).Select(number => new ShardName(region.Name, number)));
}
