using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Regions;

namespace AkkaScale.LegacySharding.Shards;

/// <summary>A shard's entities in order of their last use, linked through the entities themselves.</summary>
internal static class ResidentList
{
    /// <summary>Busy entities that are passed over when room is needed, before giving up.</summary>
    private const int MaxPassedOver = 64;

    public static void Touch(ShardState shard, EntityState entity, long now)
    {
        entity.LastUsed = now;
        if (shard.MostRecent == entity)
        {
            return;
        }

        Unlink(shard, entity);
        entity.LessRecent = shard.MostRecent;
        if (shard.MostRecent is { } former)
        {
            former.MoreRecent = entity;
        }

        shard.MostRecent = entity;
        shard.LeastRecent ??= entity;
    }

    public static void Remove(ShardState shard, EntityState entity)
    {
        Unlink(shard, entity);
        shard.Entities.Remove(entity.Key);
    }

    /// <summary>
    /// Removes quiet entities that were not used for the passivation time, and quiet ones beyond the resident limit; never
    /// <paramref name="keep"/>, which is about to be asked.
    /// </summary>
    public static void Passivate(ShardState shard, long now, EntityState? keep = null)
    {
        var passedOver = 0;
        var entity = shard.LeastRecent;
        while (entity is not null && passedOver < MaxPassedOver)
        {
            var isIdle = now - entity.LastUsed >= shard.PassivateAfterTicks;
            if (!isIdle && shard.Entities.Count <= shard.ResidentLimit)
            {
                return;
            }

            var next = entity.MoreRecent;
            if (entity.IsQuiet && entity != keep)
            {
                Remove(shard, entity);
            }
            else
            {
                passedOver++;
            }

            entity = next;
        }
    }

    /// <summary>
    /// Takes one entity out of memory if it is quiet. Not while the shard is on its way elsewhere: then the memory is what is handed over.
    /// </summary>
    public static PassivateOutcome Passivate(ShardState shard, EntityKey key)
    {
        if (!shard.Entities.TryGetValue(key, out var entity))
        {
            return PassivateOutcome.NotResident;
        }

        if (!entity.IsQuiet || shard.Phase != ShardPhase.Running)
        {
            return PassivateOutcome.Busy;
        }

        Remove(shard, entity);
        return PassivateOutcome.Passivated;
    }

    /// <summary>The state is serialised in the shard's turn, once for an operator's question; memory that ran ahead of the journal is not shown.</summary>
    public static EntityLook Look(ShardState shard, EntityKey key) =>
        !shard.Entities.TryGetValue(key, out var entity) ? EntityLook.NotThere
        : entity is { IsDurable: true, LastWrite: null, Current: { } state, Version: > 0 }
            ? new EntityLook(true, entity.Version, entity.Kind.WriteSnapshot(state))
        : new EntityLook(true, entity.Version, null);

    private static void Unlink(ShardState shard, EntityState entity)
    {
        if (entity.MoreRecent is { } more)
        {
            more.LessRecent = entity.LessRecent;
        }
        else if (shard.MostRecent == entity)
        {
            shard.MostRecent = entity.LessRecent;
        }

        if (entity.LessRecent is { } less)
        {
            less.MoreRecent = entity.MoreRecent;
        }
        else if (shard.LeastRecent == entity)
        {
            shard.LeastRecent = entity.MoreRecent;
        }

        entity.MoreRecent = null;
        entity.LessRecent = null;
    }
}
