namespace AkkaScale.Journal.Options;

/// <summary>How far a PostgreSQL server's log goes.</summary>
/// <param name="Timeline">Grows by one when a replica is promoted.</param>
/// <param name="Position">Bytes of log flushed.</param>
public sealed record PostgresPosition(long Timeline, long Position)
{
    public const string Columns =
        "pg_is_in_recovery(), CASE WHEN NOT pg_is_in_recovery() THEN pg_walfile_name(pg_current_wal_flush_lsn()) END, "
        + "CASE WHEN NOT pg_is_in_recovery() THEN (pg_current_wal_flush_lsn() - '0/0'::pg_lsn)::bigint END";

    /// <summary>True when what this position had may be missing in a server that stands at <paramref name="later"/>.</summary>
    public bool MayHaveLostItsTail(PostgresPosition later) => later.Timeline != Timeline || later.Position < Position;
}
