using System.Text.Json;
using AkkaScale.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.LegacySharding.Entities;

/// <summary>An entity's state folded from the journal by whoever wants to see it; nothing is woken, nobody is asked.</summary>
/// <param name="State">JSON, as snapshots have it; empty while the entity has no events.</param>
public sealed record EntityPast(long Version, ReadOnlyMemory<byte> State)
{
    /// <exception cref="LegacyCluster.StoreUnavailableException">No answer.</exception>
    /// <exception cref="JsonException">The stored past cannot be folded.</exception>
    public static async Task<EntityPast> ReadAsync(IJournal journal, IEntityKind kind, EntityKey entity, CancellationToken cancellationToken)
    {
        // Answers of commands are no part of the state: the least that can be asked for.
        var window = new RecoveryWindow(1, DateTimeOffset.MaxValue.AddYears(-1));
        var fold = new EntityFold(entity, kind);
        var results = await journal.RecoverAsync(entity, kind.StateVersion, window, fold, cancellationToken);
        var recovered = fold.Finish(results, rememberedBound: 1);
        return new EntityPast(recovered.Version, recovered.Version == 0 ? default : kind.WriteSnapshot(recovered.State));
    }
}
