using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Hosting;

/// <summary>Reads entities' events through the store of the running session.</summary>
internal sealed class NodeHistory(Engine engine) : IEntityHistory
{
    public Task<IReadOnlyList<JournalEvent>> ReadAsync(
        EntityKey entity, long afterSequenceNr, int limit, IReadOnlyList<string>? eventTypes, CancellationToken cancellationToken) =>
        engine.Session is { } session
            ? session.Store.Journal.ReadEntityAsync(entity, afterSequenceNr, limit, eventTypes, cancellationToken)
            : throw new StoreUnavailableException("This node is not a member at the moment.");
}
