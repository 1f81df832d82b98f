namespace AkkaScale.Journal.Postgres;

/// <summary>What recoveries and snapshots ask. Each is one statement, so that what it returns is of one moment.</summary>
internal static class PostgresReadSql
{
    private const string EventColumns = "sequence_number, created, deleted, message, identifier, manifest, writer_uuid";

    /// <summary>First column: 0 the snapshot, 1 an event, 2 the highest number.</summary>
    public const string Recovery =
        $"""
        WITH latest AS MATERIALIZED (
            SELECT sequence_number, created, snapshot, serializer_id, manifest
            FROM snapshot
            WHERE persistence_id = $1 AND sequence_number BETWEEN $2 AND $3 AND created BETWEEN $4 AND $5
            ORDER BY sequence_number DESC
            LIMIT 1
        )
        SELECT 0, sequence_number, created, false, snapshot, serializer_id, manifest, NULL::text FROM latest
        UNION ALL
        (SELECT 1, {EventColumns}
         FROM journal
         WHERE persistence_id = $1 AND sequence_number > coalesce((SELECT sequence_number FROM latest), 0)
         ORDER BY sequence_number
         LIMIT $6)
        UNION ALL
        {Highest}
        """;

    public const string Events =
        $"""
        (SELECT 1, {EventColumns}
         FROM journal
         WHERE persistence_id = $1 AND sequence_number >= $2
         ORDER BY sequence_number
         LIMIT $3)
        UNION ALL
        {Highest}
        """;

    /// <summary>By the index that makes it unique.</summary>
    public const string Command = $"SELECT 1, {EventColumns} FROM journal WHERE persistence_id = $1 AND command_id = $2";

    public const string Replay =
        $"""
        SELECT 1, {EventColumns}
        FROM journal
        WHERE persistence_id = $1 AND sequence_number BETWEEN $2 AND $3 AND NOT deleted
        ORDER BY sequence_number
        LIMIT $4
        """;

    private const string Highest =
        """
        SELECT 2, coalesce(max(sequence_number), 0), 0, false, NULL::bytea, NULL::int, NULL::text, NULL::text
        FROM journal
        WHERE persistence_id = $1
        """;

    /// <summary>Stands before a change that is to happen only under a lease; $1 to $4 are cluster, lease, owner and epoch.</summary>
    public const string Fenced =
        """
        WITH held AS MATERIALIZED (
            SELECT 1 FROM lease WHERE cluster = $1 AND name = $2 AND owner = $3 AND epoch = $4 FOR SHARE
        ), allowed AS MATERIALIZED (
            SELECT $2 IS NULL OR EXISTS (SELECT 1 FROM held) AS yes
        )
        """;

    public const string SaveSnapshot =
        $"""
        {Fenced}, saved AS (
            INSERT INTO snapshot (persistence_id, sequence_number, created, snapshot, serializer_id, manifest, lease_name, epoch)
            SELECT $5, $6, $7, $8, $9, $10, $2, $4 WHERE (SELECT yes FROM allowed)
            ON CONFLICT (persistence_id, sequence_number) DO UPDATE SET
                created = excluded.created, snapshot = excluded.snapshot, serializer_id = excluded.serializer_id,
                manifest = excluded.manifest, lease_name = excluded.lease_name, epoch = excluded.epoch
        )
        SELECT yes FROM allowed
        """;

    public const string DeleteSnapshots =
        $"""
        {Fenced}, deleted AS (
            DELETE FROM snapshot
            WHERE persistence_id = $5 AND sequence_number BETWEEN $6 AND $7 AND created BETWEEN $8 AND $9 AND (SELECT yes FROM allowed)
        )
        SELECT yes FROM allowed
        """;

    public const string DeleteEvents =
        $"""
        {Fenced}, last AS MATERIALIZED (
            SELECT max(sequence_number) AS number FROM journal
            WHERE persistence_id = $5 AND sequence_number <= $6 AND (SELECT yes FROM allowed)
        ), kept AS (
            UPDATE journal SET deleted = true WHERE persistence_id = $5 AND sequence_number = (SELECT number FROM last)
        ), removed AS (
            DELETE FROM journal WHERE persistence_id = $5 AND sequence_number < (SELECT number FROM last)
        ), untagged AS (
            DELETE FROM tags WHERE persistence_id = $5 AND sequence_nr < (SELECT number FROM last)
        )
        SELECT yes FROM allowed
        """;
}
