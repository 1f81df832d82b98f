namespace AkkaScale.Management.Facts;

/// <summary>
/// What the management port shows of the cluster. Every node answers for the whole cluster. What could not be learned in time is null,
/// never 0. Every question may throw <see cref="FactsUnavailableException"/>.
/// </summary>
internal interface IClusterFacts
{
    /// <summary>The entity kinds that this node knows, in ordinal order.</summary>
    IReadOnlyList<string> Kinds { get; }

    /// <summary>The regions that this node knows, in ordinal order: one for each kind, and those that the program started besides.</summary>
    IReadOnlyList<string> Regions { get; }

    /// <summary>Whether this process is a member of the cluster.</summary>
    bool IsMember { get; }

    /// <summary>Empty when this node should get traffic.</summary>
    IReadOnlyList<string> NotReadyReasons { get; }

    Task<ClusterStatus> StatusAsync(CancellationToken cancellationToken);

    /// <summary>The members that are not over.</summary>
    Task<ClusterMembers> MembersAsync(CancellationToken cancellationToken);

    /// <param name="name">The node's name, the member's id, host:port of its cluster port, or its whole address.</param>
    /// <exception cref="OrderRefusedException">There is no such member, there are several, or it is over.</exception>
    Task<MemberFacts> MemberAsync(string name, CancellationToken cancellationToken);

    /// <summary>Every shard, in order of region and number.</summary>
    Task<ShardMapFacts> ShardsAsync(CancellationToken cancellationToken);

    /// <summary>Where a shard is, why, and what keeps it there.</summary>
    /// <exception cref="OrderRefusedException">There is no such shard.</exception>
    Task<ShardStory> WhyAsync(ShardKey shard, CancellationToken cancellationToken);

    /// <summary>What coordinators decided after the decision of this number, in order; null: none of it, only the latest number.</summary>
    Task<DecisionPage> DecisionsAsync(long? after, int limit, CancellationToken cancellationToken);

    /// <summary>What would move.</summary>
    /// <exception cref="OrderRefusedException">There is no such region or node.</exception>
    Task<ShardPlanFacts> PlanAsync(PlanWish wish, CancellationToken cancellationToken);

    /// <summary>The shards that have an owner, with the entities of a kind that they have in memory.</summary>
    Task<IReadOnlyList<ShardResidents>> ResidentsAsync(string kind, CancellationToken cancellationToken);
}
