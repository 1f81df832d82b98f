using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Audit;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Care;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using Microsoft.Extensions.Logging;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>Everything one incarnation asks of PostgreSQL. Thread-safe; made anew for each incarnation.</summary>
public sealed class PostgresStore : IClusterStore, IJournal, IAuditStore, IStoreCare, IBaseBackup, IAsyncDisposable
{
    private readonly PostgresConnections _connections;
    private readonly PostgresOpening _opening;
    private readonly PostgresReading _reading;
    private readonly PostgresMembership _membership;
    private readonly PostgresCoordination _coordination;
    private readonly PostgresOrders _orders;
    private readonly PostgresAudit _audit;
    private readonly PostgresOwnership _ownership;
    private readonly PostgresJournalReading _journal;
    private readonly PostgresRecovery _recovery;
    private readonly ILoggerFactory _loggers;
    private readonly TimeProvider _time;
    private readonly string _fenceClause;
    private readonly string _connectionString;

    private PostgresStore(PostgresStoreOptions options, TimeProvider time, ILoggerFactory loggers, string fenceClause)
    {
        (_time, _loggers, _fenceClause, _connectionString) = (time, loggers, fenceClause, options.ConnectionString);
        _connections = new PostgresConnections(options, loggers);
        _opening = new PostgresOpening(_connections, loggers.CreateLogger<PostgresOpening>());
        _reading = new PostgresReading(_connections);
        _membership = new PostgresMembership(_connections);
        _coordination = new PostgresCoordination(_connections, time);
        _orders = new PostgresOrders(_connections);
        _audit = new PostgresAudit(_connections);
        _ownership = new PostgresOwnership(_connections, options, time, loggers.CreateLogger<PostgresOwnership>());
        _journal = new PostgresJournalReading(_connections);
        _recovery = new PostgresRecovery(_connections);
    }

    /// <summary>Connects to nothing yet: <see cref="OpenAsync"/> does.</summary>
    public static PostgresStore Create(PostgresStoreOptions options, TimeProvider time, ILoggerFactory loggers) =>
        new(options, time, loggers, AppendSql.FenceClause);

    /// <summary>A store whose appends lock as told: a test takes the fence out to see that it is missed.</summary>
    internal static PostgresStore CreateWithFence(PostgresStoreOptions options, TimeProvider time, ILoggerFactory loggers, string fenceClause) =>
        new(options, time, loggers, fenceClause);

    public Task<ClusterIdentity> OpenAsync(string clusterName, int shardCount, CancellationToken cancellationToken) =>
        _opening.OpenAsync(clusterName, shardCount, cancellationToken);

    public Task<ClusterReading> ReadAsync(CancellationToken cancellationToken) => _reading.ReadAsync(cancellationToken);

    public Task<WriteOutcome> JoinAsync(MemberSnapshot self, CancellationToken cancellationToken) =>
        _membership.JoinAsync(self, cancellationToken);

    public ILease OpenLease(Incarnation self) => new PostgresLease(_connections, self, _time);

    public Task<WriteOutcome> ChangeStatusAsync(StatusChange change, CancellationToken cancellationToken) =>
        _membership.ChangeStatusAsync(change, cancellationToken);

    public Task<WriteOutcome> PublishUnreachableAsync(Incarnation self, IReadOnlyList<Incarnation> peers, CancellationToken cancellationToken) =>
        _membership.PublishUnreachableAsync(self, peers, cancellationToken);

    public Task<WriteOutcome> ClaimCoordinatorAsync(CoordinatorTerm expected, Incarnation self, CancellationToken cancellationToken) =>
        _coordination.ClaimAsync(expected, self, cancellationToken);

    public Task<WriteOutcome> WriteTargetsAsync(
        CoordinatorTerm term, IReadOnlyList<ShardTarget> targets, CancellationToken cancellationToken) =>
        _coordination.WriteTargetsAsync(term, targets, cancellationToken);

    public Task<IReadOnlyList<ShardDecision>> ReadDecisionsAsync(int shard, CancellationToken cancellationToken) =>
        _orders.ReadDecisionsAsync(shard, cancellationToken);

    public Task<WriteOutcome> SetNodeOrderAsync(NodeOrder order, CancellationToken cancellationToken) => _orders.SetAsync(order, cancellationToken);

    public Task<WriteOutcome> ClearNodeOrderAsync(string nodeName, CancellationToken cancellationToken) =>
        _orders.ClearAsync(nodeName, cancellationToken);

    public Task<WriteOutcome> PinAsync(ShardPin pin, CancellationToken cancellationToken) => _orders.PinAsync(pin, cancellationToken);

