namespace AkkaScale.Management.Facts;

/// <summary>
/// What an operator may order through the management port. An order that cannot be carried out throws <see cref="OrderRefusedException"/>;
/// one of which is not known whether it was taken, <see cref="FactsUnavailableException"/>.
/// </summary>
internal interface IClusterOrders
{
    /// <summary>The member hands over what it owns and ends.</summary>
    /// <param name="member">As <see cref="IClusterFacts.MemberAsync"/> finds it.</param>
    Task<MemberOrderOutcome> LeaveAsync(string member, CancellationToken cancellationToken);

    /// <summary>The member is declared down, and its shards are taken over.</summary>
    /// <param name="member">As <see cref="IClusterFacts.MemberAsync"/> finds it.</param>
    Task<MemberOrderOutcome> DownAsync(string member, CancellationToken cancellationToken);

    /// <summary>A node is to join, or says that it has.</summary>
    Task<JoinOutcome> JoinAsync(string address, CancellationToken cancellationToken);

    /// <summary>A shard is to move to a node, once.</summary>
    Task<MoveOutcome> MoveAsync(MoveOrder order, CancellationToken cancellationToken);

    /// <summary>A shard is to be at home on a node whenever that is up, until it is unpinned.</summary>
    Task<PinOutcome> PinAsync(MoveOrder order, CancellationToken cancellationToken);

    /// <summary>A shard may be at home anywhere.</summary>
    Task<PinOutcome> UnpinAsync(ShardKey shard, CancellationToken cancellationToken);

    /// <summary>A node is to get no more shards, to give all it has away, or to take shards again.</summary>
    Task<NodeOrderOutcome> OrderNodeAsync(NodeWish wish, CancellationToken cancellationToken);

    /// <summary>Shards are to move now, as few as it takes, until every member has the same number of each region, give or take one.</summary>
    Task<IReadOnlyList<MoveOutcome>> RebalanceAsync(RebalanceOrder order, CancellationToken cancellationToken);

    /// <summary>An entity is to leave its owner's memory, if nothing is under way with it.</summary>
    Task<PassivationOutcome> PassivateAsync(string kind, string id, CancellationToken cancellationToken);
}
