using System.Text.Json;
using Akka.Actor;
using AkkaScale.Entities;
using AkkaScale.Journal;
using AkkaScale.Journal.Reading;
using AkkaScale.Sharding.Events;
using AkkaScale.Sharding.Routing;
using AkkaScale.Sharding.Serialization;

namespace AkkaScale.Sharding.Reading;

/// <summary>Reads what entities have stored, without waking them.</summary>
public sealed class EntityHistory
{
    /// <summary>A page of a thousand, and the one that tells that there are more.</summary>
    private const int LongestPage = 1_001;

    private readonly ActorSystem _system;
    private readonly JournalInspection _journal;

    internal EntityHistory(ActorSystem system, JournalInspection journal) => (_system, _journal) = (system, journal);

    /// <summary>Events above a version, in order; rows that only store an answer are none.</summary>
    /// <param name="limit">1 to 1,001.</param>
    /// <param name="eventType">Of this type only; null: of all.</param>
    /// <exception cref="JsonException">A row cannot be read.</exception>
    public async Task<IReadOnlyList<StoredEntityEvent>> ReadAsync(
        EntityKey entity, long after, int limit, string? eventType, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LongestPage);
        var manifest = eventType is null ? "" : EntitySerializer.ManifestOf(entity.Kind, eventType);
        var events = new List<StoredEntityEvent>();

        // Answers have rows of their own, so that a version never has a lower number than itself; it may have a much higher one.
        for (long? from = after + 1; from is not null && events.Count < limit;)
        {
            var page = await _journal.ReadPageAsync(
                EntityRegion.PersistenceIdOf(entity), from.Value, limit - events.Count, manifest, cancellationToken);
            events.AddRange(page.Events.Select(Decode).OfType<StoredEntityEvent>().Where(happened => happened.Version > after));
            from = page.Next;
        }

        return events;
    }

    /// <summary>The entity's version, as its latest row tells it; 0 without rows.</summary>
    /// <exception cref="JsonException">The row cannot be read.</exception>
    public async Task<long> ReadVersionAsync(EntityKey entity, CancellationToken cancellationToken)
    {
        if (await _journal.ReadLastAsync(EntityRegion.PersistenceIdOf(entity), cancellationToken) is not { } row)
        {
            return 0;
        }

        return Read(row) switch
        {
            EntityEvent happened => happened.Version,
            EntityAnswered answered => answered.Answered.Version,
            var other => throw new JsonException($"Row {row.SequenceNr} of {row.PersistenceId} is {other.GetType().Name}."),
        };
    }

    private object Read(JournalEvent row)
    {
        var serializer = row.SerializerId
            ?? throw new JsonException($"Row {row.SequenceNr} of {row.PersistenceId} names no serializer.");
        return _system.Serialization.Deserialize(row.Message, serializer, row.Manifest);
    }

    private StoredEntityEvent? Decode(JournalEvent row) => Read(row) is EntityEvent happened
        ? new StoredEntityEvent(happened.Version, happened.EventType, happened.Payload, happened.At, row.CommandId, row.Lease, row.Epoch)
        : null;
}
