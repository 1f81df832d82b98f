using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;

namespace AkkaScale.Tests.Store.Model;

/// <summary>What can be read of a store, as text.</summary>
internal static class StoreState
{
    private static readonly CancellationToken None = CancellationToken.None;
    private static readonly RecoveryWindow Everything = new(1000, DateTimeOffset.UnixEpoch);
    private static readonly int[] AllShards = [.. Enumerable.Range(0, StoreParty.ShardCount)];

    /// <summary>The cluster's rows, and those of what an operation was about.</summary>
    public static async Task<string> AfterAsync(StoreParty party, StoreOperation operation) =>
        await ReadAsync(party, [.. operation.Shards.Where(shard => shard < StoreParty.ShardCount)], operation.Entities, isWhole: false);

    public static async Task<string> WholeAsync(StoreParty party) => await ReadAsync(party, AllShards, OperationSource.Entities, isWhole: true);

    private static async Task<string> ReadAsync(StoreParty party, int[] shards, IEnumerable<EntityKey> entities, bool isWhole)
    {
        var store = await party.ObserverAsync();
        var lines = new List<string> { StoreText.Of(await store.Cluster.ReadAsync(None)) };
        foreach (var shard in shards)
        {
            await AddShardAsync(lines, store.Journal, shard, isWhole);
        }

        foreach (var entity in entities)
        {
            var version = await store.Journal.ReadVersionAsync(entity, None);
            lines.Add($"{StoreText.Of(entity)} at {version}: {await StoreLook.RecoverAsync(store.Journal, entity, 1, Everything)}");
        }

        return string.Join('\n', lines);
    }

    private static async Task AddShardAsync(List<string> lines, IJournal journal, int shard, bool isWhole)
    {
        lines.Add($"shard {shard} head {await journal.ReadHeadAsync(shard, None)}");
        if (isWhole)
        {
            lines.Add($"events {StoreText.Of((await journal.ReadShardAsync(shard, 0, int.MaxValue, None)).Select(StoreText.Of))}");
            lines.Add($"owners {StoreText.Of((await journal.ReadOwnershipAsync(shard, None)).Select(StoreText.Of))}");
        }
    }
}
