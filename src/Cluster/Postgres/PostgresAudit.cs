using AkkaScale.Cluster.Audit;
using AkkaScale.Cluster.Storage;
using Npgsql;

namespace AkkaScale.Cluster.Postgres;

/// <summary>The audit table.</summary>
internal sealed class PostgresAudit(PostgresSession session) : IAuditSession
{
    private static readonly Statements Insert = new(AuditSql.Begin);
    private static readonly Statements Complete = new(AuditSql.Finish);
    private static readonly Statements Select = new(AuditSql.Read);
    private static readonly Statements OldestDenials = new(AuditSql.OldestDenials);
    private static readonly Statements OldestCalls = new(AuditSql.OldestCalls);
    private static readonly Statements DeleteDenials = new(AuditSql.DeleteDenials);
    private static readonly Statements DeleteCalls = new(AuditSql.DeleteCalls);

    public long Begin(AuditEntry entry) => (long)session.Scalar(Insert, AuditSql.BeginValues(entry, entry.At))!;

    public bool Finish(AuditEntry entry) => session.Execute(Complete, AuditSql.FinishValues(entry)) == 1;

    public IReadOnlyList<AuditEntry> Read(long before, int limit) => session.Read(Select, Rows, before, (long)limit);

    public void Prune(int calls, int denials)
    {
        Prune(OldestCalls, DeleteCalls, calls);
        Prune(OldestDenials, DeleteDenials, denials);
    }

    public void Dispose() => session.Dispose();

    private void Prune(Statements oldest, Statements delete, int kept)
    {
        if (session.Scalar(oldest, (long)kept) is long upTo)
        {
            session.Execute(delete, upTo);
        }
    }

    private static List<AuditEntry> Rows(NpgsqlDataReader row)
    {
        var entries = new List<AuditEntry>();
        while (row.Read())
        {
            entries.Add(new AuditEntry(
                row.GetInt64(0), row.GetDateTime(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6),
                row.GetString(7), row.GetString(8), row.GetString(9), row.GetString(10), row.GetString(11),
                row.IsDBNull(12) ? null : row.GetInt32(12), (AuditOutcome)row.GetInt32(13)));
        }

        return entries;
    }
}
