namespace AkkaScale.Cluster.Orders;

public enum ShardOrderKind
{
    /// <summary>It moves to the node once. The order is over when it is there.</summary>
    Move,

    /// <summary>It is at home on the node whenever that is up, until the order is taken back.</summary>
    Pin,
}
