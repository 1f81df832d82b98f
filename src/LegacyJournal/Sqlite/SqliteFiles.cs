using Microsoft.Data.Sqlite;

namespace AkkaScale.LegacyJournal.Sqlite;

/// <summary>Opens database files: through SQLite only, as closing any other descriptor of them would drop SQLite's locks.</summary>
internal static class SqliteFiles
{
    private const int BusySeconds = 2;

    static SqliteFiles()
    {
        SQLitePCL.Batteries_V2.Init();
        PreciseSleep.Install();
    }

    public static SqliteConnection Open(string path, bool isReader)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = isReader ? SqliteOpenMode.ReadWrite : SqliteOpenMode.ReadWriteCreate,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ConnectionString);
        try
        {
            connection.Open();
            if (isReader)
            {
                Execute(connection, "PRAGMA query_only = 1");
            }

            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
