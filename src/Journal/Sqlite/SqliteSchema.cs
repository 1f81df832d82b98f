using AkkaScale.Journal.Options;
using AkkaScale.Journal.Schema;

namespace AkkaScale.Journal.Sqlite;

/// <summary>Brings the file's schema up to date, in one write transaction, so that of two starters one waits.</summary>
internal static class SqliteSchema
{
    public static void Open(SqliteSession session, bool migrate) => session.Transact(() =>
    {
        JournalLayout.Check(Columns(session));
        var present = Present(session);
        var pending = Migration.Pending(Migration.Of("Sqlite"), present).ToList();
        if (pending.Count > 0 && !migrate)
        {
            throw new JournalRefusedException(
                $"The journal's schema lacks {pending.Count} migrations, and this program may not apply them.");
        }

        session.Execute(Migration.CreateTable);
        foreach (var migration in pending)
        {
            using var command = session.Connection.CreateCommand();
            command.CommandText = migration.Sql;
            command.ExecuteNonQuery();
            session.Prepare($"INSERT INTO {Migration.Table} (number, name) VALUES ($1, $2)", migration.Number, migration.Name)
                .ExecuteNonQuery();
        }

        return pending.Count > 0;
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

    private static int Present(SqliteSession session)
    {
        var exists = session.Prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1", Migration.Table).ExecuteScalar();
        return exists is null
            ? 0
            : Convert.ToInt32(
                session.Prepare($"SELECT coalesce(max(number), 0) FROM {Migration.Table}").ExecuteScalar(),
                System.Globalization.CultureInfo.InvariantCulture);
    }
}
