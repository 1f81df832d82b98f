using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Schema;
using Npgsql;
using NpgsqlTypes;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>The coordinator's term, and the targets it may write while the term lasts.</summary>
internal sealed class PostgresCoordination(PostgresConnections connections, TimeProvider time)
{
    private const string ClaimSql =
        "UPDATE coordinator SET holder = $1, term = term + 1 WHERE term = $2 AND holder IS NOT DISTINCT FROM $3";

    // Locked in a statement of its own: what follows sees every term that was committed before the lock was granted.
    private const string LockTermSql =
        "SELECT 1 FROM coordinator WHERE holder = $1 AND term = $2 FOR SHARE";

    private const string TargetsSql =
        """
        INSERT INTO shard_target (shard, target, reason, decided_by, term, decided_at)
        SELECT t.shard, t.target, t.reason, $4, $5, $6 FROM unnest($1::int[], $2::uuid[], $3::text[]) AS t(shard, target, reason)
        ON CONFLICT (shard) DO UPDATE SET
            target = excluded.target, reason = excluded.reason, decided_by = excluded.decided_by,
            term = excluded.term, decided_at = excluded.decided_at
        """;

    private const string DecisionsSql =
        """
        INSERT INTO shard_decision (shard, nr, target, reason, decided_by, term, decided_at, numbers)
        SELECT t.shard, 1 + coalesce((SELECT max(d.nr) FROM shard_decision d WHERE d.shard = t.shard), 0), t.target, t.reason, $4, $5, $6, t.numbers
        FROM unnest($1::int[], $2::uuid[], $3::text[], $7::text[]) AS t(shard, target, reason, numbers)
        """;

    // The log is for people; the latest hundred decisions of a shard answer every "why".
    private const string ForgetSql =
        """
        DELETE FROM shard_decision d USING (
            SELECT shard, max(nr) AS latest FROM shard_decision WHERE shard = ANY ($1) GROUP BY shard) l
        WHERE d.shard = l.shard AND d.nr <= l.latest - 100
        """;

    public async Task<WriteOutcome> ClaimAsync(CoordinatorTerm expected, Incarnation self, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch
        {
            BatchCommands =
            {
                new(ClaimSql)
                {
                    Parameters =
                    {
                        new() { Value = self.Value },
                        new() { Value = expected.Term },
                        new() { Value = (object?)expected.Holder?.Value ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                    },
                },
            },
        };
        return await PostgresWrites.ExecuteAsync(connections, batch, commands => commands[0].RecordsAffected == 1, cancellationToken);
    }

    public async Task<WriteOutcome> WriteTargetsAsync(
        CoordinatorTerm term, IReadOnlyList<ShardTarget> targets, CancellationToken cancellationToken)
    {
        if (term.Holder is not { } holder)
        {
            return WriteOutcome.Refused;
        }

        try
        {
            await using var connection = await connections.OpenPooledAsync(cancellationToken);
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await using (var locked = new NpgsqlCommand(LockTermSql, connection)
            {
                Parameters = { new() { Value = holder.Value }, new() { Value = term.Term } },
            })
            {
                if (await locked.ExecuteScalarAsync(CancellationToken.None) is null)
                {
                    return WriteOutcome.Refused;
                }
            }

            var now = time.GetUtcNow().UtcDateTime;
            await using (var batch = new NpgsqlBatch(connection)
            {
                BatchCommands = { Write(TargetsSql, term, targets, now), WriteDecisions(term, targets, now), Forget(targets) },
            })
            {
                foreach (var over in targets.Select(target => target.EndsMove).OfType<ShardMove>())
                {
                    batch.BatchCommands.Add(EndMove(over));
                }

                await batch.ExecuteNonQueryAsync(CancellationToken.None);
            }

            await transaction.CommitAsync(CancellationToken.None);
            return WriteOutcome.Applied;
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error) || error is StoreUnavailableException)
        {
            return WriteOutcome.Unknown;
        }
    }

    private static NpgsqlBatchCommand Write(string sql, CoordinatorTerm term, IReadOnlyList<ShardTarget> targets, DateTime now) => new(sql)
    {
        Parameters =
        {
            new() { Value = targets.Select(target => target.Shard).ToArray() },
            new() { Value = targets.Select(target => target.Target.Value).ToArray() },
            new() { Value = targets.Select(target => target.Reason).ToArray() },
            new() { Value = term.Holder!.Value.Value },
            new() { Value = term.Term },
            new() { Value = now },
        },
    };

    private static NpgsqlBatchCommand WriteDecisions(CoordinatorTerm term, IReadOnlyList<ShardTarget> targets, DateTime now)
    {
        var command = Write(DecisionsSql, term, targets, now);
        command.Parameters.Add(new NpgsqlParameter { Value = targets.Select(target => target.Numbers).ToArray() });
        return command;
    }

    private static NpgsqlBatchCommand EndMove(ShardMove move) => new(OrderSql.EndMove)
    {
        Parameters = { new() { Value = move.Shard }, new() { Value = move.NodeName }, new() { Value = move.ExpectedEpoch } },
    };

    private static NpgsqlBatchCommand Forget(IReadOnlyList<ShardTarget> targets) => new(ForgetSql)
    {
        Parameters = { new() { Value = targets.Select(target => target.Shard).ToArray() } },
    };
}
