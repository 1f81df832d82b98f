using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using Npgsql;

namespace AkkaScale.Journal.Postgres;

/// <summary>Reads of timers, outbox and remembered entities.</summary>
internal sealed class PostgresCompanionReading(PostgresConnections connections)
{
    // now() and not clock_timestamp(): the index serves a bound that is fixed for the statement only.
    private const string DueTimersSql =
        """
        SELECT shard, entity_kind, entity_id, name, version, due_at FROM timer
        WHERE due_at <= now() AND shard = ANY ($1)
        ORDER BY due_at, entity_kind, entity_id, name LIMIT $2
        """;

    private const string OutboxSql =
        """
        SELECT sender_kind, sender_id, receiver_kind, receiver_id, nr, acting_user, command, at FROM outbox
        WHERE shard = $1 AND acknowledged_at IS NULL AND (sender_kind, sender_id, nr) > ($2, $3, $4)
        ORDER BY sender_kind, sender_id, nr LIMIT $5
        """;

    private const string IdleChannelsSql =
        """
        SELECT sender_kind, sender_id, receiver_kind, receiver_id, nr FROM outbox mark
        WHERE acknowledged_at < now() - $2 AND shard = ANY ($1)
          AND NOT EXISTS (
            SELECT FROM outbox later
            WHERE later.sender_kind = mark.sender_kind AND later.sender_id = mark.sender_id
              AND later.receiver_kind = mark.receiver_kind AND later.receiver_id = mark.receiver_id AND later.nr > mark.nr)
        ORDER BY acknowledged_at LIMIT $3
        """;

    private const string RememberedSql =
        """
        SELECT entity_kind, entity_id FROM remembered_entity WHERE shard = $1 AND (entity_kind, entity_id) > ($2, $3)
        ORDER BY entity_kind, entity_id LIMIT $4
        """;

    public async Task<IReadOnlyList<DueTimer>> ReadDueTimersAsync(IReadOnlyList<int> shards, int limit, CancellationToken cancellationToken) =>
        await QueryAsync(
            DueTimersSql,
            row => new DueTimer(row.GetInt32(0), Key(row, 1), row.GetString(3), row.GetInt64(4), row.GetFieldValue<DateTimeOffset>(5)),
            cancellationToken,
            shards.ToArray(), limit);

    public async Task<IReadOnlyList<OutboxMessage>> ReadOutboxAsync(
        int shard, OutboxMessage? after, int limit, CancellationToken cancellationToken) =>
        await QueryAsync(
            OutboxSql,
            row => new OutboxMessage(
                Key(row, 0), Key(row, 2), row.GetInt64(4), row.GetString(5), row.GetFieldValue<byte[]>(6), row.GetFieldValue<DateTimeOffset>(7)),
            cancellationToken,
            shard, after?.Sender.Kind ?? "", after?.Sender.Id ?? "", after?.Nr ?? 0, limit);

    public async Task<IReadOnlyList<OutboxSettlement>> ReadIdleChannelsAsync(
        IReadOnlyList<int> shards, TimeSpan idleFor, int limit, CancellationToken cancellationToken) =>
        await QueryAsync(
            IdleChannelsSql,
            row => new OutboxSettlement(Key(row, 0), Key(row, 2), row.GetInt64(4), IsClosed: false),
            cancellationToken,
            shards.ToArray(), idleFor, limit);

    public async Task<IReadOnlyList<EntityKey>> ReadRememberedAsync(
        int shard, EntityKey? after, int limit, CancellationToken cancellationToken) =>
        await QueryAsync(RememberedSql, row => Key(row, 0), cancellationToken, shard, after?.Kind ?? "", after?.Id ?? "", limit);

    private Task<List<T>> QueryAsync<T>(
        string sql, Func<NpgsqlDataReader, T> read, CancellationToken cancellationToken, params object[] values) =>
        PostgresJournalReading.QueryAsync(
            connections, sql, read, cancellationToken, [.. values.Select(value => new NpgsqlParameter { Value = value })]);

    private static EntityKey Key(NpgsqlDataReader row, int column) => new(row.GetString(column), row.GetString(column + 1));
}
