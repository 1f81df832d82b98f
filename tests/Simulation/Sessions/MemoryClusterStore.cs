using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.Tests.Model;

namespace AkkaScale.Tests.Simulation.Sessions;

/// <summary>The model store behind the real port, for the real loops; it can be away, and an acquire can be held up.</summary>
internal sealed class MemoryClusterStore(int shardCount) : IClusterStore
{
    private readonly Lock _lock = new();
    private readonly StoreModel _model = new(shardCount, checksMemberOnAcquire: true);
    private volatile bool _isAway;

    public bool IsAway
    {
        get => _isAway;
        set => _isAway = value;
    }

    /// <summary>What an acquire waits for before it is carried out, as for row locks.</summary>
    public Task AcquireGate { get; set; } = Task.CompletedTask;

    public Task<ClusterIdentity> OpenAsync(string clusterName, int count, CancellationToken cancellationToken) =>
        Task.FromResult(Read(model => model.Read().Identity));

    public Task<ClusterReading> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(Read(model => model.Read()));

    public Task<WriteOutcome> JoinAsync(MemberSnapshot self, CancellationToken cancellationToken) => Write(model => model.Join(self));

    public ILease OpenLease(Incarnation self) => new MemoryLease(this, self);

    public Task<WriteOutcome> ChangeStatusAsync(StatusChange change, CancellationToken cancellationToken) =>
        Write(model => model.ChangeStatus(change));

    public Task<WriteOutcome> PublishUnreachableAsync(Incarnation self, IReadOnlyList<Incarnation> peers, CancellationToken cancellationToken) =>
        Write(model => model.PublishUnreachable(self, peers));

    public Task<WriteOutcome> ClaimCoordinatorAsync(CoordinatorTerm expected, Incarnation self, CancellationToken cancellationToken) =>
        Write(model => model.ClaimCoordinator(expected, self));

    public Task<WriteOutcome> WriteTargetsAsync(CoordinatorTerm term, IReadOnlyList<ShardTarget> targets, CancellationToken cancellationToken) =>
        Write(model => model.WriteTargets(term, targets));

    public Task<IReadOnlyList<ShardDecision>> ReadDecisionsAsync(int shard, CancellationToken cancellationToken) =>
        Task.FromResult(Read(model => model.ReadDecisions(shard)));

    public Task<WriteOutcome> SetNodeOrderAsync(NodeOrder order, CancellationToken cancellationToken) => Write(model => model.SetNodeOrder(order));

    public Task<WriteOutcome> ClearNodeOrderAsync(string nodeName, CancellationToken cancellationToken) =>
        Write(model => model.ClearNodeOrder(nodeName));

    public Task<WriteOutcome> PinAsync(ShardPin pin, CancellationToken cancellationToken) => Write(model => model.Pin(pin));

    public Task<WriteOutcome> MoveAsync(ShardMove move, CancellationToken cancellationToken) => Write(model => model.Move(move));

    public Task<WriteOutcome> UnpinAsync(int shard, CancellationToken cancellationToken) => Write(model => model.Unpin(shard));

    public async Task<IReadOnlyList<ShardEpoch>> AcquireAsync(
        Incarnation self, IReadOnlyList<ShardClaim> claims, string acquiredBy, CancellationToken cancellationToken)
    {
        await AcquireGate.WaitAsync(cancellationToken);
        return Read(model => model.Acquire(self, claims, acquiredBy));
    }

    public Task<IReadOnlyList<ShardEpoch>> ReleaseAsync(
        Incarnation self, IReadOnlyList<ShardEpoch> shards, CancellationToken cancellationToken) =>
        Task.FromResult(Read(model => model.Release(self, shards)));

    public Task<IReadOnlyList<ShardEpoch>> HandOverAsync(
        Incarnation self, IReadOnlyList<HandOver> shards, CancellationToken cancellationToken) =>
        Task.FromResult(Read(model => model.HandOver(self, shards)));

    private T Read<T>(Func<StoreModel, T> read)
    {
        lock (_lock)
        {
            return _isAway ? throw new StoreUnavailableException("the store is away") : read(_model);
        }
    }

    private Task<WriteOutcome> Write(Func<StoreModel, WriteOutcome> write)
    {
        lock (_lock)
        {
            return Task.FromResult(_isAway ? WriteOutcome.Unknown : write(_model));
        }
    }

    private sealed class MemoryLease(MemoryClusterStore store, Incarnation self) : ILease
    {
        public WriteOutcome Renew(long expected, TimeSpan timeout, out long counter)
        {
            lock (store._lock)
            {
                (var outcome, counter) = store._isAway
                    ? (WriteOutcome.Unknown, expected)
                    : store._model.Renew(self, expected, lost: 0, raisesAgain: true);
                return outcome;
            }
        }

        public void Dispose()
        {
        }
    }
}
