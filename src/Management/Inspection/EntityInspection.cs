using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Journal;
using AkkaScale.Management.Answers;
using AkkaScale.Management.Facts;
using AkkaScale.Sharding.Reading;
using AkkaScale.Sharding.Routing;
using Microsoft.AspNetCore.Http;
using EventPage = AkkaScale.Management.Facts.EventPage;

namespace AkkaScale.Management.Inspection;

/// <summary>Shows entities without waking them, and what the journal holds.</summary>
internal sealed class EntityInspection(SystemInspection inspection, EntityMemory memory) : IEntityFacts
{
    /// <summary>Of events read at a time to fold a state.</summary>
    private const int Portion = 1_000;

    public Task<EntityPlace> WhereAsync(string kind, string id, CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var entity = new EntityKey(kind, id);
        var owner = await memory.FindAsync(entity, cancellationToken);
        var look = await memory.LookAsync(owner, entity, cancellationToken);
        var version = await ReadableAsync(entity, () => inspection.Sharding().History.ReadVersionAsync(entity, cancellationToken));
        return new EntityPlace(kind, id, owner.Shard, owner.Row?.Name, owner.Row?.Incarnation, owner.Epoch, version, look?.IsResident);
    });

    public Task<EntityFacts> ShowAsync(string kind, string id, CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        var entity = new EntityKey(kind, id);
        var owner = await memory.FindAsync(entity, cancellationToken);
        var look = await memory.LookAsync(owner, entity, cancellationToken);
        if (look?.State is { } state)
        {
            return new EntityFacts(kind, id, owner.Shard, owner.Row?.Name, look.Version, true, true, state);
        }

        var (version, folded) = await ReadableAsync(entity, () => FoldAsync(entity, cancellationToken));
        return new EntityFacts(kind, id, owner.Shard, owner.Row?.Name, version, look?.IsResident, false, folded);
    });

    public Task<EventPage> EventsAsync(string kind, string id, long after, int limit, CancellationToken cancellationToken) =>
        SystemInspection.AskAsync(async () =>
        {
            var sharding = inspection.Sharding();
            var entity = new EntityKey(kind, id);
            var shard = new ShardKey(kind, sharding.RegionOf(kind).NumberOf(id));

            // One more than is shown tells whether there are more.
            var events = await ReadableAsync(entity, () => sharding.History.ReadAsync(entity, after, limit + 1, null, cancellationToken));
            return events.Count > limit
                ? new EventPage(EventShow.Page(shard, [.. events.Take(limit)]), events[limit - 1].Version)
                : new EventPage(EventShow.Page(shard, events), null);
        });

    public Task<JournalCheck?> VerifyAsync(ShardKey shard, CancellationToken cancellationToken) => SystemInspection.AskAsync(async () =>
    {
        if (inspection.Regions().Find(shard.Region) is not { } region || shard.Number < 0 || shard.Number >= region.ShardCount)
        {
            return null;
        }

        var (sharding, map) = (inspection.Sharding(), inspection.Membership().Map);
        var lease = SystemInspection.LeaseOf(inspection.Membership(), region.Name, shard.Number);
        var prefix = sharding.Kinds.Names.Contains(region.Name) ? EntityRegion.PersistenceIdOf(new EntityKey(region.Name, "")) : "";
        var found = await Journal().VerifyAsync(lease, prefix, id => map.LeaseOf(id) == lease, cancellationToken);
        return JournalShow.Check(shard, found);
    });

    public Task<JournalFigures> FiguresAsync(string? region, int first, int? count, CancellationToken cancellationToken) =>
        SystemInspection.AskAsync(async () =>
        {
            var (regions, membership) = (inspection.Regions().All.ToDictionary(each => each.Name, each => each.ShardCount), inspection.Membership());
            var shards = Shards([.. regions.Keys], name => regions[name], region, first, count);
            var counted = (await Journal().LeaseStatisticsAsync(cancellationToken))
                .ToDictionary(lease => lease.Lease, StringComparer.Ordinal);
            return new JournalFigures(
                regions.Where(each => region is null || each.Key == region).Sum(each => each.Value),
                [
                    .. shards.Select(shard => JournalShow.Figures(
                        shard, counted.GetValueOrDefault(SystemInspection.LeaseOf(membership, shard.Region, shard.Number)))),
                ]);
        });

    private JournalInspection Journal() => inspection.Sharding().FindWritten()?.Inspection ?? throw new OrderRefusedException(
        StatusCodes.Status404NotFound, "This node's journal is not AkkaScale.Journal: nothing is known of what is in it.");

    /// <summary>Those of one region from the first on; or of all regions, in the order that they are shown in.</summary>
    internal static IReadOnlyList<ShardKey> Shards(
        IReadOnlyList<string> regions, Func<string, int> countOf, string? region, int first, int? count)
    {
        if (region is not null && !regions.Contains(region))
        {
            throw new OrderRefusedException(
                StatusCodes.Status404NotFound, $"There is no region {region}; known are {string.Join(", ", regions)}.");
        }

        ShardKey[] all =
        [
            .. regions.Where(known => region is null || known == region)
                .SelectMany(known => Enumerable.Range(0, countOf(known)).Select(number => new ShardKey(known, number))),
        ];
        return first >= 0 && first < all.Length && count is not < 1
            ? [.. all.Skip(first).Take(count ?? all.Length)]
            : throw new OrderRefusedException(
                StatusCodes.Status400BadRequest,
                $"There are shards 0 to {all.Length - 1}: first must be one of them, and count at least 1.");
    }

    private async Task<(long Version, JsonElement? State)> FoldAsync(EntityKey entity, CancellationToken cancellationToken)
    {
        var sharding = inspection.Sharding();
        var kind = sharding.Kinds.Find(entity.Kind) ?? throw new ArgumentException($"There is no entity kind {entity.Kind}.", nameof(entity));
        var (state, version) = (kind.InitialState, 0L);
        IReadOnlyList<StoredEntityEvent> events;
        do
        {
            events = await sharding.History.ReadAsync(entity, version, Portion, null, cancellationToken);
            foreach (var stored in events)
            {
                state = kind.Evolve(state, stored.EventType, stored.Payload, new EventContext(entity.Id, stored.Version, stored.At));
                version = stored.Version;
            }
        }
        while (events.Count == Portion);
        return (version, version == 0 ? null : JsonElement.Parse(kind.WriteSnapshot(state)));
    }

    private static async Task<T> ReadableAsync<T>(EntityKey entity, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (JsonException unreadable)
        {
            throw new OrderRefusedException(
                StatusCodes.Status500InternalServerError, $"The stored past of {entity} cannot be read: {unreadable.Message}");
        }
    }
}
