using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacyJournal.Sqlite;

namespace AkkaScale.LegacyJournal.Care;

/// <summary>What an embedded store that was restored is asked before nodes run on it.</summary>
internal static class SqliteRestore
{
    /// <summary>Null: there is no store, or one that nobody has opened yet.</summary>
    public static ClusterIdentity? Peek(string directory)
    {
        var path = Path.Combine(directory, "journal.db");
        if (!File.Exists(path))
        {
            return null;
        }

        using var connection = SqliteFiles.Open(path, isReader: true);
        return SqliteReaders.Query(connection, "SELECT 1 FROM sqlite_master WHERE name = 'cluster'", row => row.GetInt32(0)).Count == 0
            ? null
            : SqliteReaders.Query(connection, SqliteOpening.IdentitySql, SqliteOpening.Identity).FirstOrDefault();
    }
}