    public Task<WriteOutcome> UnpinAsync(int shard, CancellationToken cancellationToken) => _orders.UnpinAsync(shard, cancellationToken);

    public Task<long> BeginAuditAsync(AuditEntry entry, CancellationToken cancellationToken) => _audit.BeginAsync(entry, cancellationToken);

    public Task<WriteOutcome> FinishAuditAsync(AuditEntry entry, CancellationToken cancellationToken) => _audit.FinishAsync(entry, cancellationToken);

    public Task<IReadOnlyList<AuditEntry>> ReadAuditAsync(long before, int limit, CancellationToken cancellationToken) =>
        _audit.ReadAsync(before, limit, cancellationToken);

    public Task<WriteOutcome> MoveAsync(ShardMove move, CancellationToken cancellationToken) => _orders.MoveAsync(move, cancellationToken);

    public Task<IReadOnlyList<ShardEpoch>> AcquireAsync(
        Incarnation self, IReadOnlyList<ShardClaim> claims, string acquiredBy, CancellationToken cancellationToken) =>
        _ownership.AcquireAsync(self, claims, acquiredBy, cancellationToken);

    public Task<IReadOnlyList<ShardEpoch>> HandOverAsync(
        Incarnation self, IReadOnlyList<HandOver> shards, CancellationToken cancellationToken) =>
        _ownership.HandOverAsync(self, shards, cancellationToken);

    public Task<IReadOnlyList<ShardEpoch>> ReleaseAsync(
        Incarnation self, IReadOnlyList<ShardEpoch> shards, CancellationToken cancellationToken) =>
        _ownership.ReleaseAsync(self, shards, cancellationToken);

    public IJournalWriter OpenWriter(Incarnation owner, int lane) =>
        new PostgresJournalWriter(_connections, owner, lane, _fenceClause, _loggers.CreateLogger<PostgresJournalWriter>());

    public Task<long> ReadVersionAsync(EntityKey entity, CancellationToken cancellationToken) =>
        _journal.ReadVersionAsync(entity, cancellationToken);

    public Task<long> ReadHeadAsync(int shard, CancellationToken cancellationToken) => _journal.ReadHeadAsync(shard, cancellationToken);

    public Task<RememberedResults> RecoverAsync(
        EntityKey entity, int stateVersion, RecoveryWindow window, IRecoveryFold fold, CancellationToken cancellationToken) =>
        _recovery.RecoverAsync(entity, stateVersion, window, fold, cancellationToken);

    public Task<IReadOnlyList<StoredResult>> FindResultsAsync(IReadOnlyList<Guid> commandIds, CancellationToken cancellationToken) =>
        _journal.FindResultsAsync(commandIds, cancellationToken);

    public Task<IReadOnlyList<JournalEvent>> ReadEntityAsync(
        EntityKey entity, long afterSequenceNr, int limit, IReadOnlyList<string>? eventTypes, CancellationToken cancellationToken) =>
        _journal.ReadEntityAsync(entity, afterSequenceNr, limit, eventTypes, cancellationToken);

    public Task<IReadOnlyList<JournalEvent>> ReadShardAsync(int shard, long afterPosition, int limit, CancellationToken cancellationToken) =>
        _journal.ReadShardAsync(shard, afterPosition, limit, cancellationToken);

    public Task<IReadOnlyList<ShardOwner>> ReadOwnersAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken) =>
        _journal.ReadOwnersAsync(shards, cancellationToken);

    public Task<IReadOnlyList<OwnershipRecord>> ReadOwnershipAsync(int shard, CancellationToken cancellationToken) =>
        _journal.ReadOwnershipAsync(shard, cancellationToken);

    public Task<IReadOnlyList<ShardStats>> ReadStatsAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken) =>
        _journal.ReadStatsAsync(shards, cancellationToken);

    public Task<int> PruneResultsAsync(DateTimeOffset before, CancellationToken cancellationToken) =>
        _journal.PruneResultsAsync(before, cancellationToken);

    public async Task<StoreFacts> InspectAsync(CancellationToken cancellationToken) =>
        new(await PostgresInspection.InspectAsync(_connections, cancellationToken), null);

    public Task<ClusterIdentity?> PeekAsync(CancellationToken cancellationToken) => PostgresRestore.PeekAsync(_connections, cancellationToken);

    public Task<long> RaiseGenerationAsync(CancellationToken cancellationToken) => PostgresRestore.RaiseAsync(_connections, cancellationToken);

    public string BaseBackupLine(string directory) => BaseBackup.Line(_connectionString, directory);

    /// <summary>Writers and leases are disposed by whoever opened them.</summary>
    public ValueTask DisposeAsync() => _connections.DisposeAsync();
}
