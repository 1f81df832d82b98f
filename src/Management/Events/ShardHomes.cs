namespace AkkaScale.Management.Events;

/// <summary>Where each region's shards were last known to be, and which have another home since.</summary>
internal sealed class ShardHomes
{
    private readonly Dictionary<string, Dictionary<int, Home>> _regions = new(StringComparer.Ordinal);

    /// <param name="homes">Addresses, as the region's coordinator has them now. A shard that is on its way is not in it.</param>
    /// <param name="nameOf">Name of the node at an address.</param>
    /// <returns>In order of number. Nothing for the first map of a region: it tells how things are, not what has changed.</returns>
    public IReadOnlyList<ShardHomeChanged> Take(
        string region, IReadOnlyDictionary<int, string> homes, Func<string, string> nameOf, DateTimeOffset at)
    {
        var isFirst = !_regions.TryGetValue(region, out var known);
        known ??= _regions[region] = [];
        var changes = new List<ShardHomeChanged>();
        foreach (var (shard, address) in homes.OrderBy(each => each.Key))
        {
            var before = known.GetValueOrDefault(shard);
            if (before?.Address != address)
            {
                // By name from now on: later nobody may know who was at that address.
                known[shard] = new Home(address, nameOf(address));
                changes.Add(new ShardHomeChanged(at, region, shard, before?.Name, known[shard].Name));
            }
        }

        return isFirst ? [] : changes;
    }

    private sealed record Home(string Address, string Name);
}
