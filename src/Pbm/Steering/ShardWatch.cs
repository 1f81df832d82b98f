using AkkaScale.Pbm.Management;

namespace AkkaScale.Pbm.Steering;

/// <summary>Differences between two maps, for whoever watches shards move. Pure.</summary>
public static class ShardWatch
{
    /// <param name="at">Of the later map.</param>
    public static IEnumerable<ShardChange> Changes(ShardMap before, ShardMap now, string at)
    {
        var known = before.Shards.ToDictionary(shard => shard.Shard);
        foreach (var shard in now.Shards)
        {
            var former = known.GetValueOrDefault(shard.Shard);
            if (former is null || former.Target != shard.Target || (former.Reason != shard.Reason && shard.Target != shard.Owner))
            {
                yield return new ShardChange("ShardTargetChanged", at, shard.Shard, shard.Owner, shard.Target, shard.Epoch, shard.Reason);
            }

            if (former is null || former.Epoch != shard.Epoch || former.OwnerUid != shard.OwnerUid)
            {
                yield return new ShardChange("ShardOwnerChanged", at, shard.Shard, former?.Owner, shard.Owner, shard.Epoch, shard.AcquiredBy);
            }
        }
    }
}
