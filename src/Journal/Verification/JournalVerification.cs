using System.Data.Common;
using System.Text.Json;
using AkkaScale.Journal.Reading;

namespace AkkaScale.Journal.Verification;

/// <summary>
/// Checks by SQL what must hold of the tables:
/// <list type="bullet">
/// <item><c>acknowledged</c>: an event that was acknowledged is there, with its command id;</item>
/// <item><c>sequence</c>: an entity's numbers are 1 to n without gaps, or begin at the mark of a deletion;</item>
/// <item><c>order</c>: along an entity's numbers the place among all events grows;</item>
/// <item><c>epoch</c>: along an entity's numbers the epochs of a lease never decrease;</item>
/// <item><c>owner</c>: one epoch of a lease has one writer;</item>
/// <item><c>lease</c>: no event has an epoch above that of its lease's row.</item>
/// </list>
/// Unfenced rows have no epoch and no owner to check; they are counted apart.
/// </summary>
internal sealed class JournalVerification(InspectionSource source)
{
    private const int MostOfARule = 100;

    private static string Sequence(string rows) =>
        $"""
        SELECT persistence_id, 'number ' || sequence_number || ' after ' || coalesce(previous, 0)
        FROM (
            SELECT persistence_id, sequence_number, deleted,
                lag(sequence_number) OVER (PARTITION BY persistence_id ORDER BY sequence_number) AS previous
            FROM {rows} AS checked) AS numbered
        WHERE sequence_number <> previous + 1 OR (previous IS NULL AND sequence_number <> 1 AND NOT deleted)
        LIMIT @most
        """;

    private static string Order(string rows) =>
        $"""
        SELECT persistence_id, 'number ' || sequence_number || ' stands before its predecessor'
        FROM (
            SELECT persistence_id, sequence_number, ordering,
                lag(ordering) OVER (PARTITION BY persistence_id ORDER BY sequence_number) AS previous
            FROM {rows} AS checked) AS ordered
        WHERE ordering < previous
        LIMIT @most
        """;

    private static string Epoch(string rows) =>
        $"""
        SELECT persistence_id, 'number ' || sequence_number || ' has epoch ' || epoch || ' of ' || lease_name || ' after ' || highest
        FROM (
            SELECT persistence_id, sequence_number, lease_name, epoch,
                max(epoch) OVER (PARTITION BY persistence_id, lease_name ORDER BY sequence_number
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS highest
            FROM {rows} AS checked
            WHERE lease_name IS NOT NULL) AS fenced
        WHERE epoch < highest
        LIMIT @most
        """;

    private static string Owner(string rows) =>
        $"""
        SELECT lease_name, 'epoch ' || epoch || ' has ' || count(DISTINCT writer_uuid) || ' writers'
        FROM {rows} AS checked
        WHERE lease_name IS NOT NULL
        GROUP BY lease_name, epoch
        HAVING count(DISTINCT writer_uuid) > 1
        LIMIT @most
        """;

    private static string Lease(string rows) =>
        $"""
        SELECT lease_name, 'has an event of epoch ' || written || ' but stands at ' || coalesce(highest, -1)
        FROM (
            SELECT lease_name, max(epoch) AS written, (SELECT max(lease.epoch) FROM lease WHERE lease.name = checked.lease_name) AS highest
            FROM {rows} AS checked
            WHERE lease_name IS NOT NULL
            GROUP BY lease_name) AS written
        WHERE written.written > coalesce(highest, -1)
        LIMIT @most
        """;

    private static string Shard(string rows) =>
        $"""
        SELECT persistence_id, 'number ' || sequence_number || ' is fenced by ' || lease_name
        FROM {rows} AS checked
        WHERE lease_name <> @lease
        LIMIT @most
        """;

    private static string Counts(string rows) =>
        $"""
        SELECT count(*), coalesce(sum(CASE WHEN lease_name IS NULL THEN 1 ELSE 0 END), 0),
            coalesce(sum(CASE WHEN lease_name IS NULL AND fenced > 0 THEN 1 ELSE 0 END), 0)
        FROM (
            SELECT lease_name, count(lease_name) OVER (PARTITION BY persistence_id ORDER BY sequence_number) AS fenced
            FROM {rows} AS checked) AS counted
        """;

