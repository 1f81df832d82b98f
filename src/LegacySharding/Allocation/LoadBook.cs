using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.LegacySharding.Allocation;

/// <summary>
/// Smooths what members report of their shards: exponentially weighted by the length of the interval, and a plain mean for as long as less than the
/// window has been seen, so that the first report of a shard does not count for all of it. A lost report only makes what is known older.
/// </summary>
internal sealed class LoadBook(int shardCount, TimeSpan window)
{
    private static readonly TimeSpan LongestInterval = TimeSpan.FromMinutes(1);

    private readonly ShardLoad[] _loads = new ShardLoad[shardCount];
    private readonly TimeSpan[] _seen = new TimeSpan[shardCount];

    /// <summary>Whether anybody has reported anything.</summary>
    public bool IsEmpty { get; private set; } = true;

    /// <summary>One for each shard; those of which nothing is known carry nothing.</summary>
    public ImmutableArray<ShardLoad> Loads => IsEmpty ? [] : [.. _loads];

    /// <param name="interval">In which the messages came; a senseless one is ignored with the whole report.</param>
    public void Add(TimeSpan interval, ImmutableArray<ShardTraffic> shards)
    {
        if (interval <= TimeSpan.Zero || interval > LongestInterval)
        {
            return;
        }

        foreach (var traffic in shards)
        {
            if (traffic.Shard >= 0 && traffic.Shard < shardCount && traffic.Messages >= 0 && traffic.Residents >= 0)
            {
                Add(interval, traffic);
                IsEmpty = false;
            }
        }
    }

    private void Add(TimeSpan interval, ShardTraffic traffic)
    {
        var seen = _seen[traffic.Shard] += interval;
        var part = Math.Max(1 - Math.Exp(-interval / window), interval / seen);
        var (rate, residents) = _loads[traffic.Shard];
        _loads[traffic.Shard] = new ShardLoad(
            rate + (part * ((traffic.Messages / interval.TotalSeconds) - rate)), residents + (part * (traffic.Residents - residents)));
    }
}
