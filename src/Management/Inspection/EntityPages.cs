using AkkaScale.Management.Answers;
using AkkaScale.Sharding.Messages;

namespace AkkaScale.Management.Inspection;

/// <summary>Makes one page of what several nodes have in memory. Pure.</summary>
internal static class EntityPages
{
    /// <summary>Nobody's entities are skipped: where a node's answer was cut, the page ends before what that node has not told.</summary>
    public static (IReadOnlyList<EntityPlaceInMemory> Entities, bool IsCut) Merge(
        string kind, IEnumerable<(string Node, EntitiesAnswer Answer)> answers, int limit)
    {
        var told = answers.ToList();
        var end = told.Where(each => each.Answer.IsCut).Select(each => each.Answer.Entities.Count == 0 ? "" : each.Answer.Entities[^1].Id)
            .Min(StringComparer.Ordinal);
        var entities = told.SelectMany(each => each.Answer.Entities.Select(entity => new EntityPlaceInMemory(kind, entity.Id, kind, entity.Shard, each.Node)))
            .Where(entity => end is null || string.CompareOrdinal(entity.Id, end) <= 0)
            .OrderBy(entity => entity.Id, StringComparer.Ordinal).ThenBy(entity => entity.Owner, StringComparer.Ordinal).DistinctBy(entity => entity.Id).ToList();
        return entities.Count > limit ? (entities[..limit], true) : (entities, end is not null);
    }

    /// <summary>The shards that somebody owns and of which nobody has told.</summary>
    public static IEnumerable<UnknownShard> Unknown(ClusterSight sight, string kind, int? only, IEnumerable<int> told)
    {
        var known = told.ToHashSet();
        return sight.Regions.Where(region => region.Name == kind).SelectMany(region => region.Leases.Select((lease, shard) => (shard, Owner: sight.Find(lease.Owner))))
            .Where(each => each.Owner is { IsGone: false } && (only is null || each.shard == only) && !known.Contains(each.shard))
            .Select(each => new UnknownShard(kind, each.shard, each.Owner!.Name));
    }

    public static BusiestEntities Busiest(IReadOnlyList<(string Node, BusiestAnswer? Answer)> answers, int limit) => new(
        [
            .. answers.SelectMany(each => each.Answer?.Entities.Select(busy => new BusyEntityAnswer(
                    busy.Kind, busy.Id, busy.Kind, busy.Shard, each.Node, busy.Messages, Math.Round(busy.Messages / each.Answer.WindowSeconds, 2))) ?? [])
                .OrderByDescending(busy => busy.PerSecond).ThenBy(busy => busy.Kind, StringComparer.Ordinal).ThenBy(busy => busy.Id, StringComparer.Ordinal)
                .Take(limit),
        ],
        [.. answers.Where(each => each.Answer is null).Select(each => each.Node)]);
}
