using System.Collections.Concurrent;
using AkkaScale.Entities;
using AkkaScale.Sharding.Routing;

namespace AkkaScale.Sharding.Loads;

/// <summary>The meters of all shards that this process has had, of all regions. Thread-safe.</summary>
internal sealed class ShardMeters(IEntityRegions regions)
{
    private readonly ConcurrentDictionary<(string Region, int Shard), ShardMeter> _meters = [];

    /// <summary>To be kept by the entity: it is found once, not for each message.</summary>
    public ShardMeter Of(EntityKey entity) => Of(entity.Kind, regions.RegionOf(entity.Kind).NumberOf(entity.Id));

    public ShardMeter Of(string region, int shard) => _meters.GetOrAdd((region, shard), static _ => new ShardMeter());
}
