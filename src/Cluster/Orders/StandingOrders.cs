namespace AkkaScale.Cluster.Orders;

/// <summary>Everything that operators want at one moment.</summary>
/// <param name="Shards">In order of region and shard.</param>
/// <param name="Nodes">In order of name.</param>
public sealed record StandingOrders(IReadOnlyList<ShardOrder> Shards, IReadOnlyList<NodeOrder> Nodes)
{
    public static StandingOrders None { get; } = new([], []);
}
