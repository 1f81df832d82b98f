using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacySharding.Regions;

/// <summary>How one session of this process reaches shards: its own region, and frames to its peers.</summary>
public sealed record RouteSnapshot(Incarnation Self, ShardRegion Region, RegionFrames Frames);
