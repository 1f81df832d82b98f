using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using AkkaScale.Sharding.Messages;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Management.Inspection;

/// <summary>Which entities are in memory, and which of them are busy: asks the nodes that have them, and wakes none.</summary>
internal sealed class EntityListing(SystemInspection inspection)
{
    /// <exception cref="OrderRefusedException">There is no such kind or shard.</exception>
    /// <inheritdoc cref="SystemInspection.AskAsync"/>
    public Task<EntitiesInMemory> ListAsync(EntityWish wish, CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        var kinds = KindsOf(sight, wish);
        var page = new List<EntityPlaceInMemory>();
        var unknown = new List<UnknownShard>();
        foreach (var kind in kinds)
        {
            var after = kind == wish.AfterKind ? wish.AfterId : "";
            var ask = new AskEntities(kind, wish.Shard?.Number, after, wish.Limit - page.Count);
            var answers = await Task.WhenAll(sight.Hosts.Select(async row =>
                (row.Name, Answer: await inspection.Nodes().EntitiesAsync(row.Address, ask, cancellationToken))));
            unknown.AddRange(EntityPages.Unknown(sight, kind, wish.Shard?.Number, answers.SelectMany(each => each.Answer?.Shards ?? [])));
            var (entities, isCut) = EntityPages.Merge(kind, answers.Where(each => each.Answer is not null).Select(each => (each.Name, each.Answer!)), ask.Limit);
            page.AddRange(entities);
            if (isCut || (page.Count == wish.Limit && kind != kinds[^1]))
            {
                var last = page.Count > 0 ? page[^1] : null;
                return new EntitiesInMemory(page, last is null ? null : $"{last.Kind}/{last.Id}", unknown);
            }
        }

        return new EntitiesInMemory(page, null, unknown);
    });

    /// <exception cref="OrderRefusedException">There is no such kind.</exception>
    /// <inheritdoc cref="SystemInspection.AskAsync"/>
    public Task<BusiestEntities> BusiestAsync(string? kind, int limit, CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var sight = await inspection.ReadAsync(cancellationToken);
        KindsOf(sight, new EntityWish(kind, null, "", "", limit));
        var answers = await Task.WhenAll(sight.Hosts.Select(async row =>
            (row.Name, Answer: await inspection.Nodes().BusiestAsync(row.Address, new AskBusiest(kind, limit), cancellationToken))));
        return EntityPages.Busiest(answers, limit);
    });

    private static IReadOnlyList<string> KindsOf(ClusterSight sight, EntityWish wish)
    {
        var known = sight.Regions.Select(region => region.Name).ToList();
        if (wish.Kind is { } kind && !known.Contains(kind))
        {
            throw new OrderRefusedException(StatusCodes.Status404NotFound, $"There is no entity kind {kind}; known are {string.Join(", ", known)}.");
        }

        if (wish.Shard is { } shard)
        {
            var region = sight.Regions.FirstOrDefault(region => region.Name == shard.Region) ?? throw new OrderRefusedException(
                StatusCodes.Status404NotFound, $"There is no region {shard.Region}; known are {string.Join(", ", known)}.");
            if (shard.Number >= region.ShardCount)
            {
                throw new OrderRefusedException(
                    StatusCodes.Status404NotFound, $"Shard {shard.Region}/{shard.Number} does not exist: there are 0 to {region.ShardCount - 1}.");
            }

            known = wish.Kind is null || wish.Kind == shard.Region ? [shard.Region] : [];
        }

        return [.. known.Where(each => (wish.Kind is null || each == wish.Kind) && string.CompareOrdinal(each, wish.AfterKind) >= 0)];
    }
}
