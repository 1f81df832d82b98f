namespace AkkaScale.Journal.Care;

/// <summary>
/// What those who look after a store ask of it, beside the cluster's own business: how it is set up, and how it gets out of here and back.
/// </summary>
public interface IStoreCare
{
    /// <summary>How the store is set up and how it fares. Reads only.</summary>
    /// <exception cref="Cluster.StoreUnavailableException">No answer.</exception>
    Task<StoreFacts> InspectAsync(CancellationToken cancellationToken);
}