    public async Task<VerificationReport> RunAsync(
        IReadOnlyCollection<Acknowledgement> acknowledged, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenAsync(cancellationToken);

        // One snapshot for all of it, so that a journal in use can be checked.
        await using var transaction = source.Begin(connection);
        var violations = await FindAsync(connection, "journal", [], cancellationToken);
        foreach (var one in acknowledged)
        {
            if (await MissingAsync(connection, one, cancellationToken) is { } detail)
            {
                violations.Add(new Violation("acknowledged", one.PersistenceId, detail));
            }
        }

        return await CountAsync(connection, "journal", [], violations, cancellationToken);
    }

    /// <summary>
    /// The same of the rows of some entities, all of which one lease must have fenced:
    /// <list type="bullet">
    /// <item><c>shard</c>: no row of them is fenced by another lease.</item>
    /// </list>
    /// </summary>
    /// <param name="prefix">Of the persistence ids to be looked through; without characters that LIKE takes for wildcards.</param>
    /// <param name="belongs">Whether a persistence id is one of those entities.</param>
    public async Task<LeaseVerification> RunAsync(
        string lease, string prefix, Func<string, bool> belongs, CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenAsync(cancellationToken);
        await using var transaction = source.Begin(connection);
        var ids = await IdsAsync(connection, prefix, belongs, cancellationToken);
        var rows = $"(SELECT * FROM journal WHERE persistence_id IN ({source.Listed}))";
        (string, object)[] listed = [("ids", JsonSerializer.Serialize(ids))];
        var violations = await FindAsync(connection, rows, listed, cancellationToken);
        violations.AddRange(await ReadAsync(
            connection, "shard", Shard(rows), [.. listed, ("lease", lease), ("most", (long)MostOfARule)], cancellationToken));
        var counted = await CountAsync(connection, rows, listed, violations, cancellationToken);
        return new LeaseVerification(counted.Events, ids.Count, violations);
    }

    private async Task<List<string>> IdsAsync(
        DbConnection connection, string prefix, Func<string, bool> belongs, CancellationToken cancellationToken)
    {
        await using var command = source.Command(
            connection, "SELECT DISTINCT persistence_id FROM journal WHERE persistence_id LIKE @prefix", ("prefix", prefix + "%"));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var ids = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
        {
            if (reader.GetString(0) is var id && id.StartsWith(prefix, StringComparison.Ordinal) && belongs(id))
            {
                ids.Add(id);
            }
        }

        return ids;
    }

    private async Task<List<Violation>> FindAsync(
        DbConnection connection, string rows, (string, object)[] parameters, CancellationToken cancellationToken)
    {
        var violations = new List<Violation>();
        foreach (var (rule, sql) in new[]
        {
            ("sequence", Sequence(rows)), ("order", Order(rows)), ("epoch", Epoch(rows)), ("owner", Owner(rows)), ("lease", Lease(rows)),
        })
        {
            violations.AddRange(await ReadAsync(
                connection, rule, sql, [.. parameters, ("most", (long)MostOfARule)], cancellationToken));
        }

        return violations;
    }

    private async Task<List<Violation>> ReadAsync(
        DbConnection connection, string rule, string sql, (string, object)[] parameters, CancellationToken cancellationToken)
    {
        await using var command = source.Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var violations = new List<Violation>();
        while (await reader.ReadAsync(cancellationToken))
        {
            violations.Add(new Violation(rule, reader.GetString(0), reader.GetString(1)));
        }

        return violations;
    }

    private async Task<string?> MissingAsync(
        DbConnection connection, Acknowledgement one, CancellationToken cancellationToken)
    {
        await using var command = source.Command(
            connection, "SELECT command_id FROM journal WHERE persistence_id = @id AND sequence_number = @number",
            ("id", one.PersistenceId), ("number", one.SequenceNr));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
        {
            return $"number {one.SequenceNr} is not there";
        }

        var commandId = reader.IsDBNull(0) ? null : reader.GetString(0);
        return one.CommandId is null || one.CommandId == commandId
            ? null
            : $"number {one.SequenceNr} is of command {commandId ?? "(none)"}, not {one.CommandId}";
    }

    private async Task<VerificationReport> CountAsync(
        DbConnection connection, string rows, (string, object)[] parameters, List<Violation> violations, CancellationToken cancellationToken)
    {
        await using var command = source.Command(connection, Counts(rows), parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new VerificationReport(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2), violations);
    }
}
