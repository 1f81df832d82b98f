namespace AkkaScale.LegacySharding.Shards;

/// <summary>How many entities each shard of a node may keep in memory, so that together they keep the node's bound.</summary>
internal static class ResidentShare
{
    /// <summary>A shard this near to its limit, in percent, would keep more if it might.</summary>
    private const int Filled = 90;

    /// <summary>
    /// Up to twice an even share while others leave room, so that a skewed shard keeps more; an even share when all want more. A limit of twice the share for all, whatever
    /// they hold, was tried: a flood of new ids held twice the bound.
    /// </summary>
    /// <param name="bound">Of the node.</param>
    /// <param name="present">The limit of each shard until now.</param>
    /// <param name="residents">What each shard that runs here holds.</param>
    public static int Next(int bound, int present, IReadOnlyCollection<int> residents)
    {
        var even = Math.Max(1, bound / Math.Max(1, residents.Count));
        var most = (int)Math.Min(bound, 2L * even);
        var left = (long)bound;
        var shards = residents.Count;

        // Water finds its level: who wants less than an even part of what is left gets it, the others share the rest.
        foreach (var wanted in residents.Select(held => held * 100L >= (long)present * Filled ? Math.Max(held, most) : held).Order())
        {
            if (wanted * shards > left)
            {
                return (int)Math.Clamp(left / shards, even, most);
            }

            left -= wanted;
            shards--;
        }

        return most;
    }
}
