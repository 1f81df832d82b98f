using AkkaScale.Cluster.Ownership;

namespace AkkaScale.Cluster.Membership;

/// <summary>
/// One incarnation's life as a member: it joins, holds its lease, polls the store, coordinates if it is its turn, owns shards,
/// and leaves. A host composes it so:
/// <code>
/// // once for each process
/// await store.OpenAsync(options.Name, options.ShardCount, token);
/// var map = new ShardMap(options.ShardCount);
/// var environment = new ClusterEnvironment(options, store, map, metrics, time, random, loggers);
///
/// // for each incarnation
/// var self = template with { Incarnation = new(newGuid), Status = MemberStatus.Joining, RenewCounter = 0 };
/// await using var session = new ClusterSession(environment, self, new PeerNetworkHints(network, self.Incarnation),
///     new CoordinatorMachine(self.Incarnation, new LeastShardsAllocation(), new AllocationOptions()));
/// var region = new Region(session.Lease, session.Reports, …);   // its IShardHost
/// await session.JoinAsync(region, token);
/// // a MapHint frame or a NotOwner answer: map.RequestRefresh()
/// var end = await session.Completion;      // Lost: dispose, then a new incarnation
/// // on SIGTERM: await session.LeaveAsync(shutdownToken); then dispose
/// </code>
/// Disposing without leaving is like a crash to the others: they wait for the lease to expire.
/// </summary>
public sealed class ClusterSession : IAsyncDisposable
{
    /// <param name="self">The row to join with; its status and counter are set here.</param>
    /// <param name="coordinator">Null: this member never coordinates (it has no entity role).</param>
    public ClusterSession(ClusterEnvironment environment, MemberSnapshot self, IClusterPeers peers, ICoordinator? coordinator) =>
        throw new NotImplementedException();

    public Incarnation Incarnation => throw new NotImplementedException();

    /// <summary>Up to when this process may serve; 0 before the first renewal and after the session was lost.</summary>
    public ILeaseDeadline Lease => throw new NotImplementedException();

    /// <summary>Where the shard host reports to. Reports after the end of the session are ignored.</summary>
    public IShardHostReports Reports => throw new NotImplementedException();

    /// <summary>What is known now; cheap, made on demand.</summary>
    public ClusterView View => throw new NotImplementedException();

    /// <summary>Completes when the session has ended and every shard is dropped; never faults.</summary>
    public Task<SessionEnd> Completion => throw new NotImplementedException();

    /// <summary>
    /// Inserts the member row, takes the lease and starts the loops. Retries while the store cannot be reached, until the
    /// token is cancelled; the member is up a poll or two after it returns (see <see cref="View"/>).
    /// </summary>
    /// <param name="host">Null for a member without the entity role.</param>
    /// <exception cref="ClusterRefusedException">The store refuses this member.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled first; the row may have been written.</exception>
    public Task JoinAsync(IShardHost? host, CancellationToken cancellationToken) => throw new NotImplementedException();

    /// <summary>
    /// Leaves in order: status leaving, shards drained and released (to their new targets, or to nobody if nobody else could take
    /// them), status removed. True when that is done; false when the token was cancelled or the session was lost first. Dispose afterwards.
    /// </summary>
    public Task<bool> LeaveAsync(CancellationToken cancellationToken) => throw new NotImplementedException();

    public ValueTask DisposeAsync() => throw new NotImplementedException();
}
