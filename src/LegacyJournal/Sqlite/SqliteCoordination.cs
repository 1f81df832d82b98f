using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Schema;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>The coordinator's term, and the targets it may write while the term lasts.</summary>
internal sealed class SqliteCoordination(SqliteDatabase cluster, TimeProvider time)
{
    private const string TargetSql =
        """
        INSERT INTO shard_target (shard, target, reason, decided_by, term, decided_at) VALUES ($1, $2, $3, $4, $5, $6)
        ON CONFLICT (shard) DO UPDATE SET
            target = excluded.target, reason = excluded.reason, decided_by = excluded.decided_by,
            term = excluded.term, decided_at = excluded.decided_at
        """;

    private const string DecisionSql =
        """
        INSERT INTO shard_decision (shard, nr, target, reason, decided_by, term, decided_at, numbers)
        VALUES ($1, 1 + coalesce((SELECT max(nr) FROM shard_decision WHERE shard = $1), 0), $2, $3, $4, $5, $6, $7)
        """;

    // The log is for people; the latest hundred decisions of a shard answer every "why".
    private const string ForgetSql =
        "DELETE FROM shard_decision WHERE shard = $1 AND nr <= (SELECT max(nr) FROM shard_decision WHERE shard = $1) - 100";

    public Task<WriteOutcome> ClaimAsync(CoordinatorTerm expected, Incarnation self) => cluster.TryWriteAsync(session =>
        session.Statement("UPDATE coordinator SET holder = $1, term = term + 1 WHERE term = $2 AND holder IS $3", 3)
            .Execute(SqliteValues.Blob(self), expected.Term, SqliteValues.Blob(expected.Holder)) == 1);

    public Task<WriteOutcome> WriteTargetsAsync(CoordinatorTerm term, IReadOnlyList<ShardTarget> targets) => cluster.TryWriteAsync(session =>
    {
        if (term.Holder is not { } holder
            || !session.Statement("SELECT 1 FROM coordinator WHERE holder = $1 AND term = $2", 2).Any(SqliteValues.Blob(holder), term.Term))
        {
            return false;
        }

        var now = SqliteValues.Microseconds(time.GetUtcNow());
        foreach (var target in targets)
        {
            ReadOnlySpan<object> row =
                [target.Shard, SqliteValues.Blob(target.Target), target.Reason, SqliteValues.Blob(holder), term.Term, now, target.Numbers];
            session.Statement(TargetSql, 6).Execute(row[..6]);
            session.Statement(DecisionSql, 7).Execute(row);
            session.Statement(ForgetSql, 1).Execute(target.Shard);
            if (target.EndsMove is { } over)
            {
                session.Statement(OrderSql.EndMove, 3).Execute(over.Shard, over.NodeName, over.ExpectedEpoch);
            }
        }

        return true;
    });
}
