using System.Text.Json;
using Akka.Actor;
using AkkaScale.Entities;
using AkkaScale.Journal;
using AkkaScale.Sharding.Events;
using AkkaScale.Sharding.Routing;

namespace AkkaScale.Sharding.Entities;

/// <summary>Asks the system's default journal, which must be a fenced one, for answers that an entity does not remember any more.</summary>
internal sealed class JournalLookUp(ActorSystem system)
{
    private readonly JournalInspection _journal =
        FencedJournals.For(system).Get(system.Settings.Config.GetString("akka.persistence.journal.plugin")).Inspection;

    /// <exception cref="JsonException">The row cannot be read.</exception>
    public async Task<RememberedCommand?> FindAsync(EntityKey entity, Guid commandId, CancellationToken cancellationToken)
    {
        var stored = await _journal.FindCommandAsync(
            EntityRegion.PersistenceIdOf(entity), RememberedCommand.Text(commandId), cancellationToken);
        if (stored is null)
        {
            return null;
        }

        var row = stored.Identifier is { } serializer
            ? system.Serialization.Deserialize(stored.Message, serializer, stored.Manifest)
            : throw new JsonException($"The row of command {commandId} names no serializer.");
        return row switch
        {
            EntityEvent happened => happened.Answered,
            EntityAnswered answered => answered.Answered,
            _ => throw new JsonException($"The row of command {commandId} is {row.GetType().Name}."),
        };
    }
}
