using System.Globalization;
using AkkaScale.Cluster.Orders;
using AkkaScale.Cluster.Storage;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>Operators' orders in the members' file, by the session of a <see cref="SqliteObserver"/>.</summary>
internal sealed class SqliteOrders(SqliteSession session, string cluster, TimeProvider time)
{
    private static readonly string PutShard = OrderSql.PutShard("$8");
    private static readonly string PutNode = OrderSql.PutNode("$6");

    public void Write(ShardOrder order) => Change(
        PutShard, cluster, order.Region, order.Shard, order.NodeName, order.By, order.Reason, OrderSql.ToText(order.Kind), Now());

    public void Write(NodeOrder order) =>
        Change(PutNode, cluster, order.NodeName, OrderSql.ToText(order.Kind), order.By, order.Reason, Now());

    public StandingOrders Read() => new(Shards(), Nodes());

    public bool Remove(ShardOrder order) =>
        Change(OrderSql.DeleteShard, cluster, order.Region, order.Shard, order.NodeName, Text(order.At));

    public bool Remove(string node) => Change(OrderSql.DeleteNode, cluster, node);

    private List<ShardOrder> Shards()
    {
        var orders = new List<ShardOrder>();
        using var reader = session.Prepare(OrderSql.AllShards, cluster).ExecuteReader();
        while (reader.Read())
        {
            orders.Add(new ShardOrder(
                reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetString(4))
            {
                At = Moment(reader, 5),
                Kind = OrderSql.ParseShard(reader.GetString(6)),
            });
        }

        return orders;
    }

    private List<NodeOrder> Nodes()
    {
        var orders = new List<NodeOrder>();
        using var reader = session.Prepare(OrderSql.AllNodes, cluster).ExecuteReader();
        while (reader.Read())
        {
            orders.Add(new NodeOrder(
                reader.GetString(0), OrderSql.ParseNode(reader.GetString(1)), reader.GetString(2), reader.GetString(3))
            {
                At = Moment(reader, 4),
            });
        }

        return orders;
    }

    private string Now() => Text(time.GetUtcNow().UtcDateTime);

    private static DateTime Moment(SqliteDataReader reader, int column) =>
        DateTime.Parse(reader.GetString(column), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind);

    private static string Text(DateTime at) => at.ToString("O", CultureInfo.InvariantCulture);

    private bool Change(string sql, params object?[] values)
    {
        var changed = false;
        session.Transact(() => changed = session.Prepare(sql, values).ExecuteNonQuery() == 1);
        return changed;
    }
}
