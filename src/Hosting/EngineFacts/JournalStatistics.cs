using AkkaScale.Hosting.Facts;
using AkkaScale.LegacySharding.Ports;
using Microsoft.AspNetCore.Http;

namespace AkkaScale.Hosting.EngineFacts;

/// <summary>How much the journal holds, shard by shard.</summary>
internal static class JournalStatistics
{
    /// <summary>Shards of one statement: none runs for long, even over a large journal.</summary>
    private const int Portion = 16;

    /// <param name="count">Null: all from <paramref name="first"/> on.</param>
    /// <exception cref="OrderRefusedException">There are no such shards.</exception>
    public static async Task<JournalFigures> ReadAsync(
        IJournal journal, int shardCount, int first, int? count, CancellationToken cancellationToken)
    {
        if (first < 0 || first >= shardCount || count is < 1)
        {
            throw new OrderRefusedException(
                StatusCodes.Status400BadRequest,
                $"There are shards 0 to {shardCount - 1}: first must be one of them, and count at least 1.");
        }

        var shards = new List<ShardStats>();
        foreach (var portion in Enumerable.Range(first, Math.Min(count ?? shardCount, shardCount - first)).Chunk(Portion))
        {
            shards.AddRange(await journal.ReadStatsAsync(portion, cancellationToken));
        }

        return new JournalFigures(shardCount, [.. shards.Select(shard => new ShardFigures(
            new ShardKey(null, shard.Shard), shard.Events, shard.Entities, shard.Head, shard.Bytes, shard.Snapshots,
            shard.SnapshotBytes))]);
    }
}
