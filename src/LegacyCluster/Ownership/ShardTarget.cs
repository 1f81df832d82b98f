using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Ownership;

/// <summary>Where the coordinator wants a shard to live, and why.</summary>
/// <param name="Reason">One line for an operator, e.g. "node-3 joined: 86 shards each".</param>
/// <param name="DecidedBy">The coordinator.</param>
/// <param name="Term">The term under which it was decided.</param>
public sealed record ShardTarget(int Shard, Incarnation Target, string Reason, Incarnation DecidedBy, long Term)
{
    /// <summary>The figures behind the decision, as JSON; goes to the decision log and is not read back with the targets.</summary>
    public string Numbers { get; init; } = "";

    /// <summary>An order to move the shard that is over with this decision: taken out in the same transaction, unless another one stands there by then.
    /// Not read back with the targets.</summary>
    public ShardMove? EndsMove { get; init; }
}
