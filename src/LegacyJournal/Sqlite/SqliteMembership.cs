using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyJournal.Schema;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>Member rows: joining, and every change of status as a compare-and-set.</summary>
internal sealed class SqliteMembership(SqliteDatabase journal, SqliteDatabase cluster)
{
    private const int GoneKept = 64;

    private const string JoinSql =
        """
        INSERT INTO member (incarnation, node_name, address, management_address, roles, version, status, renew_counter, joined_at, reason)
        VALUES ($1, $2, $3, $4, $5, $6, 'joining', 0, $7, $8) ON CONFLICT DO NOTHING
        """;

    private const string GoneSql =
        """
        SELECT incarnation FROM member
        WHERE status IN ('dead', 'removed')
          AND incarnation NOT IN (SELECT target FROM shard_target)
          AND NOT EXISTS (SELECT 1 FROM coordinator c WHERE c.holder = member.incarnation)
        ORDER BY joined_at DESC, incarnation DESC
        """;

    public async Task<WriteOutcome> JoinAsync(MemberSnapshot self, CancellationToken cancellationToken)
    {
        HashSet<Incarnation> owners;
        try
        {
            // Whoever is gone and owns nothing now will never own anything, so reading the other file beforehand is enough.
            owners = [.. await journal.Readers.ReadAsync(
                "Owners cannot be read",
                connection => SqliteReaders.Query(
                    connection, "SELECT DISTINCT owner FROM shard_owner WHERE owner IS NOT NULL", row => SqliteValues.Incarnation(row, 0)),
                cancellationToken)];
        }
        catch (StoreUnavailableException)
        {
            return WriteOutcome.Unknown;
        }

        return await cluster.TryWriteAsync(session => Join(session, self, owners));
    }

    public Task<WriteOutcome> ChangeStatusAsync(StatusChange change) => cluster.TryWriteAsync(session =>
    {
        using var row = session.Statement("SELECT status, renew_counter FROM member WHERE incarnation = $1", 1).Read(SqliteValues.Blob(change.Member));
        if (!row.Read()
            || !change.From.Contains(MemberColumns.Status(row.GetString(0)))
            || (change.RenewCounter is { } counter && row.GetInt64(1) != counter))
        {
            return false;
        }

        row.Close();
        return session.Statement("UPDATE member SET status = $2, reason = $3 WHERE incarnation = $1", 3)
            .Execute(SqliteValues.Blob(change.Member), MemberColumns.Text(change.To), change.Reason) == 1;
    });

    public Task<WriteOutcome> PublishUnreachableAsync(Incarnation self, IReadOnlyList<Incarnation> peers) => cluster.TryWriteAsync(session =>
        session.Statement("UPDATE member SET unreachable = $2 WHERE incarnation = $1 AND status IN ('joining', 'up', 'leaving')", 2)
            .Execute(SqliteValues.Blob(self), MemberColumns.Text(peers)) == 1);

    /// <summary>The status of an incarnation; null when it has no row.</summary>
    public MemberStatus? StatusOf(Incarnation incarnation) => cluster.Readers.Read(
        "A member cannot be read",
        connection => SqliteReaders.Query(
            connection, "SELECT status FROM member WHERE incarnation = $1", row => (MemberStatus?)MemberColumns.Status(row.GetString(0)),
            SqliteValues.Blob(incarnation)).FirstOrDefault());

    private static bool Join(SqliteSession session, MemberSnapshot self, HashSet<Incarnation> owners)
    {
        var joined = session.Statement(JoinSql, 8).Execute(
            SqliteValues.Blob(self.Incarnation),
            self.NodeName,
            self.Address,
            self.ManagementAddress,
            MemberColumns.Text(self.Roles),
            self.Version,
            SqliteValues.Microseconds(self.JoinedAt),
            self.Reason) == 1;
        if (joined)
        {
            Forget(session, owners);
        }

        return joined;
    }

    // Owners are kept besides the latest, not among them.
    private static void Forget(SqliteSession session, HashSet<Incarnation> owners)
    {
        var unnamed = new List<Incarnation>();
        using (var rows = session.Statement(GoneSql).Read())
        {
            while (rows.Read())
            {
                unnamed.Add(SqliteValues.Incarnation(rows, 0));
            }
        }

        foreach (var gone in unnamed.Where(gone => !owners.Contains(gone)).Skip(GoneKept))
        {
            session.Statement("DELETE FROM member WHERE incarnation = $1", 1).Execute(SqliteValues.Blob(gone));
        }
    }
}
