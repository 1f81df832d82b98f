using AkkaScale.Cluster;
using AkkaScale.Cluster.Ownership;
using AkkaScale.Journal.Schema;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Journal.Sqlite;

/// <summary>The registry of event types, in the file of the member rows: whoever joins or registers holds that file's one write lock.</summary>
internal sealed class SqliteEventTypes(SqliteDatabase cluster, TimeProvider time)
{
    private const string InsertSql =
        "INSERT INTO event_type (entity_kind, event_type, since, written_by) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

    private const string ReadSql = "SELECT entity_kind, event_type, since, written_by FROM event_type ORDER BY entity_kind, event_type";

    public Task<WriteOutcome> RegisterAsync(string kind, string eventType, string by) => cluster.TryWriteAsync(session =>
        !IsHeldBack(session, kind, eventType)
        && session.Statement(InsertSql, 4).Execute(kind, eventType, SqliteValues.Microseconds(time.GetUtcNow()), by) == 1);

    public async Task<IReadOnlyList<WrittenEventType>> ReadAsync(CancellationToken cancellationToken) => await cluster.Readers.ReadAsync(
        "The registry of event types cannot be read", connection => SqliteReaders.Query(connection, ReadSql, Row), cancellationToken);

    public static List<WrittenEventType> Registered(SqliteSession session)
    {
        var types = new List<WrittenEventType>();
        using var rows = session.Statement(ReadSql).Read();
        while (rows.Read())
        {
            types.Add(Row(rows));
        }

        return types;
    }

    /// <summary>
    /// Registers what the journal of a store from before the registry holds. The two files share no transaction, so it comes with the opening and not
    /// with the migration; a registry that has a row was filled, or made on an empty journal.
    /// </summary>
    public static async Task FillAsync(SqliteDatabase journal, SqliteDatabase cluster)
    {
        if (await cluster.RunAsync(session => session.Statement("SELECT 1 FROM event_type LIMIT 1").Any()))
        {
            return;
        }

        var found = await journal.RunAsync(session =>
        {
            var types = new List<(string Kind, string Type, long Since)>();
            using var rows = session.Statement("SELECT entity_kind, event_type, min(at) FROM journal GROUP BY entity_kind, event_type").Read();
            while (rows.Read())
            {
                types.Add((rows.GetString(0), rows.GetString(1), rows.GetInt64(2)));
            }

            return types;
        });
        if (found.Count > 0)
        {
            await cluster.RunAsync(session => session.Write(_ =>
            {
                found.ForEach(type => session.Statement(InsertSql, 4).Execute(type.Kind, type.Type, type.Since, ""));
                return true;
            }));
        }
    }

    private static bool IsHeldBack(SqliteSession session, string kind, string eventType)
    {
        using var rows = session.Statement("SELECT roles, reads FROM member WHERE status IN ('joining', 'up', 'leaving')").Read();
        while (rows.Read())
        {
            // A member that does not say what it reads holds every new type back: it may be a program of before the registry.
            if (MemberColumns.Roles(rows.GetString(0)).Contains(Cluster.Membership.MemberSnapshot.EntityRole)
                && MemberColumns.Reads(rows.IsDBNull(1) ? null : rows.GetString(1))?.ReadsEvent(kind, eventType) != true)
            {
                return true;
            }
        }

        return false;
    }

    private static WrittenEventType Row(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), SqliteValues.At(row, 2), row.GetString(3));
}
