using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;

namespace AkkaScale.Sharding.Shards;

/// <summary>Brings remembered entities into a shard's memory: never instead of one that was asked for, never beyond the shard's limit.</summary>
internal static class RememberedEntities
{
    public static void Load(ShardState shard, ShardInput.Remember input, in ShardClock clock, List<ShardEffect> effects)
    {
        if (shard.Phase != ShardPhase.Running)
        {
            return;
        }

        foreach (var (key, kind) in input.Entities)
        {
            if (shard.Entities.Count >= shard.ResidentLimit)
            {
                return;
            }

            if (!shard.Entities.ContainsKey(key))
            {
                var entity = new EntityState(key, kind);
                shard.Entities.Add(key, entity);
                ResidentList.Touch(shard, entity, clock.Now);
                effects.Add(ShardEffect.Recover(entity));
            }
        }
    }
}
