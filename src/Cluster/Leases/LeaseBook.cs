using System.Collections.Concurrent;

namespace AkkaScale.Cluster.Leases;

/// <summary>A book that somebody fills: a test, or a program that takes its leases itself.</summary>
public sealed class LeaseBook(string owner) : ILeaseBook
{
    private readonly ConcurrentDictionary<string, long> _epochs = new(StringComparer.Ordinal);

    public string Owner => owner;

    /// <summary>Lease and epoch of which the journal has learned that they belong to another.</summary>
    public event Action<string, long>? LeaseLost;

    public long? EpochOf(string lease) => _epochs.TryGetValue(lease, out var epoch) ? epoch : null;

    public void Hold(string lease, long epoch) => _epochs[lease] = epoch;

    public void GiveUp(string lease) => _epochs.TryRemove(lease, out _);

    public void Lost(string lease, long epoch) => LeaseLost?.Invoke(lease, epoch);
}
