using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Store.Model;

/// <summary>Batches of slices that fit, and slices with one thing wrong.</summary>
internal sealed partial class OperationSource
{
    private readonly List<Guid> _commandIds = [];
    private readonly List<(EntityKey Entity, Guid CommandId)> _storedResults = [];

    private StoreOperation Append()
    {
        var (owner, owned) = Owned();
        if (Chance(0.05))
        {
            owner = Chance(0.5) ? Pick(_members) : Pick(_strangers);
        }

        var slices = new List<ShardSlice>();
        var tags = new List<string>();
        var shards = Some(owned, 3);
        if (Chance(0.1))
        {
            // A neighbour that is somebody else's, or that there is not.
            var other = random.Next(StoreParty.ShardCount + 1);
            shards.RemoveAll(shard => shard.Shard == other);
            shards.Insert(random.Next(shards.Count + 1), new ShardEpoch(other, 1));
        }

        foreach (var shard in shards)
        {
            var (slice, tag) = Spoil(Slice(shard));
            slices.Add(slice);
            tags.Add(tag);
        }

        if (Chance(0.03))
        {
            slices.Add(Slice(shards[0]));
            tags.Add("shard twice");
        }

        return new StoreOperation.Append(owner, slices, tags) { Tag = string.Join(", ", tags.Where(tag => tag.Length > 0)) };
    }

    private ShardSlice Slice(ShardEpoch shard)
    {
        var entities = Placed.Where(placed => placed.Shard == shard.Shard).Select(placed => placed.Entity).ToArray();
        if (entities.Length == 0)
        {
            return new ShardSlice(shard.Shard, shard.Epoch, [], [], []);
        }

        var heads = entities.ToDictionary(entity => entity, model.VersionOf);
        var events = Events(shard, entities, heads);
        var results = Chance(0.25) ? Some(entities, 2).Select(entity => Result(entity, heads[entity])).ToList() : [];
        var snapshots = Chance(0.25)
            ? Some(entities.Where(entity => heads[entity] > 0), 2).Select(entity => Snapshot(entity, heads[entity])).ToList()
            : [];
        if (snapshots.Count > 0 && Chance(0.2))
        {
            snapshots.Add(Snapshot(snapshots[0].Entity, heads[snapshots[0].Entity]));
        }

        return new ShardSlice(shard.Shard, shard.Epoch, events, results, snapshots);
    }

    private List<JournalEvent> Events(ShardEpoch shard, EntityKey[] entities, Dictionary<EntityKey, long> heads)
    {
        var events = new List<JournalEvent>();
        var position = model.ReadHead(shard.Shard);
        for (var commands = random.Next(4); commands > 0; commands--)
        {
            var entity = Pick(entities);
            var (id, at, isClients) = (NewId(), At(), Chance(0.5));
            _commandIds.Add(id);
            for (var left = random.Next(1, 3); left > 0; left--)
            {
                var isLast = left == 1;
                events.Add(new JournalEvent(
                    shard.Shard, ++position, shard.Epoch, entity, ++heads[entity], Pick(EventTypes), Bytes(4), id,
                    isLast && isClients ? Hash() : default, isLast && Chance(0.8) ? Bytes(3) : default, at));
            }
        }

        return events;
    }

    private StoredResult Result(EntityKey entity, long sequenceNr)
    {
        var id = NewId();
        _commandIds.Add(id);
        _storedResults.Add((entity, id));
        return new StoredResult(entity, id, Chance(0.5) ? Hash() : default, sequenceNr, Bytes(3), At());
    }

    private EntitySnapshot Snapshot(EntityKey entity, long head) => new(
        entity, Chance(0.7) ? head : random.NextInt64(1, head + 1), random.Next(1, 50), random.Next(1, 3), Bytes(4), At());

    private PayloadHash Hash() => new((ulong)random.NextInt64(), 2, 3, ulong.MaxValue - (ulong)random.Next());
}
