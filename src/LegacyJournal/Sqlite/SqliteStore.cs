using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Audit;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Care;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>
/// The embedded store: journal.db and cluster.db in one directory on a local disk, shared by the processes of one host.
/// Thread-safe; made anew for each incarnation.
/// </summary>
/// <remarks>
/// journal.db commits with synchronous=FULL: what was acknowledged survives a loss of power. cluster.db needs only NORMAL: its writes survive
/// the end of any process, and a loss of power ends all processes of the host, so that no lease, term or status that is lost with it
/// binds anybody.
/// </remarks>
public sealed class SqliteStore : IClusterStore, IJournal, IAuditStore, IStoreCare, IOnlineBackup, IAsyncDisposable
{
    private readonly SqliteStoreOptions _options;
    private readonly TimeProvider _time;
    private readonly ILoggerFactory _loggers;
    private Parts? _parts;

    private SqliteStore(SqliteStoreOptions options, TimeProvider time, ILoggerFactory loggers) =>
        (_options, _time, _loggers) = (options, time, loggers);

    /// <summary>Touches nothing yet: <see cref="OpenAsync"/> does.</summary>
    public static SqliteStore Create(SqliteStoreOptions options, TimeProvider time, ILoggerFactory loggers) => new(options, time, loggers);

    private Parts Opened => _parts ?? throw new InvalidOperationException("The store is used before it was opened.");

    public async Task<ClusterIdentity> OpenAsync(string clusterName, int shardCount, CancellationToken cancellationToken)
    {
        StoreDirectory.Prepare(_options.Directory);
        var parts = _parts ??= MakeParts();
        return await SqliteOpening.OpenAsync(parts.JournalFile, parts.ClusterFile, _options.Directory, clusterName, shardCount);
    }

    public Task<ClusterReading> ReadAsync(CancellationToken cancellationToken) => Opened.Reading.ReadAsync(cancellationToken);

    public Task<WriteOutcome> JoinAsync(MemberSnapshot self, CancellationToken cancellationToken) =>
        Opened.Membership.JoinAsync(self, cancellationToken);

    public ILease OpenLease(Incarnation self) => new SqliteLease(Opened.ClusterFile, self);

    public Task<WriteOutcome> ChangeStatusAsync(StatusChange change, CancellationToken cancellationToken) =>
        Opened.Membership.ChangeStatusAsync(change);

    public Task<WriteOutcome> PublishUnreachableAsync(Incarnation self, IReadOnlyList<Incarnation> peers, CancellationToken cancellationToken) =>
        Opened.Membership.PublishUnreachableAsync(self, peers);

    public Task<WriteOutcome> ClaimCoordinatorAsync(CoordinatorTerm expected, Incarnation self, CancellationToken cancellationToken) =>
        Opened.Coordination.ClaimAsync(expected, self);

    public Task<WriteOutcome> WriteTargetsAsync(
        CoordinatorTerm term, IReadOnlyList<ShardTarget> targets, CancellationToken cancellationToken) =>
        Opened.Coordination.WriteTargetsAsync(term, targets);

    public Task<IReadOnlyList<ShardDecision>> ReadDecisionsAsync(int shard, CancellationToken cancellationToken) =>
        Opened.Orders.ReadDecisionsAsync(shard, cancellationToken);

    public Task<WriteOutcome> SetNodeOrderAsync(NodeOrder order, CancellationToken cancellationToken) => Opened.Orders.SetAsync(order);

    public Task<WriteOutcome> ClearNodeOrderAsync(string nodeName, CancellationToken cancellationToken) =>
        Opened.Orders.ClearAsync(nodeName);

    public Task<WriteOutcome> PinAsync(ShardPin pin, CancellationToken cancellationToken) => Opened.Orders.PinAsync(pin);

    public Task<WriteOutcome> UnpinAsync(int shard, CancellationToken cancellationToken) => Opened.Orders.UnpinAsync(shard);

    public Task<long> BeginAuditAsync(AuditEntry entry, CancellationToken cancellationToken) => Opened.Audit.BeginAsync(entry);

    public Task<WriteOutcome> FinishAuditAsync(AuditEntry entry, CancellationToken cancellationToken) => Opened.Audit.FinishAsync(entry);

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(long before, int limit, CancellationToken cancellationToken) =>
        Opened.Audit.ReadAsync(before, limit, cancellationToken);

    public Task<WriteOutcome> MoveAsync(ShardMove move, CancellationToken cancellationToken) => Opened.Orders.MoveAsync(move, cancellationToken);

    public Task<IReadOnlyList<ShardEpoch>> AcquireAsync(
        Incarnation self, IReadOnlyList<ShardClaim> claims, string acquiredBy, CancellationToken cancellationToken) =>
        Opened.Ownership.AcquireAsync(self, claims, acquiredBy);

    public Task<IReadOnlyList<ShardEpoch>> HandOverAsync(
        Incarnation self, IReadOnlyList<HandOver> shards, CancellationToken cancellationToken) =>
        Opened.Ownership.HandOverAsync(self, shards);

    public Task<IReadOnlyList<ShardEpoch>> ReleaseAsync(
        Incarnation self, IReadOnlyList<ShardEpoch> shards, CancellationToken cancellationToken) =>
        Opened.Ownership.ReleaseAsync(self, shards);

    public IJournalWriter OpenWriter(Incarnation owner, int lane) => new SqliteJournalWriter(Opened.JournalFile, owner);

    public Task<long> ReadVersionAsync(EntityKey entity, CancellationToken cancellationToken) =>
        Opened.Journal.ReadVersionAsync(entity, cancellationToken);

    public Task<long> ReadHeadAsync(int shard, CancellationToken cancellationToken) => Opened.Journal.ReadHeadAsync(shard, cancellationToken);

