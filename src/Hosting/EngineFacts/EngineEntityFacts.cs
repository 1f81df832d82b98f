using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.Hosting.Facts;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Hosting.EngineFacts;

/// <summary>Shows entities without waking them, and what the journal holds.</summary>
internal sealed class EngineEntityFacts(ClusterInspection inspection, EntityMemory memory, EntityKindRegistry kinds) : IEntityFacts
{
    public Task<EntityPlace> WhereAsync(string kind, string id, CancellationToken cancellationToken) => EngineQuestions.AskAsync(async () =>
    {
        var entity = new EntityKey(kind, id);
        var owner = await memory.FindAsync(entity, cancellationToken);
        var version = await owner.Session.Store.Journal.ReadVersionAsync(entity, cancellationToken);
        return new EntityPlace(
            kind, id, owner.Shard, owner.Name, owner.Member?.ToString(), owner.Epoch, version,
            await EntityMemory.IsResidentAsync(owner, entity, cancellationToken));
    });

    public Task<EntityFacts> ShowAsync(string kind, string id, CancellationToken cancellationToken) => EngineQuestions.AskAsync(async () =>
    {
        var entity = new EntityKey(kind, id);
        var owner = await memory.FindAsync(entity, cancellationToken);
        var look = await EntityMemory.LookAsync(owner, entity, cancellationToken);
        if (look?.State is { } state)
        {
            return new EntityFacts(kind, id, owner.Shard, owner.Name, look.Version, true, true, state);
        }

        try
        {
            var known = kinds.Find(kind) ?? throw new ArgumentException($"There is no entity kind {kind}.", nameof(kind));
            var past = await EntityPast.ReadAsync(owner.Session.Store.Journal, known, entity, cancellationToken);
            return new EntityFacts(kind, id, owner.Shard, owner.Name, past.Version, look?.IsResident, false, Parse(past.State));
        }
        catch (JsonException unreadable)
        {
            throw new OrderRefusedException(
                StatusCodes.Status500InternalServerError,
                $"The stored past of {entity} cannot be folded: {unreadable.Message} Look at its events.");
        }
    });

    public Task<EventPage> EventsAsync(string kind, string id, long after, int limit, CancellationToken cancellationToken) =>
        EngineQuestions.AskAsync(async () =>
        {
            var journal = inspection.Session().Store.Journal;
            var events = await journal.ReadEntityAsync(new EntityKey(kind, id), after, limit, null, cancellationToken);
            return new EventPage([.. events.Select(Show)], events.Count == limit ? events[^1].SequenceNr : null);
        });

    public Task<JournalCheck?> VerifyAsync(ShardKey shard, CancellationToken cancellationToken) => EngineQuestions.AskAsync(async () =>
    {
        var (journal, count) = await JournalAsync(cancellationToken);
        return shard.Region is null && shard.Number >= 0 && shard.Number < count
            ? await JournalVerification.VerifyAsync(journal, shard.Number, count, cancellationToken)
            : null;
    });

    public Task<JournalFigures> FiguresAsync(string? region, int first, int? count, CancellationToken cancellationToken) =>
        EngineQuestions.AskAsync(async () =>
        {
            OrderChecks.CheckRegion(region);
            var (journal, shards) = await JournalAsync(cancellationToken);
            return await JournalStatistics.ReadAsync(journal, shards, first, count, cancellationToken);
        });

    private async Task<(IJournal Journal, int ShardCount)> JournalAsync(CancellationToken cancellationToken)
    {
        var store = inspection.Session().Store;
        return (store.Journal, (await store.Cluster.ReadAsync(cancellationToken)).Identity.ShardCount);
    }

    private static EntityEvent Show(JournalEvent row) => new(
        row.SequenceNr, row.EventType, new ShardKey(null, row.Shard), row.Position, row.Epoch, row.CommandId.ToString(), row.At,
        JsonElement.Parse(row.Payload.Span));

    private static JsonElement? Parse(ReadOnlyMemory<byte> state) => state.IsEmpty ? null : JsonElement.Parse(state.Span);
}
