using AkkaScale.Entities;
using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.Tests.Model;

namespace AkkaScale.Tests.Store.Model;

/// <summary>The model behind the ports of the real stores; every call is answered at once.</summary>
internal sealed class ModelPorts(StoreModel model) : IClusterStore, IJournal, IAsyncDisposable
{
    public Task<ClusterIdentity> OpenAsync(string clusterName, int shardCount, CancellationToken cancellationToken) =>
        Task.FromResult(model.Read().Identity);

    public Task<ClusterReading> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(model.Read());

    public Task<WriteOutcome> JoinAsync(MemberSnapshot self, CancellationToken cancellationToken) => Task.FromResult(model.Join(self));

    public ILease OpenLease(Incarnation self) => new Lease(model, self);

    public Task<WriteOutcome> ChangeStatusAsync(StatusChange change, CancellationToken cancellationToken) =>
        Task.FromResult(model.ChangeStatus(change));

    public Task<WriteOutcome> PublishUnreachableAsync(Incarnation self, IReadOnlyList<Incarnation> peers, CancellationToken cancellationToken) =>
        Task.FromResult(model.PublishUnreachable(self, peers));

    public Task<WriteOutcome> ClaimCoordinatorAsync(CoordinatorTerm expected, Incarnation self, CancellationToken cancellationToken) =>
        Task.FromResult(model.ClaimCoordinator(expected, self));

    public Task<WriteOutcome> WriteTargetsAsync(CoordinatorTerm term, IReadOnlyList<ShardTarget> targets, CancellationToken cancellationToken) =>
        Task.FromResult(model.WriteTargets(term, targets));

    public Task<IReadOnlyList<ShardDecision>> ReadDecisionsAsync(int shard, CancellationToken cancellationToken) =>
        Task.FromResult(model.ReadDecisions(shard));

    public Task<WriteOutcome> SetNodeOrderAsync(NodeOrder order, CancellationToken cancellationToken) => Task.FromResult(model.SetNodeOrder(order));

    public Task<WriteOutcome> ClearNodeOrderAsync(string nodeName, CancellationToken cancellationToken) =>
        Task.FromResult(model.ClearNodeOrder(nodeName));

    public Task<WriteOutcome> PinAsync(ShardPin pin, CancellationToken cancellationToken) => Task.FromResult(model.Pin(pin));

    public Task<WriteOutcome> MoveAsync(ShardMove move, CancellationToken cancellationToken) => Task.FromResult(model.Move(move));

    public Task<WriteOutcome> UnpinAsync(int shard, CancellationToken cancellationToken) => Task.FromResult(model.Unpin(shard));

    public Task<IReadOnlyList<ShardEpoch>> AcquireAsync(
        Incarnation self, IReadOnlyList<ShardClaim> claims, string acquiredBy, CancellationToken cancellationToken) =>
        Task.FromResult(model.Acquire(self, claims, acquiredBy));

    public Task<IReadOnlyList<ShardEpoch>> ReleaseAsync(
        Incarnation self, IReadOnlyList<ShardEpoch> shards, CancellationToken cancellationToken) => Task.FromResult(model.Release(self, shards));

    public Task<IReadOnlyList<ShardEpoch>> HandOverAsync(
        Incarnation self, IReadOnlyList<HandOver> shards, CancellationToken cancellationToken) => Task.FromResult(model.HandOver(self, shards));

    public IJournalWriter OpenWriter(Incarnation owner, int lane) => new Writer(model, owner);

    public Task<long> ReadHeadAsync(int shard, CancellationToken cancellationToken) => Task.FromResult(model.ReadHead(shard));

    public Task<RememberedResults> RecoverAsync(
        EntityKey entity, int stateVersion, RecoveryWindow window, IRecoveryFold fold, CancellationToken cancellationToken) =>
        Task.FromResult(model.Recover(entity, stateVersion, window, fold));

    public Task<IReadOnlyList<StoredResult>> FindResultsAsync(IReadOnlyList<Guid> commandIds, CancellationToken cancellationToken) =>
        Task.FromResult(model.FindResults(commandIds));

    public Task<IReadOnlyList<JournalEvent>> ReadEntityAsync(
        EntityKey entity, long afterSequenceNr, int limit, IReadOnlyList<string>? eventTypes, CancellationToken cancellationToken) =>
        Task.FromResult(model.ReadEntity(entity, afterSequenceNr, limit, eventTypes));

    public Task<long> ReadVersionAsync(EntityKey entity, CancellationToken cancellationToken) => Task.FromResult(model.ReadVersion(entity));

    public Task<IReadOnlyList<JournalEvent>> ReadShardAsync(int shard, long afterPosition, int limit, CancellationToken cancellationToken) =>
        Task.FromResult(model.ReadShard(shard, afterPosition, limit));

    public Task<IReadOnlyList<ShardOwner>> ReadOwnersAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken) =>
        Task.FromResult(model.ReadOwners(shards));

    public Task<IReadOnlyList<OwnershipRecord>> ReadOwnershipAsync(int shard, CancellationToken cancellationToken) =>
        Task.FromResult(model.ReadOwnership(shard));

    public Task<IReadOnlyList<ShardStats>> ReadStatsAsync(IReadOnlyList<int> shards, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<ShardStats>>([.. shards.Select(model.StatsOf)]);

    public Task<int> PruneResultsAsync(DateTimeOffset before, CancellationToken cancellationToken) => Task.FromResult(model.PruneResults(before));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Lease(StoreModel model, Incarnation self) : ILease
    {
        public WriteOutcome Renew(long expected, TimeSpan timeout, out long counter)
        {
            (var outcome, counter) = model.Renew(self, expected, lost: 0, raisesAgain: true);
            return outcome;
        }

        public void Dispose()
        {
        }
    }

    private sealed class Writer(StoreModel model, Incarnation owner) : IJournalWriter
    {
        public Task<SliceOutcome[]> AppendAsync(IReadOnlyList<ShardSlice> slices) => Task.FromResult(model.Append(owner, slices));

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
