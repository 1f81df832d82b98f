using AkkaScale.Sharding.Messages;

namespace AkkaScale.Sharding.Loads;

/// <summary>
/// What the shards of a region carry, for its coordinator: as nodes report it, smoothed, and as a weight that stays until it is clearly another.
/// Thread-safe.
/// </summary>
/// <remarks>
/// A weight changes when what is smoothed differs from it by more than a quarter: what sways by a tenth up and down moves no weight, and so no shard.
/// Who reports nothing is not known after a while, rather than idle.
/// </remarks>
internal sealed class LoadBook(int shardCount, TimeSpan halfLife)
{
    /// <summary>Above some reports that were lost, and the time that a move takes.</summary>
    internal static readonly TimeSpan KnownFor = TimeSpan.FromMinutes(1);

    private const double Sways = 1.25;
    private const double LongestReport = 60;

    private readonly Lock _lock = new();
    private readonly Dictionary<int, Load> _loads = [];

    /// <summary>By the shard's number; 0: not known.</summary>
    public int[] Weights(TimeSpan now)
    {
        lock (_lock)
        {
            var weights = new int[shardCount];
            foreach (var (shard, load) in _loads.Where(each => now - each.Value.At < KnownFor))
            {
                weights[shard] = load.Weight;
            }

            return weights;
        }
    }

    /// <summary>Messages a second and entities in memory, smoothed; null: not known.</summary>
    public (double Messages, double Entities)? Find(int shard)
    {
        lock (_lock)
        {
            return _loads.TryGetValue(shard, out var load) ? (load.Messages, load.Entities) : null;
        }
    }

    /// <summary>A report that makes no sense, or not for this region, is passed over.</summary>
    public void Add(TimeSpan now, ShardLoadsReported report)
    {
        if (report.Seconds is not (> 0 and < LongestReport))
        {
            return;
        }

        var part = 1 - Math.Pow(2, -report.Seconds / halfLife.TotalSeconds);
        lock (_lock)
        {
            foreach (var (shard, counts) in report.Shards)
            {
                if (shard >= 0 && shard < shardCount && counts is [>= 0, >= 0])
                {
                    var load = _loads.GetValueOrDefault(shard);
                    var (messages, entities) = (counts[0] / report.Seconds, (double)counts[1]);
                    messages = load.Messages + (part * (messages - load.Messages));
                    entities = load.Entities + (part * (entities - load.Entities));
                    _loads[shard] = new Load(messages, entities, Kept(load.Weight, ShardWeight.Of(messages, entities)), now);
                }
            }
        }
    }

    /// <summary>
    /// What the former coordinator published last, where nothing newer is known. It does not tell how much of a weight is messages, and how much
    /// entities: reports soon do.
    /// </summary>
    public void Inherit(TimeSpan now, IReadOnlyList<int> weights)
    {
        lock (_lock)
        {
            for (var shard = 0; shard < Math.Min(shardCount, weights.Count); shard++)
            {
                if (weights[shard] > 0 && (!_loads.TryGetValue(shard, out var load) || now - load.At >= KnownFor))
                {
                    _loads[shard] = new Load(weights[shard] - ShardWeight.OfNothing, 0, weights[shard], now);
                }
            }
        }
    }

    private static int Kept(int present, int weight) => weight > present * Sways || weight < present / Sways ? weight : present;

    /// <param name="Weight">0: there is none yet.</param>
    private readonly record struct Load(double Messages, double Entities, int Weight, TimeSpan At);
}
