namespace AkkaScale.Sharding.Loads;

/// <summary>
/// What a shard weighs when shards are moved for the load: one for each message a second, one for each hundred entities in memory, and ten in any
/// case, so that little load counts for little and nodes with nothing to do are even by number.
/// </summary>
internal static class ShardWeight
{
    public const int OfNothing = 10;

    private const double EntitiesOfOne = 100;
    private const int Most = 1_000_000;

    public static int Of(double messagesPerSecond, double entities) =>
        OfNothing + (int)Math.Min(Most, Math.Round(Math.Max(0, messagesPerSecond) + (Math.Max(0, entities) / EntitiesOfOne)));
}
