using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using static AkkaScale.Tests.Store.Model.StoreText;

namespace AkkaScale.Tests.Store.Model;

/// <summary>A read with bounds of its own; its outcome is what was read.</summary>
internal sealed record StoreLook(string What, Func<IJournal, Task<string>> ReadAsync) : StoreOperation
{
    private static readonly CancellationToken None = CancellationToken.None;

    public override string Text => $"read {What}";

    public override async Task<string> ApplyAsync(StoreParty party) => await ReadAsync((await party.ObserverAsync()).Journal);

    public static StoreLook Recovery(EntityKey entity, int stateVersion, RecoveryWindow window) => new(
        $"{StoreText.Of(entity)} with states of version {stateVersion} and {window.Limit} answers since {StoreText.Of(window.Since)}",
        journal => RecoverAsync(journal, entity, stateVersion, window))
    { Tag = "recovery" };

    public static StoreLook Results(IReadOnlyList<Guid> ids) => new(
        $"results of {string.Join(", ", ids.Select(Short))}",
        async journal => StoreText.Of((await journal.FindResultsAsync(ids, None)).Select(StoreText.Of).Order(StringComparer.Ordinal)))
    { Tag = "results" };

    public static StoreLook Entity(EntityKey entity, long after, int limit, IReadOnlyList<string>? types) => new(
        $"{limit} events of {StoreText.Of(entity)} after {after}{(types is null ? "" : $" of types {string.Join(", ", types)}")}",
        async journal => StoreText.Of((await journal.ReadEntityAsync(entity, after, limit, types, None)).Select(StoreText.Of)))
    { Tag = "entity" };

    public static StoreLook Shard(int shard, long after, int limit) => new(
        $"{limit} events of shard {shard} after {after}",
        async journal => StoreText.Of((await journal.ReadShardAsync(shard, after, limit, None)).Select(StoreText.Of)))
    { Tag = "shard" };

    public static StoreLook Owners(IReadOnlyList<int> shards) => new(
        $"the present owners of shards {string.Join(',', shards)}",
        async journal => StoreText.Of((await journal.ReadOwnersAsync(shards, None)).OrderBy(row => row.Shard).Select(StoreText.Of)))
    { Tag = "owners" };

    public static StoreLook Stats(IReadOnlyList<int> shards) => new(
        $"how much there is of shards {string.Join(',', shards)}",
        async journal => StoreText.Of((await journal.ReadStatsAsync(shards, None)).Select(stats => $"{stats}")))
    { Tag = "stats" };

    public static StoreLook Ownership(int shard) => new(
        $"the owners of shard {shard}",
        async journal => StoreText.Of((await journal.ReadOwnershipAsync(shard, None)).Select(StoreText.Of)))
    { Tag = "ownership" };

    public static async Task<string> RecoverAsync(IJournal journal, EntityKey entity, int stateVersion, RecoveryWindow window)
    {
        var fold = new TextFold();
        var results = await journal.RecoverAsync(entity, stateVersion, window, fold, None);
        return $"{StoreText.Of(fold.Rows)}; answers {StoreText.Of(results)}";
    }

    private sealed class TextFold : IRecoveryFold
    {
        public List<string> Rows { get; } = [];

        public void Snapshot(EntitySnapshot snapshot) => Rows.Add($"snapshot {StoreText.Of(snapshot)}");

        public void Event(JournalEvent journalEvent) => Rows.Add(StoreText.Of(journalEvent));
    }
}
