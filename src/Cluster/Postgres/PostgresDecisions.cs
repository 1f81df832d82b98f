using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Storage;
using Npgsql;

namespace AkkaScale.Cluster.Postgres;

/// <summary>The table of decisions.</summary>
internal sealed class PostgresDecisions(PostgresSession session, string cluster) : IDecisionSession
{
    private static readonly Statements Insert = new(
        """
        WITH written AS (
            INSERT INTO shard_decision (cluster, at, region, shard, kind, from_node, to_node, reason, numbers, coordinator)
            SELECT $1, given.* FROM unnest($2::timestamptz[], $3::text[], $4::integer[], $5::integer[], $6::text[], $7::text[], $8::text[],
                $9::text[], $10::text[]) AS given
            RETURNING nr
        )
        SELECT max(nr) FROM written
        """);

    private static readonly Statements After = new(DecisionSql.After);
    private static readonly Statements OfShard = new(DecisionSql.Latest);
    private static readonly Statements Arrivals = new(DecisionSql.Arrivals);
    private static readonly Statements Highest = new(DecisionSql.Highest);
    private static readonly Statements Delete = new(DecisionSql.Delete);

    public long Write(IReadOnlyList<ShardDecision> decisions) => (long)session.Scalar(
        Insert,
        cluster,
        decisions.Select(each => each.At).ToArray(),
        decisions.Select(each => each.Region).ToArray(),
        decisions.Select(each => each.Shard).ToArray(),
        decisions.Select(each => (int)each.Kind).ToArray(),
        decisions.Select(each => each.From).ToArray(),
        decisions.Select(each => each.To).ToArray(),
        decisions.Select(each => each.Reason).ToArray(),
        decisions.Select(each => DecisionSql.ToText(each.Numbers)).ToArray(),
        decisions.Select(each => each.Coordinator).ToArray())!;

    public IReadOnlyList<ShardDecision> ReadAfter(long nr, int limit) => session.Read(After, Rows, cluster, nr, (long)limit);

    public IReadOnlyList<ShardDecision> ReadLatest(string region, int shard, int limit) =>
        session.Read(OfShard, Rows, cluster, region, shard, (long)limit);

    public IReadOnlyList<ShardDecision> ReadArrivals(string region, DateTime since) => session.Read(Arrivals, Rows, cluster, region, since);

    public long Latest() => (long)session.Scalar(Highest)!;

    public void Prune(long upTo) => session.Execute(Delete, upTo);

    public void Dispose() => session.Dispose();

    private static List<ShardDecision> Rows(NpgsqlDataReader row)
    {
        var decisions = new List<ShardDecision>();
        while (row.Read())
        {
            decisions.Add(new ShardDecision(
                row.GetString(2), row.GetInt32(3), (ShardDecisionKind)row.GetInt32(4), row.IsDBNull(5) ? null : row.GetString(5), row.GetString(6),
                row.GetString(7), DecisionSql.Parse(row.GetString(8)), row.GetString(9))
            {
                Nr = row.GetInt64(0),
                At = row.GetDateTime(1),
            });
        }

        return decisions;
    }
}
