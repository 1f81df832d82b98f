using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Schema;
using Microsoft.Data.Sqlite;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>What operators order of nodes and shards, and what the coordinator decided.</summary>
internal sealed class SqliteOrders(SqliteDatabase journal, SqliteDatabase cluster)
{
    private const string SetMoveSql =
        $"INSERT INTO shard_move (shard, node_name, expected_epoch, reason, by_whom, at) VALUES ($1, $2, $3, $4, $5, $6) {OrderSql.SetMoveOnConflict}";

    public Task<WriteOutcome> SetAsync(NodeOrder order) => cluster.TryWriteAsync(session =>
        session.Statement(OrderSql.SetOrder, 5).Execute(
            order.NodeName, OrderColumns.Text(order.Kind), order.Reason, order.ByWhom, SqliteValues.Microseconds(order.At)) == 1);

    public Task<WriteOutcome> ClearAsync(string nodeName) => cluster.TryWriteAsync(session =>
        session.Statement("DELETE FROM node_order WHERE node_name = $1", 1).Execute(nodeName) == 1);

    public Task<WriteOutcome> PinAsync(ShardPin pin) => cluster.TryWriteAsync(session =>
        session.Statement(OrderSql.SetPin, 5).Execute(pin.Shard, pin.NodeName, pin.Reason, pin.ByWhom, SqliteValues.Microseconds(pin.At)) == 1);

    public Task<WriteOutcome> UnpinAsync(int shard) => cluster.TryWriteAsync(session =>
        session.Statement("DELETE FROM shard_pin WHERE shard = $1", 1).Execute(shard) == 1);

    public async Task<WriteOutcome> MoveAsync(ShardMove move, CancellationToken cancellationToken)
    {
        // Owners are rows of the other file.
        var isExpected = await journal.Readers.ReadAsync(
            "A shard's owner cannot be read",
            connection => SqliteReaders.Query(
                connection, "SELECT 1 FROM shard_owner WHERE shard = $1 AND epoch = $2", static _ => true, move.Shard, move.ExpectedEpoch).Count == 1,
            cancellationToken);
        return !isExpected
            ? WriteOutcome.Refused
            : await cluster.TryWriteAsync(session => session.Statement(SetMoveSql, 6).Execute(
                move.Shard, move.NodeName, move.ExpectedEpoch, move.Reason, move.ByWhom, SqliteValues.Microseconds(move.At)) == 1);
    }

    public async Task<IReadOnlyList<ShardDecision>> ReadDecisionsAsync(int shard, CancellationToken cancellationToken) =>
        await cluster.Readers.ReadAsync(
            "A shard's decisions cannot be read", connection => SqliteReaders.Query(connection, OrderSql.Decisions, Decision, shard), cancellationToken);

    public static NodeOrder Order(SqliteDataReader row) => new(
        row.GetString(0), OrderColumns.Kind(row.GetString(1)), row.GetString(2), row.GetString(3), SqliteValues.At(row, 4));

    public static ShardPin Pin(SqliteDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), SqliteValues.At(row, 4));

    public static ShardMove Move(SqliteDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), SqliteValues.At(row, 5));

    private static ShardDecision Decision(SqliteDataReader row) => new(
        row.GetInt32(0), row.GetInt64(1), SqliteValues.Incarnation(row, 2), row.GetString(3), SqliteValues.Incarnation(row, 4),
        row.GetInt64(5), row.GetString(6), SqliteValues.At(row, 7));
}
