using AkkaScale.Cluster.Storage;
using Npgsql;

namespace AkkaScale.Cluster.Postgres;

/// <summary>
/// Takes and gives back leases. Whatever locks several rows does it in order of name, as appends do; an own node's row comes after them, so
/// that a renewal never waits for an append, and is free again before the disk or a replica is waited for, so that it never waits for those.
/// </summary>
internal sealed class PostgresLeases(PostgresSession session, string cluster, string incarnation) : ILeaseSession
{
    /// <summary>
    /// An owner without a row counts as gone: a row is there before its incarnation takes anything and is never deleted, so there is nobody
    /// who could renew, and nobody who could ever be declared dead.
    /// </summary>
    private const string OwnerIsPresent = "SELECT FROM node WHERE node.incarnation = lease.owner AND node.state IN ('live', 'down')";

    private const string LockLeases = "SELECT 1 FROM lease WHERE cluster = $1 AND name = ANY($2) ORDER BY name FOR NO KEY UPDATE";

    /// <summary>How long each server process of a dead owner may take to end. The fence holds without; the lock on its rows waits.</summary>
    private const int EndPatienceMilliseconds = 500;

    // $4 is only used here, $1 to $3 by all.
    private static readonly Statements EndOwners = new(
        $"""
        SELECT pg_terminate_backend(pid, $4) FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND application_name IN (
            SELECT owner FROM lease
            WHERE cluster = $1 AND name = ANY($2) AND owner <> $3 AND NOT EXISTS ({OwnerIsPresent}))
        """);

    private static readonly Statements Take = Statements.LockingBriefly(
        "INSERT INTO lease (cluster, name, epoch) SELECT $1, name, 0 FROM unnest($2) AS w(name) ORDER BY name ON CONFLICT DO NOTHING",
        LockLeases,
        "SELECT 1 FROM node WHERE incarnation = $3 FOR SHARE",
        $"""
        UPDATE lease SET owner = $3, epoch = greatest(
            epoch + 1, (('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::bigint << 40) + 1)
        WHERE cluster = $1 AND name = ANY($2) AND (owner IS NULL OR owner = $3 OR NOT EXISTS ({OwnerIsPresent}))
          AND EXISTS (SELECT FROM node WHERE incarnation = $3 AND state = 'live')
        """,
        "SELECT name, owner, epoch FROM lease WHERE cluster = $1 AND name = ANY($2)");

    private static readonly Statements GiveBack = new(
        LockLeases,
        """
        UPDATE lease SET owner = NULL FROM unnest($2, $4) AS given(name, epoch)
        WHERE lease.cluster = $1 AND lease.name = given.name AND lease.owner = $3 AND lease.epoch = given.epoch
        """);

    private static readonly Statements Look = new("SELECT name, owner, epoch FROM lease WHERE cluster = $1 AND name = ANY($2)");

    public IReadOnlyList<LeaseRow> Acquire(IReadOnlyList<string> names)
    {
        session.Execute(EndOwners, cluster, names.ToArray(), incarnation, (long)EndPatienceMilliseconds);
        return session.Read(Take, reader => Rows(reader, names), cluster, names.ToArray(), incarnation);
    }

    public void Release(IReadOnlyList<LeaseClaim> claims) => session.Execute(
        GiveBack, cluster, claims.Select(claim => claim.Name).ToArray(), incarnation, claims.Select(claim => claim.Epoch).ToArray());

    public IReadOnlyList<LeaseRow> Read(IReadOnlyList<string> names) =>
        session.Read(Look, reader => Rows(reader, names), cluster, names.ToArray());

    public void Dispose() => session.Dispose();

    private static List<LeaseRow> Rows(NpgsqlDataReader reader, IReadOnlyList<string> names)
    {
        var rows = new Dictionary<string, LeaseRow>(StringComparer.Ordinal);
        while (reader.Read())
        {
            var name = reader.GetString(0);
            rows[name] = new LeaseRow(name, reader.IsDBNull(1) ? null : reader.GetString(1), reader.GetInt64(2));
        }

        return names.Select(name => rows.GetValueOrDefault(name, new LeaseRow(name, null, 0))).ToList();
    }
}
