using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.LegacySharding.Handoff;

/// <summary>
/// Which entities of a shard its target has, and as which content; part of the shard's state, touched in its steps only. An entity is
/// copied only while all of it is durable: what is being written is caught by a later pass, or when intake has stopped.
/// </summary>
internal sealed class OutgoingCopies
{
    private EntityState[] _pass = [];
    private int _next;

    public OutgoingCopies(string handoffId, ShardState shard)
    {
        HandoffId = handoffId;
        foreach (var entity in shard.Entities.Values)
        {
            entity.CopiedStamp = 0;
        }
    }

    public string HandoffId { get; }

    public ShardCopies Next(ShardState shard, bool isNewPass, int most)
    {
        if (isNewPass)
        {
            // Longest unused first, so that the target, which adopts in this order, knows the order of use too.
            _pass = [.. InOrderOfUse(shard).Where(NeedsCopy)];
            _next = 0;
        }

        var copies = new List<WarmCopy>(Math.Min(most, _pass.Length - _next));
        while (_next < _pass.Length && copies.Count < most)
        {
            var entity = _pass[_next++];
            if (NeedsCopy(entity) && shard.Entities.TryGetValue(entity.Key, out var current) && ReferenceEquals(current, entity))
            {
                copies.Add(Copy(entity));
            }
        }

        var isOver = _next == _pass.Length;
        return new ShardCopies(HandoffId, copies, isOver, isOver ? shard.Entities.Values.Count(entity => entity.CopiedStamp != entity.Stamp) : 0, null);
    }

    /// <summary>Intake has stopped and everything is durable: the rest, and the list of all that is to be believed.</summary>
    public ShardCopies Settle(ShardState shard)
    {
        var copies = InOrderOfUse(shard).Where(NeedsCopy).Select(Copy).ToArray();
        var manifest = shard.Entities.Values
            .Where(entity => entity.IsDurable)
            .Select(entity => new ManifestEntry(entity.Stamp, entity.Version)).ToArray();
        return new ShardCopies(HandoffId, copies, true, 0, new WarmManifest(manifest, shard.NextPosition));
    }

    /// <summary>Fills a shard that starts with what was handed off; beyond the bound of residents the rest is loaded on demand.</summary>
    public static void Adopt(ShardState shard, WarmShard warm, long now)
    {
        foreach (var copy in warm.Copies)
        {
            if (shard.Entities.Count >= shard.ResidentLimit)
            {
                return;
            }

            var entity = new EntityState(copy.Key, copy.Kind)
            {
                Current = copy.State,
                Version = copy.Version,
                SnapshotVersion = copy.SnapshotVersion,
                LastAt = copy.LastAt,
                Memory = copy.Memory,
                Stamp = ++shard.DurableChanges,
            };
            shard.Entities.Add(copy.Key, entity);
            ResidentList.Touch(shard, entity, now);
        }
    }

    private static bool NeedsCopy(EntityState entity) => entity.IsDurable && entity.CopiedStamp != entity.Stamp;

    private static WarmCopy Copy(EntityState entity)
    {
        entity.CopiedStamp = entity.Stamp;
        return WarmCopy.Of(entity);
    }

    private static IEnumerable<EntityState> InOrderOfUse(ShardState shard)
    {
        for (var entity = shard.LeastRecent; entity is not null; entity = entity.MoreRecent)
        {
            yield return entity;
        }
    }
}
