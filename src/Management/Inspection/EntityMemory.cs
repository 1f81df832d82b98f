using AkkaScale.Cluster.Members;
using AkkaScale.Entities;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Management.Inspection;

/// <summary>Finds an entity's owner and asks it what it has in memory.</summary>
internal sealed class EntityMemory(SystemInspection inspection)
{
    public async Task<EntityOwner> FindAsync(EntityKey entity, CancellationToken cancellationToken)
    {
        var number = inspection.Sharding().RegionOf(entity.Kind).NumberOf(entity.Id);
        var sight = await inspection.ReadAsync(cancellationToken);
        var lease = sight.Regions.First(region => region.Name == entity.Kind).Leases[number];
        return new EntityOwner(
            new ShardKey(entity.Kind, number), sight.Find(lease.Owner) is { IsGone: false } row ? row : null, lease.Epoch);
    }

    /// <summary>Null: the owner does not answer, or nobody owns it.</summary>
    public async Task<LookAnswer?> LookAsync(EntityOwner owner, EntityKey entity, CancellationToken cancellationToken) =>
        owner.Row is { } row ? await inspection.Nodes().LookAsync(row.Address, entity, cancellationToken) : null;
}

/// <param name="Row">Null: nobody owns the shard, or somebody who is gone.</param>
internal sealed record EntityOwner(ShardKey Shard, NodeRow? Row, long Epoch);
