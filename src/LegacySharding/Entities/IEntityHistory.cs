using AkkaScale.Entities;

namespace AkkaScale.LegacySharding.Entities;

/// <summary>Reads stored events of one entity; linearizable with respect to answers already given.</summary>
public interface IEntityHistory
{
    /// <inheritdoc cref="Ports.IJournal.ReadEntityAsync"/>
    Task<IReadOnlyList<Ports.JournalEvent>> ReadAsync(
        EntityKey entity, long afterSequenceNr, int limit, IReadOnlyList<string>? eventTypes, CancellationToken cancellationToken);
}