    public Task<RememberedResults> RecoverAsync(
        EntityKey entity, int stateVersion, RecoveryWindow window, IRecoveryFold fold, CancellationToken cancellationToken) =>
        Opened.Journal.RecoverAsync(entity, stateVersion, window, fold, cancellationToken);

    public Task<IReadOnlyList<StoredResult>> FindResultsAsync(IReadOnlyList<Guid> commandIds, CancellationToken cancellationToken) =>
        Opened.Journal.FindResultsAsync(commandIds, cancellationToken);

    public Task<IReadOnlyList<JournalEvent>> ReadEntityAsync(
        EntityKey entity, long afterSequenceNr, int limit, IReadOnlyList<string>? eventTypes, CancellationToken cancellationToken) =>
        Opened.Journal.ReadEntityAsync(entity, afterSequenceNr, limit, eventTypes, cancellationToken);

    public Task<IReadOnlyList<JournalEvent>> ReadShardAsync(int shard, long afterPosition, int limit, CancellationToken cancellationToken) =>
        Opened.Journal.ReadShardAsync(shard, afterPosition, limit, cancellationToken);

    public Task<IReadOnlyList<ShardOwner>> ReadOwnersAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken) =>
        Opened.Journal.ReadOwnersAsync(shards, cancellationToken);

    public Task<IReadOnlyList<OwnershipRecord>> ReadOwnershipAsync(int shard, CancellationToken cancellationToken) =>
        Opened.Journal.ReadOwnershipAsync(shard, cancellationToken);

    public Task<IReadOnlyList<ShardStats>> ReadStatsAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken) =>
        Opened.Journal.ReadStatsAsync(shards, cancellationToken);

    public Task<int> PruneResultsAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        Opened.Journal.PruneResultsAsync(before, cancellationToken);

    public Task<StoreFacts> InspectAsync(CancellationToken cancellationToken) => CareAsync(
        "The embedded store cannot be inspected",
        async () => new StoreFacts(null, await SqliteInspection.InspectAsync(_options.Directory, Opened.JournalFile)));

    public Task<ClusterIdentity?> PeekAsync(CancellationToken cancellationToken) =>
        CareAsync("The embedded store cannot be read", () => Task.Run(() => SqliteRestore.Peek(_options.Directory), cancellationToken));

    public Task<long> RaiseGenerationAsync(CancellationToken cancellationToken) => CareAsync("The generation cannot be raised", async () =>
    {
        // Members first: whoever fails in between has done no harm, and doing it again does none either.
        await Opened.ClusterFile.RunAsync(session => session.Write(_ => session.Statement(
            "UPDATE member SET status = 'dead', reason = 'the store was restored' WHERE status IN ('joining', 'up', 'leaving', 'down')").Execute()));
        return await Opened.JournalFile.RunAsync(session => session.Write(_ =>
        {
            var generation = (long)session.Statement("UPDATE cluster SET generation = generation + 1 RETURNING generation").Scalar()!;
            session.Statement("UPDATE shard_owner SET owner = NULL, epoch = $1, acquired_by = $2", 2)
                .Execute(checked(generation << 32), ShardOwner.ByGeneration);
            return generation;
        }));
    });

    public Task<BackupContents> BackUpAsync(string directory, Action<long, long> progress, CancellationToken cancellationToken) => CareAsync(
        $"The embedded store cannot be copied to {directory}",
        () => Task.Run(() => SqliteBackup.Copy(_options.Directory, directory, progress, cancellationToken), cancellationToken));

    private static async Task<T> CareAsync<T>(string what, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception error) when (SqliteErrors.IsStoreFault(error))
        {
            throw SqliteErrors.Unavailable(what, error);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_parts is { } parts)
        {
            _parts = null;
            await parts.JournalFile.DisposeAsync();
            await parts.ClusterFile.DisposeAsync();
        }
    }

    /// <summary>Work on a writing connection, under its lock: tests hold locks and break disks with it.</summary>
    internal Task<T> OnWriterAsync<T>(bool ofJournal, Func<SqliteSession, T> work) =>
        (ofJournal ? Opened.JournalFile : Opened.ClusterFile).RunAsync(work);

    private Parts MakeParts()
    {
        var logger = _loggers.CreateLogger<SqliteStore>();

        // Whoever holds the leases' lock keeps everybody, itself included, from renewing: after a lease's time in one and the same hold it is
        // dead by the rule of leases, though nobody can write that down. Of the journal's lock the member row tells.
        var cluster = new SqliteDatabase("cluster", "NORMAL", _options, (_, seen) => seen >= _options.ObservedExpiry, _time, logger);
        SqliteMembership? membership = null;
        var journal = new SqliteDatabase(
            "journal", "FULL", _options, (holder, _) => IsGone(membership, holder.Incarnation), _time, logger);
        membership = new SqliteMembership(journal, cluster);
        return new Parts(
            journal,
            cluster,
            new SqliteReading(journal, cluster),
            membership,
            new SqliteCoordination(cluster, _time),
            new SqliteOrders(journal, cluster),
            new SqliteAudit(cluster),
            new SqliteOwnership(journal, membership, _time),
            new SqliteJournalReading(journal));
    }

    private static bool IsGone(SqliteMembership? membership, Incarnation incarnation)
    {
        try
        {
            return membership?.StatusOf(incarnation) is MemberStatus.Dead or MemberStatus.Removed;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    }

    private sealed record Parts(
        SqliteDatabase JournalFile,
        SqliteDatabase ClusterFile,
        SqliteReading Reading,
        SqliteMembership Membership,
        SqliteCoordination Coordination,
        SqliteOrders Orders,
        SqliteAudit Audit,
        SqliteOwnership Ownership,
        SqliteJournalReading Journal);
}
