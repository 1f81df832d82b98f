namespace AkkaScale.Cluster.Plugin;

/// <summary>
/// Shards that a rebalance has just sent away from their homes. The row of such a shard's lease may still name the old home when the
/// coordinator asks where to put it, since a release is written after the shard has stopped. Not thread-safe.
/// </summary>
internal sealed class SentAwayShards(TimeSpan rememberFor)
{
    private readonly Dictionary<string, (string Home, TimeSpan At)> _shards = new(StringComparer.Ordinal);

    public void Remember(TimeSpan now, IEnumerable<string> shards, IReadOnlyDictionary<string, string> homes)
    {
        foreach (var old in _shards.Where(each => now - each.Value.At >= rememberFor).Select(each => each.Key).ToList())
        {
            _shards.Remove(old);
        }

        foreach (var shard in shards.Where(homes.ContainsKey))
        {
            _shards[shard] = (homes[shard], now);
        }
    }

    /// <summary>Whether the shard was sent away from there, so that a lease held there says nothing.</summary>
    public bool WasSentAwayFrom(TimeSpan now, string shard, string home) =>
        _shards.TryGetValue(shard, out var sent) && sent.Home == home && now - sent.At < rememberFor;

    public void Clear() => _shards.Clear();
}
