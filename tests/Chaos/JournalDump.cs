using System.Data.Common;
using AkkaScale.LegacyJournal.Sqlite;
using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Verdict;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AkkaScale.Tests.Chaos;

/// <summary>Copies the whole journal from the store into the history, with who held each epoch.</summary>
internal static class JournalDump
{
    private const string From =
        """
        FROM journal j LEFT JOIN shard_ownership o ON o.shard = j.shard AND o.epoch = j.epoch LEFT JOIN member m ON m.incarnation = o.owner
        """;

    private const string PostgresSql =
        $"""
        SELECT j.shard, j.position, j.epoch, j.entity_kind, j.entity_id, j.sequence_nr, j.event_type, j.command_id,
               coalesce(m.node_name, '?') || ' ' || coalesce(left(o.owner::text, 8), 'nobody') {From}
        """;

    private const string SqliteSql =
        $"""
        SELECT j.shard, j.position, j.epoch, j.entity_kind, j.entity_id, j.sequence_nr, j.event_type, j.command_id,
               coalesce(m.node_name, '?') || ' ' || coalesce(substr(lower(hex(o.owner)), 1, 8), 'nobody') {From}
        """;

    /// <returns>How many events there are.</returns>
    public static async Task<long> WriteAsync(ChaosCluster cluster, HistoryWriter history)
    {
        if (cluster.Databases is not { } pair)
        {
            await using var embedded = SqliteFiles.Open(Path.Combine(cluster.StorePath, "journal.db"), isReader: true);
            await using var attach = new SqliteCommand("ATTACH $path AS members", embedded);
            attach.Parameters.AddWithValue("$path", Path.Combine(cluster.StorePath, "cluster.db"));
            await attach.ExecuteNonQueryAsync();
            await using var select = new SqliteCommand(SqliteSql, embedded);
            return await CopyAsync(select, history, row => new Guid((byte[])row.GetValue(7), bigEndian: true));
        }

        await using var connection = new NpgsqlConnection(pair.PrimaryString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(PostgresSql, connection) { CommandTimeout = 300 };
        return await CopyAsync(command, history, row => row.GetGuid(7));
    }

    private static async Task<long> CopyAsync(DbCommand command, HistoryWriter history, Func<DbDataReader, Guid> commandId)
    {
        var rows = 0L;
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            history.Write(new JournalRow
            {
                Shard = reader.GetInt32(0),
                Position = reader.GetInt64(1),
                Epoch = reader.GetInt64(2),
                Entity = NameOf(reader.GetString(3), reader.GetString(4)),
                Sequence = reader.GetInt64(5),
                Type = reader.GetString(6),
                CommandId = commandId(reader),
                Node = reader.GetString(8),
            });
            rows++;
        }

        return rows;
    }

    /// <summary>Tasks as clients name them; two kinds may share an id.</summary>
    private static string NameOf(string kind, string id) => kind == "task" ? id : $"{kind}:{id}";
}
