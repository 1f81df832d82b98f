using AkkaScale.Cluster;
using AkkaScale.Cluster.Ownership;
using AkkaScale.Journal.Schema;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Journal.Sqlite;

/// <summary>What operators order of nodes and shards, and what the coordinator decided.</summary>
internal sealed class SqliteOrders(SqliteDatabase cluster)
{
    public const string OrdersSql = "SELECT node_name, kind, reason, by_whom, at FROM node_order ORDER BY node_name";

    public const string PinsSql = "SELECT shard, node_name, reason, by_whom, at FROM shard_pin ORDER BY shard";

    private const string SetSql =
        """
        INSERT INTO node_order (node_name, kind, reason, by_whom, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (node_name) DO UPDATE SET kind = excluded.kind, reason = excluded.reason, by_whom = excluded.by_whom, at = excluded.at
        """;

    private const string PinSql =
        """
        INSERT INTO shard_pin (shard, node_name, reason, by_whom, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (shard) DO UPDATE SET
            node_name = excluded.node_name, reason = excluded.reason, by_whom = excluded.by_whom, at = excluded.at
        """;

    private const string DecisionsSql =
        """
        SELECT shard, nr, target, reason, decided_by, term, coalesce(numbers, ''), decided_at
        FROM shard_decision WHERE shard = $1 ORDER BY nr DESC LIMIT 100
        """;

    public Task<WriteOutcome> SetAsync(NodeOrder order) => cluster.TryWriteAsync(session =>
        session.Statement(SetSql, 5).Execute(
            order.NodeName, OrderColumns.Text(order.Kind), order.Reason, order.ByWhom, SqliteValues.Microseconds(order.At)) == 1);

    public Task<WriteOutcome> ClearAsync(string nodeName) => cluster.TryWriteAsync(session =>
        session.Statement("DELETE FROM node_order WHERE node_name = $1", 1).Execute(nodeName) == 1);

    public Task<WriteOutcome> PinAsync(ShardPin pin) => cluster.TryWriteAsync(session =>
        session.Statement(PinSql, 5).Execute(pin.Shard, pin.NodeName, pin.Reason, pin.ByWhom, SqliteValues.Microseconds(pin.At)) == 1);

    public Task<WriteOutcome> UnpinAsync(int shard) => cluster.TryWriteAsync(session =>
        session.Statement("DELETE FROM shard_pin WHERE shard = $1", 1).Execute(shard) == 1);

    public async Task<IReadOnlyList<ShardDecision>> ReadDecisionsAsync(int shard, CancellationToken cancellationToken) =>
        await cluster.Readers.ReadAsync(
            "A shard's decisions cannot be read", connection => SqliteReaders.Query(connection, DecisionsSql, Decision, shard), cancellationToken);

    public static NodeOrder Order(SqliteDataReader row) => new(
        row.GetString(0), OrderColumns.Kind(row.GetString(1)), row.GetString(2), row.GetString(3), SqliteValues.At(row, 4));

    public static ShardPin Pin(SqliteDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), SqliteValues.At(row, 4));

    private static ShardDecision Decision(SqliteDataReader row) => new(
        row.GetInt32(0), row.GetInt64(1), SqliteValues.Incarnation(row, 2), row.GetString(3), SqliteValues.Incarnation(row, 4),
        row.GetInt64(5), row.GetString(6), SqliteValues.At(row, 7));
}
