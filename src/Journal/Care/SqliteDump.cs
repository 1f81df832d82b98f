using System.Runtime.CompilerServices;
using AkkaScale.Cluster.Ownership;
using AkkaScale.Journal.Sqlite;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Journal.Care;

/// <summary>Reads of the embedded store that concern all of it.</summary>
internal static class SqliteDump
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

    /// <summary>On a connection and in a transaction of its own: one moment, however long it takes. The write-ahead log keeps what follows until then.</summary>
    public static async IAsyncEnumerable<StoreRow> ReadAsync(string directory, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // SQLite has no asynchronous calls; whoever reads gets off the caller's thread once, here.
        await Task.Yield();
        using var connection = SqliteFiles.Open(Path.Combine(directory, "journal.db"), isReader: true);
        SqliteFiles.Execute(connection, "BEGIN");
        foreach (var row in All(connection))
        {
            cancellationToken.ThrowIfCancellationRequested();
            yield return row;
        }
    }

    private static IEnumerable<StoreRow> All(SqliteConnection connection) =>
        Rows(connection, $"SELECT {SqliteJournalReading.EventColumns} FROM journal ORDER BY shard, position", row => new StoreRow.Event(SqliteJournalReading.Event(row)))
            .Concat(Rows(
                connection, $"SELECT {SqliteJournalReading.ResultColumns} FROM command_result ORDER BY entity_kind, entity_id, command_id",
                row => new StoreRow.Result(SqliteJournalReading.Result(row))));

    private static IEnumerable<StoreRow> Rows(SqliteConnection connection, string sql, Func<SqliteDataReader, StoreRow> row)
    {
        using var statement = new SqliteStatement(connection, sql);
        using var reader = statement.Read();
        while (reader.Read())
        {
            yield return row(reader);
        }
    }
}
