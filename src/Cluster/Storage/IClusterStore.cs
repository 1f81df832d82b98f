using AkkaScale.Cluster.Audit;
using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Inspection;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Orders;

namespace AkkaScale.Cluster.Storage;

/// <summary>
/// The tables <c>cluster</c>, <c>node</c>, <c>shard_order</c>, <c>node_order</c>, <c>shard_decision</c>,
/// <c>audit</c> and <c>lease</c>. Each session has a connection of its own and is
/// used by one thread; whatever it throws breaks it: the user disposes it and opens another. <see cref="DatabaseErrors.IsAway"/> tells a
/// database that is away from a fault.
/// </summary>
internal interface IClusterStore : IDisposable
{
    /// <summary>Checks the server, makes or checks the schema, and fixes or compares the terms.</summary>
    /// <exception cref="ClusterRefusedException">The server, the schema, the terms or another cluster's name do not fit.</exception>
    void Open(ClusterTerms terms, bool migrate);

    /// <summary>Takes the session lock, then makes the row visible: a row that is there and not locked belongs to an ended process.</summary>
    /// <remarks>May be repeated by the same process when its answer was lost.</remarks>
    ILivenessSession Register(NodeRegistration node);

    /// <summary>
    /// After the former session broke: renews first, then ends the former session's server process, then tries for the session lock without
    /// waiting. It is had at a later <see cref="ILivenessSession.Renew"/> if not at once.
    /// </summary>
    ILivenessSession Resume(NodeRegistration node);

    IObserverSession Observe();

    ILeaseSession OpenLeases(string incarnation);

    IAuditSession OpenAudit();

    IDecisionSession OpenDecisions();

    /// <summary>How the database is set up and how it fares, by a connection of its own.</summary>
    Task<StoreFacts> InspectAsync(CancellationToken cancellationToken);
}

/// <summary>By which an incarnation shows that it lives.</summary>
internal interface ILivenessSession : IDisposable
{
    /// <summary>Counts one renewal if the row is live.</summary>
    /// <returns>The state of the row; only <see cref="NodeState.Live"/> has been renewed. Dead where there is no row.</returns>
    NodeState Renew();

    /// <summary>Live or down becomes left. What is final stays.</summary>
    void Leave(string reason);
}

/// <summary>By which a process looks at all others and decides about them. Every change is a compare-and-set.</summary>
internal interface IObserverSession : IDisposable
{
    /// <param name="also">Incarnations that are wanted whatever their state; others are read only while live or down.</param>
    ClusterReading Read(IReadOnlyCollection<string> also);

    /// <summary>The newest incarnations in any state, for people; newest first.</summary>
    IReadOnlyList<NodeRow> History(int limit);

    /// <summary>Live or down becomes dead, if state and counter are still these.</summary>
    bool DeclareDead(string incarnation, NodeState state, long renewals, string reason);

    /// <summary>An operator's word: live becomes down.</summary>
    bool SendAway(string incarnation, string reason);

    /// <summary>
    /// One side's claim in a partition: with the cluster's row locked, if all of <paramref name="mine"/> are live and of this generation,
    /// every other live member of the generation becomes down.
    /// </summary>
    /// <returns>Whom it sent away; null when one of its own is no longer live, or the generation is another.</returns>
    IReadOnlyList<string>? Prevail(long generation, IReadOnlyCollection<string> mine, string reason);

    /// <summary>
    /// Founds generation + 1, if generation and founder are still these, the founder is not live, and no live row is of any generation. The
    /// founder's own row gets the generation in the same transaction.
    /// </summary>
    /// <returns>The new generation; null when it was not founded.</returns>
    long? Found(long generation, string? founder, string incarnation);

    /// <summary>
    /// Writes the generation into a live row that has none, under a share lock of the cluster's row, if the generation is still this.
    /// </summary>
    /// <returns>True as well when it was written before; false for a row that has another.</returns>
    bool Join(long generation, string incarnation);

    /// <summary>Takes the place of an earlier order for the same shard. <see cref="ShardOrder.At"/> is the database's.</summary>
    void PutOrder(ShardOrder order);

    /// <summary>Takes the place of an earlier order for the same node. <see cref="NodeOrder.At"/> is the database's.</summary>
    void PutOrder(NodeOrder order);

    /// <summary>All that are there.</summary>
    StandingOrders ReadOrders();

    /// <summary>Only while it is still this one.</summary>
    bool RemoveOrder(ShardOrder order);

    /// <summary>Whatever a node of this name was ordered.</summary>
    /// <returns>False: it was ordered nothing.</returns>
    bool RemoveNodeOrder(string node);
}

/// <summary>Takes and gives back leases for one incarnation. Epochs only grow.</summary>
internal interface ILeaseSession : IDisposable
{
    /// <summary>
    /// In one statement takes each that is free, this incarnation's own, or one of an incarnation that is dead or left, or of whom there is
    /// no row; the epoch is one above the last (PostgreSQL: and at least timeline·2⁴⁰ + 1). Server processes of a dead owner are ended
    /// before. Takes nothing if this incarnation's own row is not live.
    /// </summary>
    /// <returns>One for each name, in its order, as it is now; also one that was this incarnation's before and was not taken anew.</returns>
    IReadOnlyList<LeaseRow> Acquire(IReadOnlyList<string> names);

    /// <summary>Frees each that is still this incarnation's by this epoch.</summary>
    void Release(IReadOnlyList<LeaseClaim> claims);

    /// <summary>In a statement that begins now.</summary>
    /// <returns>One for each name, in its order; an epoch of 0 where there is no row.</returns>
    IReadOnlyList<LeaseRow> Read(IReadOnlyList<string> names);
}

/// <summary>A lease as the database has it.</summary>
/// <param name="Owner">Incarnation; null when free.</param>
internal readonly record struct LeaseRow(string Name, string? Owner, long Epoch);

internal readonly record struct LeaseClaim(string Name, long Epoch);
