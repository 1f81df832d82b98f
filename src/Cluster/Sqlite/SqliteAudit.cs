using System.Globalization;
using AkkaScale.Cluster.Audit;
using AkkaScale.Cluster.Storage;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>The audit table, in the members' file. What is too old is looked for before the write transaction: signs of life wait for those.</summary>
internal sealed class SqliteAudit(SqliteSession session) : IAuditSession
{
    public long Begin(AuditEntry entry)
    {
        var nr = 0L;
        session.Transact(() =>
        {
            nr = (long)session.Prepare(AuditSql.Begin, AuditSql.BeginValues(entry, entry.At.ToString("O", CultureInfo.InvariantCulture)))
                .ExecuteScalar()!;
            return true;
        });
        return nr;
    }

    public bool Finish(AuditEntry entry) => Change(AuditSql.Finish, AuditSql.FinishValues(entry));

    public IReadOnlyList<AuditEntry> Read(long before, int limit)
    {
        var entries = new List<AuditEntry>();
        using var row = session.Prepare(AuditSql.Read, before, limit).ExecuteReader();
        while (row.Read())
        {
            entries.Add(new AuditEntry(
                row.GetInt64(0), DateTime.Parse(row.GetString(1), CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind),
                row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetString(8),
                row.GetString(9), row.GetString(10), row.GetString(11), row.IsDBNull(12) ? null : row.GetInt32(12),
                (AuditOutcome)row.GetInt32(13)));
        }

        return entries;
    }

    public void Prune(int calls, int denials)
    {
        Prune(AuditSql.OldestCalls, AuditSql.DeleteCalls, calls);
        Prune(AuditSql.OldestDenials, AuditSql.DeleteDenials, denials);
    }

    public void Dispose() => session.Dispose();

    private void Prune(string oldest, string delete, int kept)
    {
        if (session.Prepare(oldest, kept).ExecuteScalar() is long upTo)
        {
            Change(delete, upTo);
        }
    }

    private bool Change(string sql, params object?[] values)
    {
        var rows = 0;
        session.Transact(() => (rows = session.Prepare(sql, values).ExecuteNonQuery()) > 0);
        return rows > 0;
    }
}
