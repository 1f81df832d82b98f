using System.Data.Common;
using AkkaScale.Journal.Reading;
using AkkaScale.Journal.Verification;

namespace AkkaScale.Journal;

/// <summary>Looks into the tables without waking anybody. For people and tools: it may read all of them.</summary>
public sealed class JournalInspection
{
    private const int LongestPage = 10_000;

    private const string Page =
        """
        SELECT ordering, sequence_number, created, deleted, message, identifier, manifest, writer_uuid, lease_name, epoch, command_id
        FROM journal
        WHERE persistence_id = @id AND sequence_number >= @from
        ORDER BY sequence_number
        LIMIT @limit
        """;

    private readonly InspectionSource _source;

    internal JournalInspection(InspectionSource source) => _source = source;

    /// <param name="from">The first number that is wanted.</param>
    /// <param name="limit">1 to 10,000.</param>
    public async Task<EventPage> ReadPageAsync(string persistenceId, long from, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LongestPage);
        await using var connection = await _source.OpenAsync(cancellationToken);
        await using var command = _source.Command(connection, Page, ("id", persistenceId), ("from", from), ("limit", (long)limit + 1));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<JournalEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(Event(reader, persistenceId));
        }

        return events.Count > limit ? new EventPage(events[..limit], events[limit].SequenceNr) : new EventPage(events, null);
    }

    /// <inheritdoc cref="JournalVerification"/>
    /// <param name="acknowledged">What somebody was told to be written; looked up one by one.</param>
    public Task<VerificationReport> VerifyAsync(
        IReadOnlyCollection<Acknowledgement> acknowledged, CancellationToken cancellationToken) =>
        new JournalVerification(_source).RunAsync(acknowledged, cancellationToken);

    public Task<JournalStatistics> StatisticsAsync(CancellationToken cancellationToken) =>
        new JournalStatisticsQuery(_source).RunAsync(cancellationToken);

    private static JournalEvent Event(DbDataReader reader, string persistenceId) => new(
        reader.GetInt64(0), persistenceId, reader.GetInt64(1), new DateTimeOffset(reader.GetInt64(2), TimeSpan.Zero), reader.GetBoolean(3),
        reader.GetFieldValue<byte[]>(4), reader.IsDBNull(5) ? null : reader.GetInt32(5), reader.IsDBNull(6) ? "" : reader.GetString(6),
        reader.IsDBNull(7) ? null : reader.GetString(7), reader.IsDBNull(8) ? null : reader.GetString(8),
        reader.IsDBNull(9) ? null : reader.GetInt64(9), reader.IsDBNull(10) ? null : reader.GetString(10));
}
