using Microsoft.Data.Sqlite;

namespace AkkaScale.Journal.Backups;

/// <summary>Copies a SQLite file that is in use, by the database's own backup: what stands in the copy is one moment, and nobody waits for it.</summary>
internal static class SqliteBackup
{
    /// <summary>Blocks; as long as the disk takes.</summary>
    /// <param name="to">A file that is not there yet. It needs no log beside it.</param>
    /// <exception cref="SqliteException">It could not be read or written; the copy is gone then.</exception>
    public static void Copy(string from, string to)
    {
        if (File.Exists(to))
        {
            throw new IOException($"{to} is there already.");
        }

        try
        {
            using var source = Open(from, SqliteOpenMode.ReadOnly);
            using var copy = Open(to, SqliteOpenMode.ReadWriteCreate);
            source.BackupDatabase(copy);

            // Else the copy could be read only where a log beside it may be made.
            using var mode = new SqliteCommand("PRAGMA journal_mode = DELETE", copy);
            mode.ExecuteNonQuery();
        }
        catch
        {
            File.Delete(to);
            throw;
        }
    }

    internal static SqliteConnection Open(string file, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = file, Mode = mode, Pooling = false }.ConnectionString);
        connection.Open();
        return connection;
    }
}
