using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Model;

/// <summary>What checks look at, behind the port's back; nothing is copied.</summary>
internal sealed partial class StoreModel
{
    /// <summary>Entities with events, in the order in which they came to be.</summary>
    public IEnumerable<EntityKey> Entities
    {
        get
        {
            foreach (var entity in _tables.Journal.Entities)
            {
                if (entity.Version > 0)
                {
                    yield return entity.Key;
                }
            }
        }
    }

    /// <summary>Index is sequence number − 1.</summary>
    public IReadOnlyList<JournalEvent> EventsOf(EntityKey entity) => _tables.Journal.Find(entity)?.Events ?? (IReadOnlyList<JournalEvent>)[];

    /// <summary>Index is position − 1.</summary>
    public IReadOnlyList<JournalEvent> EventsOfShard(int shard) => _tables.Journal.OfShard(shard);

    public ShardStats StatsOf(int shard)
    {
        var events = (uint)shard < (uint)ShardCount ? EventsOfShard(shard) : [];
        var snapshots = events.Select(row => row.Entity).Distinct().Select(SnapshotOf).OfType<EntitySnapshot>().ToArray();
        return new ShardStats(
            shard, events.Count, events.Count(row => row.SequenceNr == 1), events.Count, events.Sum(row => (long)row.Payload.Length + row.Answer.Length),
            snapshots.Length, snapshots.Sum(snapshot => (long)snapshot.Payload.Length));
    }

    public long VersionOf(EntityKey entity) => _tables.Journal.Find(entity)?.Version ?? 0;

    public JournalEvent? EventOf(EntityKey entity, long sequenceNr)
    {
        var rows = EventsOf(entity);
        return sequenceNr >= 1 && sequenceNr <= rows.Count ? rows[(int)sequenceNr - 1] : null;
    }

    public EntitySnapshot? SnapshotOf(EntityKey entity) => _tables.Journal.Find(entity)?.Snapshot;
}
