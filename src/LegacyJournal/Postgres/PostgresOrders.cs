using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Schema;
using Npgsql;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>What operators order of nodes and shards, and what the coordinator decided.</summary>
internal sealed class PostgresOrders(PostgresConnections connections)
{
    private const string SetMoveSql =
        $"""
        INSERT INTO shard_move (shard, node_name, expected_epoch, reason, by_whom, at)
        SELECT shard, $2, $3, $4, $5, $6 FROM shard_owner WHERE shard = $1 AND epoch = $3
        {OrderSql.SetMoveOnConflict}
        """;

    public Task<WriteOutcome> SetAsync(NodeOrder order, CancellationToken cancellationToken) => WriteAsync(
        OrderSql.SetOrder, cancellationToken, order.NodeName, OrderColumns.Text(order.Kind), order.Reason, order.ByWhom, order.At.UtcDateTime);

    public Task<WriteOutcome> ClearAsync(string nodeName, CancellationToken cancellationToken) =>
        WriteAsync("DELETE FROM node_order WHERE node_name = $1", cancellationToken, nodeName);

    public Task<WriteOutcome> PinAsync(ShardPin pin, CancellationToken cancellationToken) =>
        WriteAsync(OrderSql.SetPin, cancellationToken, pin.Shard, pin.NodeName, pin.Reason, pin.ByWhom, pin.At.UtcDateTime);

    public Task<WriteOutcome> UnpinAsync(int shard, CancellationToken cancellationToken) =>
        WriteAsync("DELETE FROM shard_pin WHERE shard = $1", cancellationToken, shard);

    public Task<WriteOutcome> MoveAsync(ShardMove move, CancellationToken cancellationToken) => WriteAsync(
        SetMoveSql, cancellationToken, move.Shard, move.NodeName, move.ExpectedEpoch, move.Reason, move.ByWhom, move.At.UtcDateTime);

    public async Task<IReadOnlyList<ShardDecision>> ReadDecisionsAsync(int shard, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenPooledAsync(cancellationToken);
            await using var command = new NpgsqlCommand(OrderSql.Decisions, connection) { Parameters = { new() { Value = shard } } };
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var decisions = new List<ShardDecision>();
            while (await reader.ReadAsync(cancellationToken))
            {
                decisions.Add(Decision(reader));
            }

            return decisions;
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("A shard's decisions cannot be read", error);
        }
    }

    public static NodeOrder Order(NpgsqlDataReader row) => new(
        row.GetString(0), OrderColumns.Kind(row.GetString(1)), row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4));

    public static ShardPin Pin(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetFieldValue<DateTimeOffset>(4));

    public static ShardMove Move(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetString(1), row.GetInt64(2), row.GetString(3), row.GetString(4), row.GetFieldValue<DateTimeOffset>(5));

    private static ShardDecision Decision(NpgsqlDataReader row) => new(
        row.GetInt32(0), row.GetInt64(1), new Incarnation(row.GetGuid(2)), row.GetString(3), new Incarnation(row.GetGuid(4)),
        row.GetInt64(5), row.GetString(6), row.GetFieldValue<DateTimeOffset>(7));

    private async Task<WriteOutcome> WriteAsync(string sql, CancellationToken cancellationToken, params object[] values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value });
        }

        await using var batch = new NpgsqlBatch { BatchCommands = { command } };
        return await PostgresWrites.ExecuteAsync(connections, batch, commands => commands[0].RecordsAffected == 1, cancellationToken);
    }
}
