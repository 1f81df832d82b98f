using AkkaScale.Cluster.Orders;

namespace AkkaScale.Cluster.Storage;

/// <summary>Orders in the SQL that both databases understand; kinds as they stand in the tables.</summary>
internal static class OrderSql
{
    public const string AllShards =
        "SELECT region, shard, node, ordered_by, reason, ordered_at, kind FROM shard_order WHERE cluster = $1 ORDER BY region, shard";

    public const string DeleteShard =
        "DELETE FROM shard_order WHERE cluster = $1 AND region = $2 AND shard = $3 AND node = $4 AND ordered_at = $5";

    public const string AllNodes = "SELECT node, kind, ordered_by, reason, ordered_at FROM node_order WHERE cluster = $1 ORDER BY node";

    public const string DeleteNode = "DELETE FROM node_order WHERE cluster = $1 AND node = $2";

    /// <param name="now">How the time of the order is had.</param>
    public static string PutShard(string now) =>
        $"""
        INSERT INTO shard_order (cluster, region, shard, node, ordered_by, reason, kind, ordered_at) VALUES ($1, $2, $3, $4, $5, $6, $7, {now})
        ON CONFLICT (cluster, region, shard) DO UPDATE SET
            node = excluded.node, ordered_by = excluded.ordered_by, reason = excluded.reason, kind = excluded.kind,
            ordered_at = excluded.ordered_at
        """;

    /// <inheritdoc cref="PutShard"/>
    public static string PutNode(string now) =>
        $"""
        INSERT INTO node_order (cluster, node, kind, ordered_by, reason, ordered_at) VALUES ($1, $2, $3, $4, $5, {now})
        ON CONFLICT (cluster, node) DO UPDATE SET
            kind = excluded.kind, ordered_by = excluded.ordered_by, reason = excluded.reason, ordered_at = excluded.ordered_at
        """;

    public static string ToText(ShardOrderKind kind) => kind == ShardOrderKind.Pin ? "pin" : "move";

    public static ShardOrderKind ParseShard(string kind) => kind switch
    {
        "move" => ShardOrderKind.Move,
        "pin" => ShardOrderKind.Pin,
        _ => throw new InvalidOperationException($"The database has an order of the kind {kind}, which this program does not know."),
    };

    public static string ToText(NodeOrderKind kind) => kind == NodeOrderKind.Drain ? "drain" : "cordon";

    public static NodeOrderKind ParseNode(string kind) => kind switch
    {
        "cordon" => NodeOrderKind.Cordon,
        "drain" => NodeOrderKind.Drain,
        _ => throw new InvalidOperationException($"The database has an order of the kind {kind}, which this program does not know."),
    };
}
