using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Sqlite;
using AkkaScale.Journal.Schema;

namespace AkkaScale.Journal.Sqlite;

/// <summary>Brings the file's schema up to date, in one write transaction, so that of two starters one waits.</summary>
internal static class SqliteSchema
{
    public static void Open(SqliteSession session, bool migrate) => session.Transact(() =>
    {
        JournalLayout.Check(Columns(session));
        var journal = SqliteMigrations.Apply(session, JournalSchema.Journal(StoreKind.Sqlite), migrate);
        var leases = SqliteMigrations.Apply(session, JournalSchema.Leases(StoreKind.Sqlite), migrate);
        return journal || leases;
    });

    private static List<string> Columns(SqliteSession session)
    {
        using var reader = session.Prepare("SELECT name FROM pragma_table_info('journal')").ExecuteReader();
        var columns = new List<string>();
        while (reader.Read())
        {
            columns.Add(reader.GetString(0));
        }

        return columns;
    }
}
