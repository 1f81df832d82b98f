using System.Data.Common;
using System.Text.Json;
using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Verdict;

namespace AkkaScale.Tests.Chaos;

/// <summary>Copies the whole journal and the leases from the store into the history, past the product.</summary>
internal static class JournalDump
{
    /// <summary>Rows that only store an answer.</summary>
    private const string AnswerType = "answered";

    private const string Rows =
        """
        SELECT persistence_id, sequence_number, message, manifest, command_id, lease_name, coalesce(epoch, 0), ordering, writer_uuid
        FROM journal
        """;

    private const string Leases = "SELECT name, epoch FROM lease";

    /// <returns>How many rows there are.</returns>
    public static async Task<long> WriteAsync(ChaosCluster cluster, HistoryWriter history)
    {
        await using var connection = cluster.StoreConnection();
        await connection.OpenAsync();
        await foreach (var lease in ReadAsync(connection, Leases))
        {
            history.Write(new LeaseRow(lease.GetString(0), lease.GetInt64(1)));
        }

        var rows = 0L;
        await foreach (var row in ReadAsync(connection, Rows))
        {
            history.Write(RowOf(row));
            rows++;
        }

        return rows;
    }

    private static async IAsyncEnumerable<DbDataReader> ReadAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.CommandTimeout = 300;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            yield return reader;
        }
    }

    private static JournalRow RowOf(DbDataReader row)
    {
        using var message = JsonDocument.Parse(row.GetFieldValue<byte[]>(2));
        var type = TypeOf(row.GetString(3));
        return new JournalRow
        {
            Entity = NameOf(row.GetString(0)),
            Sequence = row.GetInt64(1),
            Version = message.RootElement.GetProperty("version").GetInt64(),
            IsEvent = type != AnswerType,
            CommandId = row.IsDBNull(4) ? null : Guid.Parse(row.GetString(4)),
            Lease = row.IsDBNull(5) ? null : row.GetString(5),
            Epoch = row.GetInt64(6),
            Position = row.GetInt64(7),
            Type = type,
            Node = row.IsDBNull(8) ? null : row.GetString(8),
        };
    }

    /// <summary>Tasks as clients name them; two kinds may share an id.</summary>
    private static string NameOf(string persistenceId) =>
        persistenceId.StartsWith("task-", StringComparison.Ordinal) ? persistenceId["task-".Length..] : persistenceId;

    /// <summary>"commented" for the manifest "task.commented@1".</summary>
    private static string TypeOf(string manifest)
    {
        var name = manifest[..manifest.IndexOf('@', StringComparison.Ordinal)];
        return name[(name.LastIndexOf('.') + 1)..];
    }
}
