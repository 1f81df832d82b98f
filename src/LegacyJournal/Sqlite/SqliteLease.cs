using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>Renews in the file of the leases, on that file's own thread and lock: appends never stand before it.</summary>
internal sealed class SqliteLease(SqliteDatabase cluster, Incarnation self) : ILease
{
    private const string RenewSql =
        """
        UPDATE member SET renew_counter = renew_counter + 1
        WHERE incarnation = $1 AND renew_counter BETWEEN $2 AND $3 AND status IN ('joining', 'up', 'leaving')
        RETURNING renew_counter
        """;

    // Each attempt without an answer may have raised the counter once, at any later moment; nobody else raises it.
    private long _unanswered;

    public WriteOutcome Renew(long expected, TimeSpan timeout, out long counter)
    {
        counter = expected;
        try
        {
            var renewed = cluster.Write(
                session =>
                {
                    using var row = session.Statement(RenewSql, 3).Read(SqliteValues.Blob(self), expected, expected + _unanswered);
                    return row.Read() ? row.GetInt64(0) : -1;
                },
                timeout);
            counter = renewed < 0 ? expected : renewed;
            return renewed < 0 ? WriteOutcome.Refused : WriteOutcome.Applied;
        }
        catch (StoreUnavailableException)
        {
            return WriteOutcome.Unknown;
        }
        catch (Exception error) when (SqliteErrors.IsStoreFault(error))
        {
            _unanswered++;
            return WriteOutcome.Unknown;
        }
    }

    public void Dispose()
    {
        // The connection belongs to the file's queue.
    }
}
