using System.Collections.Immutable;

namespace AkkaScale.Cluster.Plugin;

/// <summary>Shards whose lease has been held elsewhere than at their home for a while, by one and the same holder. Not thread-safe.</summary>
internal sealed class AstrayShards(TimeSpan differFor)
{
    private readonly Dictionary<string, (string Holder, TimeSpan Since)> _differing = new(StringComparer.Ordinal);

    /// <param name="homes">Address of each shard's home, as the coordinator has it.</param>
    /// <param name="holders">Address of each lease's living holder; without those that nobody living holds.</param>
    /// <param name="regions">Addresses at which a shard can run.</param>
    public ImmutableHashSet<string> Find(
        TimeSpan now, IReadOnlyDictionary<string, string> homes, IReadOnlyDictionary<string, string> holders,
        IReadOnlySet<string> regions)
    {
        var differing = homes
            .Where(each => holders.TryGetValue(each.Key, out var holder) && holder != each.Value && regions.Contains(holder))
            .Select(each => each.Key)
            .ToHashSet(StringComparer.Ordinal);
        foreach (var over in _differing.Keys.Where(shard => !differing.Contains(shard)).ToList())
        {
            _differing.Remove(over);
        }

        foreach (var shard in differing.Where(shard => !_differing.TryGetValue(shard, out var seen) || seen.Holder != holders[shard]))
        {
            _differing[shard] = (holders[shard], now);
        }

        return [.. _differing.Where(each => now - each.Value.Since >= differFor).Select(each => each.Key)];
    }

    public void Clear() => _differing.Clear();
}
