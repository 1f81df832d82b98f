using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Audit;
using AkkaScale.LegacyJournal.Schema;
using Microsoft.Data.Sqlite;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>The audit log.</summary>
internal sealed class SqliteAudit(SqliteDatabase cluster)
{
    public Task<long> BeginAsync(AuditEntry entry) => cluster.WriteAsync("The audit log cannot be written", session =>
    {
        var nr = (long)session.Statement(AuditSql.Begin, 13).Scalar(
            SqliteValues.Microseconds(entry.At), entry.Node, entry.Who, entry.By, entry.Role, entry.Remote, entry.Method, entry.Path, entry.Action, entry.Target,
            entry.Why, (object?)entry.Status ?? DBNull.Value, (int)entry.Outcome)!;
        if (nr % IAuditStore.PruneEvery == 0)
        {
            session.Statement(AuditSql.PruneCalls, 1).Execute(IAuditStore.KeptCalls);
            session.Statement(AuditSql.PruneDenials, 1).Execute(IAuditStore.KeptDenials);
        }

        return nr;
    });

    public Task<WriteOutcome> FinishAsync(AuditEntry entry) => cluster.TryWriteAsync(session => session.Statement(AuditSql.Finish, 7).Execute(
        entry.Nr, entry.By, entry.Action, entry.Target, entry.Why, (object?)entry.Status ?? DBNull.Value, (int)entry.Outcome) == 1);

    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(long before, int limit, CancellationToken cancellationToken) => await cluster.Readers.ReadAsync(
        "The audit log cannot be read", connection => SqliteReaders.Query(connection, AuditSql.Read, Entry, before, limit), cancellationToken);

    private static AuditEntry Entry(SqliteDataReader row) => new(
        row.GetInt64(0), SqliteValues.At(row, 1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7),
        row.GetString(8), row.GetString(9), row.GetString(10), row.GetString(11), row.IsDBNull(12) ? null : row.GetInt32(12), (AuditOutcome)row.GetInt32(13));
}
