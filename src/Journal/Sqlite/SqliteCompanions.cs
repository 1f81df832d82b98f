using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;

namespace AkkaScale.Journal.Sqlite;

/// <summary>The part of an append that most slices do not have: timers, messages, settlements, remembered entities. Runs inside the slice's savepoint.</summary>
internal static class SqliteCompanions
{
    private const string SetTimerSql =
        """
        INSERT INTO timer (entity_kind, entity_id, name, shard, version, due_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (entity_kind, entity_id, name) DO UPDATE SET shard = excluded.shard, version = excluded.version, due_at = excluded.due_at
        """;

    private const string RemoveTimerSql = "DELETE FROM timer WHERE entity_kind = $1 AND entity_id = $2 AND name = $3";

    private const string MessageSql =
        """
        INSERT INTO outbox (sender_kind, sender_id, receiver_kind, receiver_id, nr, shard, acting_user, command, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """;

    private const string ChannelClause = "sender_kind = $1 AND sender_id = $2 AND receiver_kind = $3 AND receiver_id = $4";
    private const string SettledSql = $"DELETE FROM outbox WHERE {ChannelClause} AND nr < $5";
    private const string ClosedSql = $"DELETE FROM outbox WHERE {ChannelClause} AND nr <= $5";

    private const string MarkSql =
        $"UPDATE outbox SET acknowledged_at = $6, acting_user = '', command = x'' WHERE {ChannelClause} AND nr = $5 AND acknowledged_at IS NULL";

    private const string RememberSql =
        """
        INSERT INTO remembered_entity (entity_kind, entity_id, shard) VALUES ($1, $2, $3)
        ON CONFLICT (entity_kind, entity_id) DO UPDATE SET shard = excluded.shard
        """;

    private const string ForgetSql = "DELETE FROM remembered_entity WHERE entity_kind = $1 AND entity_id = $2";

    /// <param name="time">The host's clock is the store's: all its processes live on this host.</param>
    public static void Write(SqliteSession session, ShardSlice slice, TimeProvider time)
    {
        foreach (var change in slice.Timers)
        {
            WriteTimer(session, slice.Shard, change);
        }

        // Settled before new messages come: an acknowledgement is of messages of earlier slices.
        foreach (var settlement in slice.Settlements)
        {
            Settle(session, settlement, time);
        }

        WriteMessages(session, slice);
        foreach (var (entity, isRemembered) in slice.Remembered)
        {
            if (isRemembered)
            {
                session.Statement(RememberSql, 3).Execute(entity.Kind, entity.Id, slice.Shard);
            }
            else
            {
                session.Statement(ForgetSql, 2).Execute(entity.Kind, entity.Id);
            }
        }
    }

    public static bool WriteMessages(SqliteSession session, ShardSlice slice)
    {
        foreach (var message in slice.Messages)
        {
            session.Statement(MessageSql, 9).Execute(
                message.Sender.Kind,
                message.Sender.Id,
                message.Receiver.Kind,
                message.Receiver.Id,
                message.Nr,
                slice.Shard,
                message.ActingUser,
                SqliteValues.Blob(message.Command),
                SqliteValues.Microseconds(message.At));
        }

        return true;
    }

    private static void WriteTimer(SqliteSession session, int shard, TimerChange change)
    {
        var entity = change.Entity;
        if (change.DueAt is { } dueAt)
        {
            session.Statement(SetTimerSql, 6).Execute(
                entity.Kind, entity.Id, change.Name, shard, change.Version, SqliteValues.Microseconds(dueAt));
        }
        else
        {
            session.Statement(RemoveTimerSql, 3).Execute(entity.Kind, entity.Id, change.Name);
        }
    }

    private static void Settle(SqliteSession session, OutboxSettlement settlement, TimeProvider time)
    {
        var ((senderKind, senderId), (receiverKind, receiverId)) = (settlement.Sender, settlement.Receiver);
        session.Statement(settlement.IsClosed ? ClosedSql : SettledSql, 5).Execute(
            senderKind, senderId, receiverKind, receiverId, settlement.Nr);
        if (!settlement.IsClosed)
        {
            session.Statement(MarkSql, 6).Execute(
                senderKind, senderId, receiverKind, receiverId, settlement.Nr, SqliteValues.Microseconds(time.GetUtcNow()));
        }
    }
}
