using System.Data.Common;
using AkkaScale.Journal.Reading;

namespace AkkaScale.Journal.Verification;

/// <summary>Counts rows by the lease that fenced them. A lease that fenced none is not in the answer.</summary>
internal sealed class LeaseStatisticsQuery(InspectionSource source)
{
    private const string Events =
        """
        SELECT lease_name, count(*), count(DISTINCT persistence_id), coalesce(sum(length(message)), 0)
        FROM journal
        WHERE lease_name IS NOT NULL
        GROUP BY lease_name
        """;

    private const string Snapshots =
        """
        SELECT lease_name, count(*), coalesce(sum(length(snapshot)), 0)
        FROM snapshot
        WHERE lease_name IS NOT NULL
        GROUP BY lease_name
        """;

    /// <returns>In ordinal order of lease.</returns>
    public async Task<IReadOnlyList<LeaseStatistics>> RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenAsync(cancellationToken);
        await using var transaction = source.Begin(connection);
        var counted = new SortedDictionary<string, LeaseStatistics>(StringComparer.Ordinal);
        await ReadAsync(connection, Events, reader => counted[reader.GetString(0)] = new LeaseStatistics(
            reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), 0, 0), cancellationToken);
        await ReadAsync(connection, Snapshots, reader =>
        {
            var before = counted.GetValueOrDefault(reader.GetString(0)) ?? new LeaseStatistics(reader.GetString(0), 0, 0, 0, 0, 0);
            counted[before.Lease] = before with { Snapshots = reader.GetInt64(1), SnapshotBytes = reader.GetInt64(2) };
        }, cancellationToken);
        return [.. counted.Values];
    }

    private async Task ReadAsync(DbConnection connection, string sql, Action<DbDataReader> each, CancellationToken cancellationToken)
    {
        await using var command = source.Command(connection, sql);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            each(reader);
        }
    }
}
