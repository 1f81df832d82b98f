using System.Data.Common;
using AkkaScale.Journal.Reading;

namespace AkkaScale.Journal.Verification;

/// <summary>Counts the tables' rows.</summary>
internal sealed class JournalStatisticsQuery(InspectionSource source)
{
    private const int MostKinds = 1000;

    private const string Totals =
        """
        SELECT
            (SELECT count(*) FROM journal WHERE lease_name IS NULL),
            (SELECT coalesce(max(ordering), 0) FROM journal),
            (SELECT count(*) FROM snapshot),
            (SELECT coalesce(sum(length(snapshot)), 0) FROM snapshot),
            (SELECT count(*) FROM lease)
        """;

    public async Task<JournalStatistics> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenAsync(cancellationToken);
        var kinds = await KindsAsync(connection, cancellationToken);
        await using var command = source.Command(connection, Totals);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new JournalStatistics(
            kinds.Sum(kind => kind.Events), kinds.Sum(kind => kind.Entities), kinds.Sum(kind => kind.Bytes), reader.GetInt64(0),
            reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4), kinds);
    }

    private async Task<List<KindStatistics>> KindsAsync(DbConnection connection, CancellationToken cancellationToken)
    {
        await using var command = source.Command(
            connection,
            $"""
            SELECT {source.KindOf} AS kind, count(*), count(DISTINCT persistence_id), coalesce(sum(length(message)), 0),
                max(sequence_number)
            FROM journal
            GROUP BY kind
            ORDER BY 2 DESC, 1
            LIMIT @most
            """,
            ("most", (long)MostKinds));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var kinds = new List<KindStatistics>();
        while (await reader.ReadAsync(cancellationToken))
        {
            kinds.Add(new KindStatistics(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4)));
        }

        return kinds;
    }
}
