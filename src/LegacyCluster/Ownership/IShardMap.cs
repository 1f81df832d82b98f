namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>The present map of this process and the wait for a newer one.</summary>
public interface IShardMap
{
    ShardMapSnapshot Current { get; }

    /// <summary>Completes when a snapshot with a higher version than <paramref name="version"/> is published.</summary>
    Task WaitForNewerAsync(long version, CancellationToken cancellationToken);

    /// <summary>Asks the poll loop to look at once; coalesced, never blocks.</summary>
    void RequestRefresh();
}
