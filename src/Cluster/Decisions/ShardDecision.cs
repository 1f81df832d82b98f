namespace AkkaScale.Cluster.Decisions;

/// <summary>What a coordinator decided about a shard, why, and the numbers behind it.</summary>
/// <param name="Region">Type name, as given to sharding.</param>
/// <param name="From">Name of the node that it was on; null: none, or one that is not known.</param>
/// <param name="To">Name of the node that it is to be on.</param>
/// <param name="Reason">In words.</param>
/// <param name="Numbers">By name; times in seconds.</param>
/// <param name="Coordinator">Name of the node that decided.</param>
public sealed record ShardDecision(
    string Region, int Shard, ShardDecisionKind Kind, string? From, string To, string Reason, IReadOnlyDictionary<string, double> Numbers,
    string Coordinator)
{
    /// <summary>Given by the database, growing; 0 before that.</summary>
    public long Nr { get; init; }

    /// <summary>UTC, by the coordinator's wall clock.</summary>
    public DateTime At { get; init; }
}
