using AkkaScale.LegacyCluster;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>
/// The fenced append: one statement, READ COMMITTED, one round trip.
/// </summary>
/// <remarks>
/// <para>FOR SHARE makes a takeover wait until this statement has committed, and makes this statement see a takeover that
/// committed before it got its lock: the row is read again under the lock, and drops out when owner or epoch no longer match.
/// A plain EXISTS locks nothing, FOR KEY SHARE does not conflict with an update of owner and epoch that was not preceded by FOR UPDATE,
/// and an advisory lock taken in the same statement is newer than the statement's snapshot: with each of them events of an old epoch
/// were committed after the takeover.</para>
/// <para>The heads may be checked against the statement's snapshot, although that is older than the lock: rows of the journal are
/// never removed, and an event that came in between is met by the unique keys.</para>
/// </remarks>
internal static class AppendSql
{
    public const string FenceClause = "ORDER BY o.shard FOR SHARE OF o";

    // $1 owner; $2 to $4 the slices: shard, epoch, first position or 0; $5 to $8 what must be there already: shard, kind, id, sequence number.
    private const string Locked =
        """
        WITH locked AS MATERIALIZED (
            SELECT o.shard, s.first_position
            FROM unnest($2::int[], $3::bigint[], $4::bigint[]) AS s(shard, epoch, first_position)
            JOIN shard_owner o ON o.shard = s.shard AND o.epoch = s.epoch AND o.owner = $1
        """;

    private const string Fit =
        """
        ), missing AS MATERIALIZED (
            SELECT h.shard
            FROM unnest($5::int[], $6::text[], $7::text[], $8::bigint[]) AS h(shard, kind, id, sequence_nr)
            WHERE NOT EXISTS (
                SELECT FROM journal j WHERE j.entity_kind = h.kind AND j.entity_id = h.id AND j.sequence_nr = h.sequence_nr)
        ), fit AS MATERIALIZED (
            SELECT l.shard
            FROM locked l
            WHERE (l.first_position <= 1
                OR EXISTS (SELECT FROM journal j WHERE j.shard = l.shard AND j.position = l.first_position - 1))
              AND NOT l.shard = ANY (ARRAY (SELECT m.shard FROM missing m))
        )
        """;

    private const string JournalColumns =
        "shard, position, epoch, entity_kind, entity_id, sequence_nr, event_type, command_id, at, command_hash, answer, payload";

    private const string EventArrays =
        """
        $9::int[], $10::bigint[], $11::bigint[], $12::text[], $13::text[], $14::bigint[], $15::text[], $16::uuid[], $17::timestamptz[], $18::bytea[],
            $19::bytea[], $20::bytea[]
        """;

    private const string OfFittingShard = "shard = ANY (ARRAY (SELECT f.shard FROM fit f))";

    private const string Events =
        $"""
        , events AS (
            INSERT INTO journal ({JournalColumns})
            SELECT e.* FROM unnest({EventArrays}) AS e({JournalColumns})
            WHERE e.{OfFittingShard}
        )
        """;

    private const string Others =
        $"""
        , results AS (
            INSERT INTO command_result (shard, entity_kind, entity_id, command_id, sequence_nr, payload_hash, answer, at)
            SELECT r.*
            FROM unnest($21::int[], $22::text[], $23::text[], $24::uuid[], $25::bigint[], $26::bytea[], $27::bytea[], $28::timestamptz[])
                AS r(shard, entity_kind, entity_id, command_id, sequence_nr, payload_hash, answer, at)
            WHERE r.{OfFittingShard}
        ), snapshots AS (
            INSERT INTO snapshot AS present (shard, entity_kind, entity_id, sequence_nr, position, state_version, payload, at)
            SELECT n.*
            FROM unnest($29::int[], $30::text[], $31::text[], $32::bigint[], $33::bigint[], $34::int[], $35::bytea[], $36::timestamptz[])
                AS n(shard, entity_kind, entity_id, sequence_nr, position, state_version, payload, at)
            WHERE n.{OfFittingShard}
            ON CONFLICT (entity_kind, entity_id) DO UPDATE SET
                sequence_nr = excluded.sequence_nr, position = excluded.position, state_version = excluded.state_version,
                payload = excluded.payload, at = excluded.at, shard = excluded.shard
            WHERE present.sequence_nr < excluded.sequence_nr
        )
        """;

    private const string Answer = " SELECT l.shard, EXISTS (SELECT FROM fit f WHERE f.shard = l.shard) FROM locked l";

    public static string Of(AppendForm form, string fenceClause) =>
        $"{Locked} {fenceClause} {Fit} {Events} {(form == AppendForm.Whole ? Others : "")} {Answer}";
}

/// <summary>One statement could take everything, but parse, plan and bind grow with it: a batch is sent in the shortest form that holds it.</summary>
internal enum AppendForm
{
    /// <summary>Events alone: what nearly every batch is.</summary>
    Events,

    /// <summary>Also answers without events, and snapshots.</summary>
    Whole,
}
