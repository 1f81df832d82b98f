using AkkaScale.Cluster.Orders;
using Npgsql;

namespace AkkaScale.Cluster.Postgres;

/// <summary>Operators' orders, by the session of a <see cref="PostgresObserver"/>.</summary>
internal sealed class PostgresOrders(PostgresSession session, string cluster)
{
    private static readonly Statements Put = new(
        """
        INSERT INTO shard_order (cluster, region, shard, node, ordered_by, reason, ordered_at) VALUES ($1, $2, $3, $4, $5, $6, now())
        ON CONFLICT (cluster, region, shard) DO UPDATE SET
            node = excluded.node, ordered_by = excluded.ordered_by, reason = excluded.reason, ordered_at = excluded.ordered_at
        """);

    private static readonly Statements All = new(
        "SELECT region, shard, node, ordered_by, reason, ordered_at FROM shard_order WHERE cluster = $1 ORDER BY region, shard");

    private static readonly Statements Delete = new(
        "DELETE FROM shard_order WHERE cluster = $1 AND region = $2 AND shard = $3 AND node = $4 AND ordered_at = $5");

    public void Write(ShardOrder order) =>
        session.Execute(Put, cluster, order.Region, order.Shard, order.NodeName, order.By, order.Reason);

    public IReadOnlyList<ShardOrder> Read() => session.Read(All, Rows, cluster);

    public bool Remove(ShardOrder order) => session.Execute(Delete, cluster, order.Region, order.Shard, order.NodeName, order.At) == 1;

    private static List<ShardOrder> Rows(NpgsqlDataReader reader)
    {
        var orders = new List<ShardOrder>();
        while (reader.Read())
        {
            orders.Add(new ShardOrder(
                reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetString(4))
            {
                At = reader.GetDateTime(5),
            });
        }

        return orders;
    }
}
