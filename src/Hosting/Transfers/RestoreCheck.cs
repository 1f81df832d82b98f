using AkkaScale.Hosting.EngineFacts;
using AkkaScale.Hosting.Options;
using AkkaScale.LegacyCluster;

namespace AkkaScale.Hosting.Transfers;

/// <summary>What a restored store holds, and what was done to it.</summary>
/// <param name="Generation">After the check; raised only where nothing is wrong.</param>
/// <param name="Heads">The last position of each shard, by number.</param>
/// <param name="LastEventAt">Null: there are no events. What was acknowledged later is not in this store.</param>
internal sealed record RestoreAnswer(
    string Cluster, string Store, int ShardCount, long Generation, bool Raised, long Events, long Entities, IReadOnlyList<long> Heads,
    DateTimeOffset? LastEventAt, long ViolationCount, IReadOnlyList<RestoreViolation> Violations);

internal sealed record RestoreViolation(int Shard, string Invariant, long Position, string Entity, string Detail);

/// <summary>
/// Looks a restored store over before nodes run on it: I1 to I3 over the whole journal. If all holds it raises the generation, so that no epoch of the store's
/// former life, its lost tail included, can ever be met again, and takes every shard's owner away.
/// </summary>
internal sealed class RestoreCheck(NodeStore store, AkkaScaleOptions options, TimeProvider time, Action<long, long> progress)
{
    private const int ViolationsKept = 100;

    /// <exception cref="ClusterRefusedException">Nobody's store, or a node runs on it.</exception>
    /// <exception cref="StoreUnavailableException">No answer.</exception>
    public async Task<RestoreAnswer> RunAsync(CancellationToken cancellationToken)
    {
        var known = await store.Care.PeekAsync(cancellationToken)
            ?? throw new ClusterRefusedException("There is no cluster's data in this store: name the directory or the database that was restored.");
        var identity = await OfflineStore.OpenAsync(store, options, known.ClusterName, known.ShardCount, time, cancellationToken);
        var (heads, violations) = (new List<long>(), new List<RestoreViolation>());
        var (events, entities, count) = (0L, 0L, 0L);
        DateTimeOffset? last = null;
        for (var shard = 0; shard < identity.ShardCount; shard++)
        {
            progress(shard, identity.ShardCount);
            var answer = await JournalVerification.VerifyAsync(store.Journal, shard, identity.ShardCount, cancellationToken);
            var head = await store.Journal.ReadHeadAsync(shard, cancellationToken);
            var newest = head == 0 ? [] : await store.Journal.ReadShardAsync(shard, head - 1, 1, cancellationToken);
            last = newest.Count == 0 || last > newest[0].At ? last : newest[0].At;
            (events, entities, count) = (events + answer.Events, entities + answer.Entities, count + answer.Violations.Count);
            heads.Add(head);
            violations.AddRange(answer.Violations.Take(ViolationsKept - violations.Count)
                .Select(found => new RestoreViolation(shard, found.Invariant, found.Position ?? 0, found.Entity ?? "", found.Detail)));
        }

        var generation = count == 0 ? await store.Care.RaiseGenerationAsync(cancellationToken) : identity.Generation;
        return new RestoreAnswer(
            identity.ClusterName, options.Store.Kind, identity.ShardCount, generation, count == 0, events, entities, heads, last, count, violations);
    }
}
