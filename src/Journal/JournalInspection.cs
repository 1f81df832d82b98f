using System.Data.Common;
using System.Globalization;
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
        WHERE persistence_id = @id AND sequence_number >= @from AND (@manifest = '' OR manifest = @manifest)
        ORDER BY sequence_number
        LIMIT @limit
        """;

    private const string Last =
        """
        SELECT ordering, sequence_number, created, deleted, message, identifier, manifest, writer_uuid, lease_name, epoch, command_id
        FROM journal
        WHERE persistence_id = @id
        ORDER BY sequence_number DESC
        LIMIT 1
        """;

    private const string Unfenced =
        """
        SELECT count(*) FROM (SELECT lease_name FROM journal ORDER BY ordering DESC LIMIT @latest) AS latest WHERE lease_name IS NULL
        """;

    private readonly IJournalStore _store;
    private readonly InspectionSource _source;

    internal JournalInspection(IJournalStore store) => (_store, _source) = (store, store.Inspection);

    /// <param name="from">The first number that is wanted.</param>
    /// <param name="limit">1 to 10,000.</param>
    public Task<EventPage> ReadPageAsync(string persistenceId, long from, int limit, CancellationToken cancellationToken) =>
        ReadPageAsync(persistenceId, from, limit, "", cancellationToken);

    /// <summary>The same of the events with one manifest only; empty: of all.</summary>
    /// <inheritdoc cref="ReadPageAsync(string, long, int, CancellationToken)"/>
    public async Task<EventPage> ReadPageAsync(
        string persistenceId, long from, int limit, string manifest, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(limit, LongestPage);
        await using var connection = await _source.OpenAsync(cancellationToken);
        await using var command = _source.Command(
            connection, Page, ("id", persistenceId), ("from", from), ("manifest", manifest), ("limit", (long)limit + 1));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<JournalEvent>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(Event(reader, persistenceId));
        }

        return events.Count > limit ? new EventPage(events[..limit], events[limit].SequenceNr) : new EventPage(events, null);
    }

    /// <summary>An entity's latest row; null when it has none.</summary>
    public async Task<JournalEvent?> ReadLastAsync(string persistenceId, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenAsync(cancellationToken);
        await using var command = _source.Command(connection, Last, ("id", persistenceId));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Event(reader, persistenceId) : null;
    }

    /// <summary>
    /// The event of an entity that answers a command, as <see cref="Options.IHasCommandId"/> named it; null when none does. One round trip,
    /// by an index, over the connections of recoveries.
    /// </summary>
    public Task<StoredEvent?> FindCommandAsync(string persistenceId, string commandId, CancellationToken cancellationToken) =>
        _store.FindCommandAsync(persistenceId, commandId, cancellationToken);

    /// <inheritdoc cref="JournalVerification"/>
    /// <param name="acknowledged">What somebody was told to be written; looked up one by one.</param>
    public Task<VerificationReport> VerifyAsync(
        IReadOnlyCollection<Acknowledgement> acknowledged, CancellationToken cancellationToken) =>
        new JournalVerification(_source).RunAsync(acknowledged, cancellationToken);

    /// <summary>Checks the rows of the entities of one lease, see <see cref="JournalVerification"/>.</summary>
    /// <param name="prefix">Of the persistence ids to be looked through: a kind and its hyphen.</param>
    /// <param name="belongs">Whether a persistence id is of that lease's shard.</param>
    public Task<LeaseVerification> VerifyAsync(
        string lease, string prefix, Func<string, bool> belongs, CancellationToken cancellationToken) =>
        new JournalVerification(_source).RunAsync(lease, prefix, belongs, cancellationToken);

    /// <summary>How much each lease has fenced. Reads all rows.</summary>
    public Task<IReadOnlyList<LeaseStatistics>> LeaseStatisticsAsync(CancellationToken cancellationToken) =>
        new LeaseStatisticsQuery(_source).RunAsync(cancellationToken);

    /// <summary>How many of the latest rows no lease has fenced.</summary>
    /// <param name="latest">How many rows are looked at.</param>
    public async Task<long> CountUnfencedAsync(int latest, CancellationToken cancellationToken)
    {
        await using var connection = await _source.OpenAsync(cancellationToken);
        await using var command = _source.Command(connection, Unfenced, ("latest", (long)latest));
        return Convert.ToInt64(await command.ExecuteScalarAsync(cancellationToken), CultureInfo.InvariantCulture);
    }

    public Task<JournalStatistics> StatisticsAsync(CancellationToken cancellationToken) =>
        new JournalStatisticsQuery(_source).RunAsync(cancellationToken);

    private static JournalEvent Event(DbDataReader reader, string persistenceId) => new(
        reader.GetInt64(0), persistenceId, reader.GetInt64(1), new DateTimeOffset(reader.GetInt64(2), TimeSpan.Zero), reader.GetBoolean(3),
        reader.GetFieldValue<byte[]>(4), reader.IsDBNull(5) ? null : reader.GetInt32(5), reader.IsDBNull(6) ? "" : reader.GetString(6),
        reader.IsDBNull(7) ? null : reader.GetString(7), reader.IsDBNull(8) ? null : reader.GetString(8),
        reader.IsDBNull(9) ? null : reader.GetInt64(9), reader.IsDBNull(10) ? null : reader.GetString(10));
}
