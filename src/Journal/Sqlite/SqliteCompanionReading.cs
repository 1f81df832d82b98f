using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Journal.Sqlite;

/// <summary>Reads of timers, outbox and remembered entities.</summary>
/// <param name="time">The host's clock is the store's: all its processes live on this host.</param>
internal sealed class SqliteCompanionReading(SqliteDatabase journal, TimeProvider time)
{
    private const string What = "The journal cannot be read";

    public async Task<IReadOnlyList<DueTimer>> ReadDueTimersAsync(IReadOnlyList<int> shards, int limit, CancellationToken cancellationToken) =>
        await journal.Readers.ReadAsync(
            What,
            connection => SqliteReaders.Query(
                connection,
                $"""
                SELECT shard, entity_kind, entity_id, name, version, due_at FROM timer
                WHERE due_at <= $1 AND shard IN ({SqliteValues.List(shards)})
                ORDER BY due_at, entity_kind, entity_id, name LIMIT $2
                """,
                row => new DueTimer(
                    row.GetInt32(0), Key(row, 1), row.GetString(3), row.GetInt64(4), SqliteValues.At(row, 5)),
                SqliteValues.Microseconds(time.GetUtcNow()), limit),
            cancellationToken);

    public async Task<IReadOnlyList<OutboxMessage>> ReadOutboxAsync(
        int shard, OutboxMessage? after, int limit, CancellationToken cancellationToken) =>
        await journal.Readers.ReadAsync(
            What,
            connection => SqliteReaders.Query(
                connection,
                """
                SELECT sender_kind, sender_id, receiver_kind, receiver_id, nr, acting_user, command, at FROM outbox
                WHERE shard = $1 AND acknowledged_at IS NULL AND (sender_kind, sender_id, nr) > ($2, $3, $4)
                ORDER BY sender_kind, sender_id, nr LIMIT $5
                """,
                row => new OutboxMessage(
                    Key(row, 0), Key(row, 2), row.GetInt64(4), row.GetString(5), SqliteValues.Bytes(row, 6), SqliteValues.At(row, 7)),
                shard, after?.Sender.Kind ?? "", after?.Sender.Id ?? "", after?.Nr ?? 0, limit),
            cancellationToken);

    public async Task<IReadOnlyList<OutboxSettlement>> ReadIdleChannelsAsync(
        IReadOnlyList<int> shards, TimeSpan idleFor, int limit, CancellationToken cancellationToken) =>
        await journal.Readers.ReadAsync(
            What,
            connection => SqliteReaders.Query(
                connection,
                $"""
                SELECT sender_kind, sender_id, receiver_kind, receiver_id, nr FROM outbox AS mark
                WHERE acknowledged_at < $1 AND shard IN ({SqliteValues.List(shards)})
                  AND NOT EXISTS (
                    SELECT 1 FROM outbox AS later
                    WHERE later.sender_kind = mark.sender_kind AND later.sender_id = mark.sender_id
                      AND later.receiver_kind = mark.receiver_kind AND later.receiver_id = mark.receiver_id AND later.nr > mark.nr)
                ORDER BY acknowledged_at LIMIT $2
                """,
                row => new OutboxSettlement(Key(row, 0), Key(row, 2), row.GetInt64(4), IsClosed: false),
                SqliteValues.Microseconds(time.GetUtcNow() - idleFor), limit),
            cancellationToken);

    public async Task<IReadOnlyList<EntityKey>> ReadRememberedAsync(
        int shard, EntityKey? after, int limit, CancellationToken cancellationToken) =>
        await journal.Readers.ReadAsync(
            What,
            connection => SqliteReaders.Query(
                connection,
                """
                SELECT entity_kind, entity_id FROM remembered_entity WHERE shard = $1 AND (entity_kind, entity_id) > ($2, $3)
                ORDER BY entity_kind, entity_id LIMIT $4
                """,
                row => Key(row, 0),
                shard, after?.Kind ?? "", after?.Id ?? "", limit),
            cancellationToken);

    private static EntityKey Key(SqliteDataReader row, int column) => new(row.GetString(column), row.GetString(column + 1));
}
