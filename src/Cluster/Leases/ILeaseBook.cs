namespace AkkaScale.Cluster.Leases;

/// <summary>
/// Which leases this process holds, by which epoch. The rows of the table <c>lease</c> decide; this is what the process knows of them.
/// </summary>
/// <remarks>Called for every write and from several threads: an implementation answers from memory and does not block.</remarks>
public interface ILeaseBook
{
    /// <summary>The incarnation by which this process stands in the column <c>owner</c>.</summary>
    string Owner { get; }

    /// <summary>The epoch by which this process holds the lease; null when it does not.</summary>
    long? EpochOf(string lease);

    /// <summary>
    /// The database refused a write of that epoch, and this process has not taken a later one since: the lease belongs to another owner
    /// now. Called on the thread that writes; the implementation stops the shard elsewhere.
    /// </summary>
    void Lost(string lease, long epoch);
}
