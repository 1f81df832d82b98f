using System.Collections.Concurrent;

namespace AkkaScale.Cluster.Leases;

/// <summary>
/// Which lease an entity's writes need: Akka names a shard's lease <c>system-shard-region-shard</c>, and a region's owner says which shard
/// a persistence id belongs to.
/// </summary>
public sealed class LeaseMap
{
    private readonly ConcurrentDictionary<string, Func<string, string?>> _regions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, bool> _named = new(StringComparer.Ordinal);
    private string _shardPrefix = "";

    /// <summary>Name of the actor system, the first part of every lease's name.</summary>
    public string System
    {
        get;
        set
        {
            field = value;
            _shardPrefix = $"{value}-shard-";
        }
    } = "";

    /// <param name="region">Type name of the region.</param>
    /// <param name="shardOf">Shard id of a persistence id; null for one that is not of this region. Called for every write.</param>
    public void Register(string region, Func<string, string?> shardOf) => _regions[region] = shardOf;

    /// <summary>The lease of an entity; null for one of no region, whose writes are not fenced.</summary>
    public string? LeaseOf(string persistenceId)
    {
        foreach (var (region, shardOf) in _regions)
        {
            if (shardOf(persistenceId) is { } shard)
            {
                return NameOf(region, shard);
            }
        }

        return null;
    }

    /// <summary>As Akka's shard asks for it.</summary>
    public string NameOf(string region, string shard) => $"{_shardPrefix}{region}-{shard}";

    /// <summary>The region of a shard's lease, if nobody said which persistence ids are of it; null: somebody did, or it is another lease.</summary>
    public string? UnknownRegionOf(string lease) =>
        lease.StartsWith(_shardPrefix, StringComparison.Ordinal) && lease.LastIndexOf('-') is var end && end > _shardPrefix.Length
        && lease[_shardPrefix.Length..end] is var region && !Knows(region) ? region : null;

    /// <summary>True at its first call for a region.</summary>
    internal bool IsFirstWordOf(string region) => _named.TryAdd(region, true);

    /// <summary>False: nobody said which persistence ids are of this region, and what its entities write is not fenced.</summary>
    public bool Knows(string region) => _regions.ContainsKey(region);
}
