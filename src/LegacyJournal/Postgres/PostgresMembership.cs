using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyJournal.Schema;
using Npgsql;
using NpgsqlTypes;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>Member rows: joining, and every change of status as a compare-and-set.</summary>
internal sealed class PostgresMembership(PostgresConnections connections)
{
    /// <summary>Rows of members long gone are dropped when somebody joins, but for the latest; never those an owner or a target refers to.
    /// A join that was refused, and so put no row in, changes nothing.</summary>
    private const string ForgetSql =
        """
        DELETE FROM member WHERE EXISTS (SELECT FROM member j WHERE j.incarnation = $1 AND j.xmin = pg_current_xact_id()::xid)
          AND incarnation IN (
            SELECT incarnation FROM member m
            WHERE status IN ('dead', 'removed')
              AND NOT EXISTS (SELECT FROM shard_owner o WHERE o.owner = m.incarnation)
              AND NOT EXISTS (SELECT FROM shard_target t WHERE t.target = m.incarnation)
              AND NOT EXISTS (SELECT FROM coordinator c WHERE c.holder = m.incarnation)
            ORDER BY joined_at DESC, incarnation DESC OFFSET 64)
        """;

    private const string JoinSql =
        """
        INSERT INTO member (incarnation, node_name, address, management_address, roles, version, status, renew_counter, joined_at, reason)
        VALUES ($1, $2, $3, $4, $5, $6, 'joining', 0, $7, $8) ON CONFLICT DO NOTHING
        """;

    private const string PublishSql =
        "UPDATE member SET unreachable = $2 WHERE incarnation = $1 AND status IN ('joining', 'up', 'leaving')";

    private const string ChangeSql =
        """
        UPDATE member SET status = $2, reason = $3
        WHERE incarnation = $1 AND status = ANY ($4) AND ($5::bigint IS NULL OR renew_counter = $5)
        """;

    public async Task<WriteOutcome> JoinAsync(MemberSnapshot self, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch
        {
            BatchCommands =
            {
                new(JoinSql)
                {
                    Parameters =
                    {
                        new() { Value = self.Incarnation.Value },
                        new() { Value = self.NodeName },
                        new() { Value = self.Address },
                        new() { Value = self.ManagementAddress },
                        new() { Value = MemberColumns.Text(self.Roles) },
                        new() { Value = self.Version },
                        new() { Value = self.JoinedAt.UtcDateTime },
                        new() { Value = self.Reason },
                    },
                },
                new(ForgetSql) { Parameters = { new() { Value = self.Incarnation.Value } } },
            },
        };
        return await PostgresWrites.ExecuteAsync(connections, batch, commands => commands[0].RecordsAffected == 1, cancellationToken);
    }

    public async Task<WriteOutcome> PublishUnreachableAsync(
        Incarnation self, IReadOnlyList<Incarnation> peers, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch
        {
            BatchCommands =
            {
                new(PublishSql) { Parameters = { new() { Value = self.Value }, new() { Value = MemberColumns.Text(peers) } } },
            },
        };
        return await PostgresWrites.ExecuteAsync(connections, batch, commands => commands[0].RecordsAffected == 1, cancellationToken);
    }

    public async Task<WriteOutcome> ChangeStatusAsync(StatusChange change, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch
        {
            BatchCommands =
            {
                new(ChangeSql)
                {
                    Parameters =
                    {
                        new() { Value = change.Member.Value },
                        new() { Value = MemberColumns.Text(change.To) },
                        new() { Value = change.Reason },
                        new() { Value = change.From.Select(MemberColumns.Text).ToArray() },
                        new() { Value = (object?)change.RenewCounter ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bigint },
                    },
                },
            },
        };
        return await PostgresWrites.ExecuteAsync(connections, batch, commands => commands[0].RecordsAffected == 1, cancellationToken);
    }
}
