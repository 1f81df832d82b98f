using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Store.Model;

/// <summary>Reads with bounds.</summary>
internal sealed partial class OperationSource
{
    private StoreOperation Look()
    {
        var shard = random.Next(StoreParty.ShardCount);
        var entity = Pick([.. Entities.OrderByDescending(model.VersionOf).Take(8)]);
        var limit = Pick([0, 1, 2, 3, 1000]);
        return random.Next(10) switch
        {
            < 3 => StoreLook.Recovery(entity, random.Next(1, 3), new RecoveryWindow(Pick([1, 2, 3, 256]), Chance(0.5) ? LongAgo : At())),
            3 => StoreLook.Results([.. Some(_commandIds.DefaultIfEmpty(NewId()), 6)]),
            4 => StoreLook.Entity(entity, random.Next(4), limit, Chance(0.5) ? null : Chance(0.1) ? [] : Some(EventTypes, 3)),
            5 => StoreLook.Shard(shard, random.Next(6), limit),
            6 => StoreLook.Ownership(shard),
            7 => StoreLook.Owners(Some(Enumerable.Range(0, StoreParty.ShardCount + 1), StoreParty.ShardCount)),
            8 => StoreLook.Stats(Some(Enumerable.Range(0, StoreParty.ShardCount + 1), StoreParty.ShardCount)),
            _ => new StoreOperation.ReadDecisions(shard),
        };
    }
}
