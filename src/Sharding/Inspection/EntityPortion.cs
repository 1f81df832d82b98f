using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Inspection;

/// <summary>The next entities after an id. Pure.</summary>
internal static class EntityPortion
{
    /// <summary>Of ids in one message between nodes.</summary>
    private const int LargestMessage = 64 * 1024;

    public static EntitiesAnswer Of(IEnumerable<(int Shard, IEnumerable<string> Ids)> shards, string after, int limit)
    {
        // The first ids in order, however many there are: the worst that is kept falls out when there is one too many.
        var kept = new PriorityQueue<EntityInMemory, string>(Comparer<string>.Create((left, right) => string.CompareOrdinal(right, left)));
        var answered = new List<int>();
        var isCut = false;
        foreach (var (shard, ids) in shards)
        {
            answered.Add(shard);
            foreach (var id in ids.Where(id => string.CompareOrdinal(id, after) > 0 && id != TouchShard.EntityId))
            {
                kept.Enqueue(new EntityInMemory(id, shard), id);
                if (kept.Count > limit)
                {
                    kept.Dequeue();
                    isCut = true;
                }
            }
        }

        var entities = kept.UnorderedItems.Select(item => item.Element).OrderBy(entity => entity.Id, StringComparer.Ordinal).ToList();
        var size = 0;
        var fitting = entities.TakeWhile(entity => (size += entity.Id.Length * 3) <= LargestMessage).ToList();
        return new EntitiesAnswer(fitting, isCut || fitting.Count < entities.Count, [.. answered.Order()]);
    }
}
