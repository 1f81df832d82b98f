using AkkaScale.Cluster.Orders;
using AkkaScale.Cluster.Storage;
using Npgsql;

namespace AkkaScale.Cluster.Postgres;

/// <summary>Operators' orders, by the session of a <see cref="PostgresObserver"/>.</summary>
internal sealed class PostgresOrders(PostgresSession session, string cluster)
{
    private static readonly Statements PutShard = new(OrderSql.PutShard("now()"));
    private static readonly Statements AllShards = new(OrderSql.AllShards);
    private static readonly Statements DeleteShard = new(OrderSql.DeleteShard);
    private static readonly Statements PutNode = new(OrderSql.PutNode("now()"));
    private static readonly Statements AllNodes = new(OrderSql.AllNodes);
    private static readonly Statements DeleteNode = new(OrderSql.DeleteNode);

    public void Write(ShardOrder order) => session.Execute(
        PutShard, cluster, order.Region, order.Shard, order.NodeName, order.By, order.Reason, OrderSql.ToText(order.Kind));

    public void Write(NodeOrder order) =>
        session.Execute(PutNode, cluster, order.NodeName, OrderSql.ToText(order.Kind), order.By, order.Reason);

    public StandingOrders Read() => new(session.Read(AllShards, Shards, cluster), session.Read(AllNodes, Nodes, cluster));

    public bool Remove(ShardOrder order) =>
        session.Execute(DeleteShard, cluster, order.Region, order.Shard, order.NodeName, order.At) == 1;

    public bool Remove(string node) => session.Execute(DeleteNode, cluster, node) == 1;

    private static List<ShardOrder> Shards(NpgsqlDataReader reader)
    {
        var orders = new List<ShardOrder>();
        while (reader.Read())
        {
            orders.Add(new ShardOrder(
                reader.GetString(0), reader.GetInt32(1), reader.GetString(2), reader.GetString(3), reader.GetString(4))
            {
                At = reader.GetDateTime(5),
                Kind = OrderSql.ParseShard(reader.GetString(6)),
            });
        }

        return orders;
    }

    private static List<NodeOrder> Nodes(NpgsqlDataReader reader)
    {
        var orders = new List<NodeOrder>();
        while (reader.Read())
        {
            orders.Add(new NodeOrder(
                reader.GetString(0), OrderSql.ParseNode(reader.GetString(1)), reader.GetString(2), reader.GetString(3))
            {
                At = reader.GetDateTime(4),
            });
        }

        return orders;
    }
}
