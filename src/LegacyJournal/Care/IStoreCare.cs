using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacyJournal.Care;

/// <summary>
/// What those who look after a store ask of it, beside the cluster's own business: how it is set up, and how it comes back.
/// </summary>
public interface IStoreCare
{
    /// <summary>How the store is set up and how it fares. Reads only.</summary>
    /// <exception cref="LegacyCluster.StoreUnavailableException">No answer.</exception>
    Task<StoreFacts> InspectAsync(CancellationToken cancellationToken);

    /// <summary>Whose store it is, without opening it and without changing it; null: nobody's yet.</summary>
    /// <exception cref="LegacyCluster.StoreUnavailableException">No answer.</exception>
    Task<ClusterIdentity?> PeekAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Makes all that was owned and remembered before void: the next generation, no shard with an owner, every epoch above any that can have been. For a store
    /// that was restored and that no node runs on.
    /// </summary>
    /// <returns>The new generation.</returns>
    /// <exception cref="LegacyCluster.StoreUnavailableException">Whether it was done is not known; doing it again does no harm.</exception>
    Task<long> RaiseGenerationAsync(CancellationToken cancellationToken);
}
