using System.Globalization;
using AkkaScale.Cluster.Schema;

namespace AkkaScale.Cluster.Sqlite;

/// <summary>Brings a file's schema up to date inside the caller's write transaction, so that of two starters one waits.</summary>
internal static class SqliteMigrations
{
    /// <returns>Whether anything was applied.</returns>
    public static bool Apply(SqliteSession session, MigrationSet migrations, bool mayApply)
    {
        var pending = migrations.Pending(Present(session, migrations), mayApply);
        foreach (var migration in pending)
        {
            session.Execute(migrations.CreateTable);
            using var command = session.Connection.CreateCommand();
            command.CommandText = migration.Sql;
            command.ExecuteNonQuery();
            session.Prepare($"INSERT INTO {migrations.Table} (number, name) VALUES ($1, $2)", migration.Number, migration.Name)
                .ExecuteNonQuery();
        }

        return pending.Count > 0;
    }

    private static int Present(SqliteSession session, MigrationSet migrations)
    {
        var exists = session.Prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = $1", migrations.Table).ExecuteScalar();
        return exists is null
            ? 0
            : Convert.ToInt32(
                session.Prepare($"SELECT coalesce(max(number), 0) FROM {migrations.Table}").ExecuteScalar(), CultureInfo.InvariantCulture);
    }
}
