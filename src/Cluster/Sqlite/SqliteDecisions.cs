using System.Globalization;
using AkkaScale.Cluster.Decisions;
using AkkaScale.Cluster.Storage;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>The table of decisions, in the members' file.</summary>
internal sealed class SqliteDecisions(SqliteSession session, string cluster) : IDecisionSession
{
    private const string Insert =
        """
        INSERT INTO shard_decision (cluster, at, region, shard, kind, from_node, to_node, reason, numbers, coordinator)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING nr
        """;

    public long Write(IReadOnlyList<ShardDecision> decisions)
    {
        var nr = 0L;
        session.Transact(() =>
        {
            foreach (var each in decisions)
            {
                nr = (long)session.Prepare(
                    Insert, cluster, Text(each.At), each.Region, each.Shard, (int)each.Kind, each.From, each.To, each.Reason,
                    DecisionSql.ToText(each.Numbers), each.Coordinator).ExecuteScalar()!;
            }

            return true;
        });
        return nr;
    }

    public IReadOnlyList<ShardDecision> ReadAfter(long nr, int limit) => Rows(session.Prepare(DecisionSql.After, cluster, nr, limit));

    public IReadOnlyList<ShardDecision> ReadLatest(string region, int shard, int limit) =>
        Rows(session.Prepare(DecisionSql.Latest, cluster, region, shard, limit));

    public IReadOnlyList<ShardDecision> ReadArrivals(string region, DateTime since) =>
        Rows(session.Prepare(DecisionSql.Arrivals, cluster, region, Text(since)));

    public long Latest() => (long)session.Prepare(DecisionSql.Highest).ExecuteScalar()!;

    public void Prune(long upTo) => session.Transact(() => session.Prepare(DecisionSql.Delete, upTo).ExecuteNonQuery() > 0);

    public void Dispose() => session.Dispose();

    private static List<ShardDecision> Rows(SqliteCommand command)
    {
        var decisions = new List<ShardDecision>();
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            decisions.Add(new ShardDecision(
                row.GetString(2), row.GetInt32(3), (ShardDecisionKind)row.GetInt32(4), row.IsDBNull(5) ? null : row.GetString(5), row.GetString(6),
                row.GetString(7), DecisionSql.Parse(row.GetString(8)), row.GetString(9))
            {
                Nr = row.GetInt64(0),
                At = DateTime.Parse(row.GetString(1), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
            });
        }

        return decisions;
    }

    private static string Text(DateTime at) => at.ToString("O", CultureInfo.InvariantCulture);
}
