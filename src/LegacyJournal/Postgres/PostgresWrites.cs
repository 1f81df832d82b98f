using AkkaScale.LegacyCluster;
using Npgsql;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>Runs a conditional write of one round trip and says what became of it.</summary>
internal static class PostgresWrites
{
    /// <summary>The batch is one implicit transaction. Whatever goes wrong is unknown, even where it is certain that nothing was written:
    /// "refused" tells the caller that the condition did not hold, and it acts on that.</summary>
    public static async Task<WriteOutcome> ExecuteAsync(
        PostgresConnections connections,
        NpgsqlBatch batch,
        Func<NpgsqlBatchCommandCollection, bool> wasApplied,
        CancellationToken cancellationToken)
    {
        NpgsqlConnection connection;
        try
        {
            connection = await connections.OpenPooledAsync(cancellationToken);
        }
        catch (StoreUnavailableException)
        {
            return WriteOutcome.Unknown;
        }

        var notReplicated = false;
        NoticeEventHandler watch = (_, notice) => notReplicated |= notice.Notice.SqlState == PostgresErrorCodes.Warning;
        await using (connection)
        {
            connection.Notice += watch;
            try
            {
                batch.Connection = connection;
                await batch.ExecuteNonQueryAsync(CancellationToken.None);
                return notReplicated ? WriteOutcome.Unknown : wasApplied(batch.BatchCommands) ? WriteOutcome.Applied : WriteOutcome.Refused;
            }
            catch (Exception error) when (PostgresErrors.IsStoreFault(error))
            {
                return WriteOutcome.Unknown;
            }
            finally
            {
                connection.Notice -= watch;
            }
        }
    }
}
