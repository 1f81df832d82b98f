using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;

namespace AkkaScale.LegacySharding.Ports;

/// <summary>
/// Events and what is written with them (answers, snapshots), fenced by ownership. Reads see everything committed before they began,
/// and throw <see cref="LegacyCluster.StoreUnavailableException"/>. Implementations: PostgreSQL and SQLite; a simulation has its own.
/// </summary>
public interface IJournal
{
    /// <summary>A writer with a connection of its own, for one lane of this incarnation.</summary>
    IJournalWriter OpenWriter(Incarnation owner, int lane);

    /// <summary>The highest position of the shard, 0 if it has none.</summary>
    Task<long> ReadHeadAsync(int shard, CancellationToken cancellationToken);

    /// <summary>
    /// Reads, in one round trip, the snapshot (if of <paramref name="stateVersion"/>), the events after it and the latest answers of one entity.
    /// Snapshot and events are handed to <paramref name="fold"/> in order; it is called on the reading thread.
    /// </summary>
    Task<RememberedResults> RecoverAsync(
        EntityKey entity, int stateVersion, RecoveryWindow window, IRecoveryFold fold, CancellationToken cancellationToken);

    /// <summary>The stored answers of these command ids, of this entity or any other (the caller compares); absent ones are left out.</summary>
    Task<IReadOnlyList<StoredResult>> FindResultsAsync(IReadOnlyList<Guid> commandIds, CancellationToken cancellationToken);

    /// <summary>Events of one entity with sequence number above <paramref name="afterSequenceNr"/>, in order, at most <paramref name="limit"/>,
    /// optionally only those of the given types (names with their "@version").</summary>
    Task<IReadOnlyList<JournalEvent>> ReadEntityAsync(
        EntityKey entity, long afterSequenceNr, int limit, IReadOnlyList<string>? eventTypes, CancellationToken cancellationToken);

    /// <summary>The entity's highest sequence number, 0 if it has none.</summary>
    Task<long> ReadVersionAsync(EntityKey entity, CancellationToken cancellationToken);

    /// <summary>Events of one shard with position above <paramref name="afterPosition"/>, in order, at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<JournalEvent>> ReadShardAsync(int shard, long afterPosition, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// The present rows of these shards, in any order. Never of an older state than that of the call: whoever was granted or given one of them before it is shown.
    /// </summary>
    Task<IReadOnlyList<ShardOwner>> ReadOwnersAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken);

    /// <summary>Every owner the shard ever had, in order of epoch.</summary>
    Task<IReadOnlyList<OwnershipRecord>> ReadOwnershipAsync(int shard, CancellationToken cancellationToken);

    /// <summary>How much the journal holds of each of these shards, in the order given. Reads every row's head, but no payload.</summary>
    Task<IReadOnlyList<ShardStats>> ReadStatsAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken);

    /// <summary>Removes answers of table command_result older than <paramref name="before"/>, of these owned shards. Returns how many.</summary>
    Task<int> PruneResultsAsync(DateTimeOffset before, CancellationToken cancellationToken);
}

/// <summary>One lane's way into the journal. Not thread-safe: one append at a time.</summary>
public interface IJournalWriter : IAsyncDisposable
{
    /// <summary>
    /// Appends one batch: at most one slice a shard. Answers in the order of slices. Never throws for the store's sake and takes no cancellation:
    /// a timeout inside is <see cref="SliceStatus.Unknown"/>. On a definite server error the batch is split and only the guilty shard fails.
    /// </summary>
    Task<SliceOutcome[]> AppendAsync(IReadOnlyList<ShardSlice> slices);
}

/// <summary>Folds one entity's stored past.</summary>
public interface IRecoveryFold
{
    void Snapshot(EntitySnapshot snapshot);

    void Event(JournalEvent journalEvent);
}

/// <summary>Which answers recovery brings back.</summary>
/// <param name="Limit">At most so many from events, and so many from command_result.</param>
/// <param name="Since">None older than this.</param>
public readonly record struct RecoveryWindow(int Limit, DateTimeOffset Since);

/// <param name="Results">Oldest first.</param>
/// <param name="Truncated">True when the window holds more than was brought back.</param>
public sealed record RememberedResults(IReadOnlyList<StoredResult> Results, bool Truncated);

/// <summary>A row of the ownership history.</summary>
public sealed record OwnershipRecord(int Shard, long Epoch, Incarnation Owner, string AcquiredBy, DateTimeOffset At);
