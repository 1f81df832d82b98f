using AkkaScale.Journal.Options;
using AkkaScale.Journal.Writing;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Journal.Sqlite;

/// <summary>What a <see cref="SqliteStore"/> needs to know.</summary>
internal sealed record SqliteStoreSettings(string ConnectionString, AppendNames Names, bool Migrate, int Readers, string Held)
{
    /// <summary>The database file.</summary>
    public string File { get; } = FileOf(ConnectionString);

    /// <summary>For sessions that write: not pooled, since they hold a connection for long.</summary>
    public string Writing { get; } = new SqliteConnectionStringBuilder(ConnectionString) { Pooling = false }.ConnectionString;

    /// <exception cref="JournalRefusedException">A database in memory.</exception>
    private static string FileOf(string connectionString)
    {
        var builder = new SqliteConnectionStringBuilder(connectionString);
        if (builder.DataSource is "" or ":memory:" || builder.Mode == SqliteOpenMode.Memory)
        {
            throw new JournalRefusedException("The journal cannot be in memory: name a file in the connection string (Data Source=…).");
        }

        return Path.GetFullPath(builder.DataSource);
    }
}
