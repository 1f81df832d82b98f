using AkkaScale.Cluster.Orders;

namespace AkkaScale.Sharding.Allocation;

/// <summary>Orders as the reason of a decision.</summary>
internal static class OrderWords
{
    public static string Of(ShardOrder order) =>
        $"{(order.Kind == ShardOrderKind.Pin ? "pinned" : "ordered")} by {Who(order.By)}{Why(order.Reason)}";

    /// <summary>Of a drain.</summary>
    public static string Of(NodeOrder order) => $"{order.NodeName} is drained by {Who(order.By)}{Why(order.Reason)}";

    private static string Who(string by) => by.Length == 0 ? "an operator" : by;

    private static string Why(string reason) => reason.Length == 0 ? "" : $": {reason}";
}
