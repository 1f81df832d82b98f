using AkkaScale.Cluster;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Tests.Model;

/// <summary>Timers, outbox and remembered entities, and the answers that grow old.</summary>
internal sealed partial class StoreModel
{
    /// <summary>Earliest first.</summary>
    public IReadOnlyList<DueTimer> ReadDueTimers(IReadOnlyList<int> shards, int limit) => _tables.Journal.Timers.ReadDue(shards, Now(), limit);

    public IReadOnlyList<OutboxMessage> ReadOutbox(int shard, OutboxMessage? after, int limit) => _tables.Journal.Outbox.Read(shard, after, limit);

    /// <summary>The longest idle first.</summary>
    public IReadOnlyList<OutboxSettlement> ReadIdleChannels(IReadOnlyList<int> shards, TimeSpan idleFor, int limit) =>
        _tables.Journal.Outbox.ReadIdle(shards, Now() - idleFor, limit);

    public IReadOnlyList<EntityKey> ReadRemembered(int shard, EntityKey? after, int limit) => _tables.Journal.Remembered.Read(shard, after, limit);

    public int PruneResults(DateTimeOffset before)
    {
        before = StoredTime.Of(before);
        var pruned = 0;
        Write(tables => (pruned = tables.Journal.Prune(before)) > 0 ? WriteOutcome.Applied : WriteOutcome.Refused);
        return pruned;
    }
}
