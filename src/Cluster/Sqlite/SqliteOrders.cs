using System.Globalization;
using AkkaScale.Cluster.Orders;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>Operators' orders in the members' file, by the session of a <see cref="SqliteObserver"/>.</summary>
internal sealed class SqliteOrders(SqliteSession session, string cluster, TimeProvider time)
{
    private const string Put =
        """
        INSERT INTO shard_order (cluster, region, shard, node, ordered_by, reason, ordered_at) VALUES ($1, $2, $3, $4, $5, $6, $7)
        ON CONFLICT (cluster, region, shard) DO UPDATE SET
            node = excluded.node, ordered_by = excluded.ordered_by, reason = excluded.reason, ordered_at = excluded.ordered_at
        """;

    private const string All =
        "SELECT region, shard, node, ordered_by, reason, ordered_at FROM shard_order WHERE cluster = $1 ORDER BY region, shard";

    private const string Delete =
        "DELETE FROM shard_order WHERE cluster = $1 AND region = $2 AND shard = $3 AND node = $4 AND ordered_at = $5";

    public void Write(ShardOrder order) => Change(
        Put, cluster, order.Region, order.Shard, order.NodeName, order.By, order.Reason, Text(time.GetUtcNow().UtcDateTime));

    public IReadOnlyList<ShardOrder> Read()
    {
        var orders = new List<ShardOrder>();
        using var reader = session.Prepare(All, cluster).ExecuteReader();
        while (reader.Read())
        {
            orders.Add(new ShardOrder(
                reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetString(4))
            {
                At = DateTime.Parse(reader.GetString(5), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
            });
        }

        return orders;
    }

    public bool Remove(ShardOrder order) => Change(Delete, cluster, order.Region, order.Shard, order.NodeName, Text(order.At));

    private static string Text(DateTime at) => at.ToString("O", CultureInfo.InvariantCulture);

    private bool Change(string sql, params object?[] values)
    {
        var changed = false;
        session.Transact(() => changed = session.Prepare(sql, values).ExecuteNonQuery() == 1);
        return changed;
    }
}
