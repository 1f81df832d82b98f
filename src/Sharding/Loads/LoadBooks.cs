using System.Collections.Frozen;

namespace AkkaScale.Sharding.Loads;

/// <summary>A book for each region, filled while the coordinators are on this node.</summary>
internal sealed class LoadBooks(IEnumerable<string> regions, int shardCount, TimeSpan halfLife)
{
    private readonly FrozenDictionary<string, LoadBook> _books =
        regions.ToFrozenDictionary(region => region, _ => new LoadBook(shardCount, halfLife), StringComparer.Ordinal);

    /// <summary>Null: this node has no such region.</summary>
    public LoadBook? Find(string region) => _books.GetValueOrDefault(region);
}
