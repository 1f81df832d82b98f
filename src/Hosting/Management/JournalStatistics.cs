using AkkaScale.Sharding.Ports;

namespace AkkaScale.Hosting.Management;

/// <summary>How much the journal holds, shard by shard and in total.</summary>
internal static class JournalStatistics
{
    /// <summary>Shards of one statement: none runs for long, even over a large journal.</summary>
    private const int Portion = 16;

    /// <param name="count">Null: all from <paramref name="first"/> on.</param>
    /// <exception cref="OrderRefusedException">There are no such shards.</exception>
    public static async Task<JournalStatsAnswer> ReadAsync(IJournal journal, int shardCount, int first, int? count, CancellationToken cancellationToken)
    {
        if (first < 0 || first >= shardCount || count is < 1)
        {
            throw new OrderRefusedException(400, $"There are shards 0 to {shardCount - 1}: first must be one of them, and count at least 1.");
        }

        var shards = new List<ShardStats>();
        foreach (var portion in Enumerable.Range(first, Math.Min(count ?? shardCount, shardCount - first)).Chunk(Portion))
        {
            shards.AddRange(await journal.ReadStatsAsync(portion, cancellationToken));
        }

        return new JournalStatsAnswer(
            shardCount, shards,
            new JournalTotalAnswer(
                shards.Count, shards.Sum(shard => shard.Events), shards.Sum(shard => shard.Entities), shards.Sum(shard => shard.Bytes),
                shards.Sum(shard => shard.Snapshots), shards.Sum(shard => shard.SnapshotBytes)));
    }
}
