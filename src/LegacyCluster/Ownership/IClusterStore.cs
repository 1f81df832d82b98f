using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>
/// The arbiter, as the cluster sees it: membership, coordinator, targets and ownership are rows, and every change is one
/// conditional transaction. Reads throw <see cref="StoreUnavailableException"/>; writes answer with a
/// <see cref="WriteOutcome"/>. Implementations: PostgreSQL and SQLite; a simulation has its own.
/// </summary>
public interface IClusterStore
{
    /// <summary>
    /// Migrates the schema if needed, records name and shard count at the very first start, and compares them afterwards.
    /// </summary>
    /// <exception cref="ClusterRefusedException">Other name, other shard count, newer schema, unsafe durability settings, wrong file system.</exception>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    Task<ClusterIdentity> OpenAsync(string clusterName, int shardCount, CancellationToken cancellationToken);

    Task<ClusterReading> ReadAsync(CancellationToken cancellationToken);

    /// <summary>
    /// Inserts the row of a new incarnation, in status joining with renew counter 0. Refused if there is one.
    /// </summary>
    Task<WriteOutcome> JoinAsync(MemberSnapshot self, CancellationToken cancellationToken);

    /// <summary>The lease on a connection of its own; the caller disposes it.</summary>
    ILease OpenLease(Incarnation self);

    Task<WriteOutcome> ChangeStatusAsync(StatusChange change, CancellationToken cancellationToken);

    /// <summary>Writes the up members that <paramref name="self"/> cannot reach into its row, if it is live.</summary>
    Task<WriteOutcome> PublishUnreachableAsync(Incarnation self, IReadOnlyList<Incarnation> peers, CancellationToken cancellationToken);

    /// <summary>Makes <paramref name="self"/> coordinator with term + 1 if the row still reads <paramref name="expected"/>.</summary>
    Task<WriteOutcome> ClaimCoordinatorAsync(CoordinatorTerm expected, Incarnation self, CancellationToken cancellationToken);

    /// <summary>Writes targets in a transaction that locks the term row; refused if another term or holder stands there.
    /// The reason of every change is logged as a decision. Orders to move that are over with a decision are taken out with it.</summary>
    Task<WriteOutcome> WriteTargetsAsync(CoordinatorTerm term, IReadOnlyList<ShardTarget> targets, CancellationToken cancellationToken);

    /// <summary>The last decisions on a shard, latest first; a store keeps a hundred of each.</summary>
    /// <exception cref="StoreUnavailableException">The store cannot be reached.</exception>
    Task<IReadOnlyList<ShardDecision>> ReadDecisionsAsync(int shard, CancellationToken cancellationToken);

    /// <summary>Puts an order in place of the one the node may have. The coordinator follows it at its next reading.</summary>
    Task<WriteOutcome> SetNodeOrderAsync(NodeOrder order, CancellationToken cancellationToken);

    /// <summary>Refused: the node has no order.</summary>
    Task<WriteOutcome> ClearNodeOrderAsync(string nodeName, CancellationToken cancellationToken);

    /// <summary>Puts a pin in place of the one the shard may have.</summary>
    Task<WriteOutcome> PinAsync(ShardPin pin, CancellationToken cancellationToken);

    /// <summary>Refused: the shard is not pinned.</summary>
    Task<WriteOutcome> UnpinAsync(int shard, CancellationToken cancellationToken);

    /// <summary>
    /// Puts an order to move in place of the one the shard may have. Refused: the shard is at another epoch than the order expects, or there is no such
    /// shard. Where owners have a file of their own the epoch is looked at beforehand; the coordinator compares it again.
    /// </summary>
    Task<WriteOutcome> MoveAsync(ShardMove move, CancellationToken cancellationToken);

    /// <summary>
    /// Takes at most <see cref="MaxShardsPerTransaction"/> shards in one transaction, rows locked in order of shard; each claim stands or falls on
    /// its own. Each grant is logged in the ownership history, whose key (shard, epoch) makes two owners of one epoch impossible.
    /// Returns what was granted, with the new epochs.
    /// </summary>
    /// <exception cref="StoreUnavailableException">No definite answer: read the map before relying on anything.</exception>
    Task<IReadOnlyList<ShardEpoch>> AcquireAsync(
        Incarnation self, IReadOnlyList<ShardClaim> claims, string acquiredBy, CancellationToken cancellationToken);

    /// <summary>Sets the owner of each shard to null where it is (self, epoch); the epoch stays. Returns those released.</summary>
    /// <exception cref="StoreUnavailableException">No definite answer.</exception>
    Task<IReadOnlyList<ShardEpoch>> ReleaseAsync(
        Incarnation self, IReadOnlyList<ShardEpoch> shards, CancellationToken cancellationToken);

    /// <summary>
    /// Gives shards of <paramref name="self"/> to their targets: at most <see cref="MaxShardsPerTransaction"/> in one transaction, rows locked in
    /// order of shard; each stands or falls on its own. Given is a shard whose row is (self, epoch) and whose target is up; where
    /// leases have a file of their own, that the target is up is looked at beforehand. Logged in the ownership history like a
    /// grant. Returns what was given, with the targets' epochs.
    /// </summary>
    /// <exception cref="StoreUnavailableException">No definite answer: serve nothing before a reading has shown the row.</exception>
    Task<IReadOnlyList<ShardEpoch>> HandOverAsync(
        Incarnation self, IReadOnlyList<HandOver> shards, CancellationToken cancellationToken);

    /// <summary>The bound on one takeover transaction.</summary>
    const int MaxShardsPerTransaction = 32;
}
