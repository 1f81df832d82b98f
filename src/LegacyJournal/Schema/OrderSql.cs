namespace AkkaScale.LegacyJournal.Schema;

/// <summary>Statements on operators' orders that both stores understand alike.</summary>
internal static class OrderSql
{
    public const string Orders = "SELECT node_name, kind, reason, by_whom, at FROM node_order ORDER BY node_name";

    public const string Pins = "SELECT shard, node_name, reason, by_whom, at FROM shard_pin ORDER BY shard";

    public const string Moves = "SELECT shard, node_name, expected_epoch, reason, by_whom, at FROM shard_move ORDER BY shard";

    public const string EndMove = "DELETE FROM shard_move WHERE shard = $1 AND node_name = $2 AND expected_epoch = $3";

    public const string SetMoveOnConflict =
        """
        ON CONFLICT (shard) DO UPDATE SET
            node_name = excluded.node_name, expected_epoch = excluded.expected_epoch, reason = excluded.reason, by_whom = excluded.by_whom,
            at = excluded.at
        """;

    public const string SetOrder =
        """
        INSERT INTO node_order (node_name, kind, reason, by_whom, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (node_name) DO UPDATE SET kind = excluded.kind, reason = excluded.reason, by_whom = excluded.by_whom, at = excluded.at
        """;

    public const string SetPin =
        """
        INSERT INTO shard_pin (shard, node_name, reason, by_whom, at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (shard) DO UPDATE SET
            node_name = excluded.node_name, reason = excluded.reason, by_whom = excluded.by_whom, at = excluded.at
        """;

    public const string Decisions =
        """
        SELECT shard, nr, target, reason, decided_by, term, coalesce(numbers, ''), decided_at
        FROM shard_decision WHERE shard = $1 ORDER BY nr DESC LIMIT 100
        """;
}
