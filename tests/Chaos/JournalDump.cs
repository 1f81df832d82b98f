using AkkaScale.Tests.Chaos.Rig;
using AkkaScale.Tests.Verdict;
using Npgsql;

namespace AkkaScale.Tests.Chaos;

/// <summary>Copies the whole journal from the store into the history, with who held each epoch.</summary>
internal static class JournalDump
{
    private const string Sql =
        """
        SELECT j.shard, j.position, j.epoch, j.entity_kind, j.entity_id, j.sequence_nr, j.event_type, j.command_id,
               coalesce(m.node_name, '?') || ' ' || coalesce(left(o.owner::text, 8), 'nobody')
        FROM journal j LEFT JOIN shard_ownership o ON o.shard = j.shard AND o.epoch = j.epoch LEFT JOIN member m ON m.incarnation = o.owner
        """;

    /// <returns>How many events there are.</returns>
    public static async Task<long> WriteAsync(ChaosCluster cluster, HistoryWriter history)
    {
        var rows = 0L;
        await using var connection = new NpgsqlConnection(cluster.Databases!.PrimaryString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(Sql, connection) { CommandTimeout = 300 };
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
                CommandId = reader.GetGuid(7),
                Node = reader.GetString(8),
            });
            rows++;
        }

        return rows;
    }

    /// <summary>Tasks as clients name them; two kinds may share an id.</summary>
    private static string NameOf(string kind, string id) => kind == "task" ? id : $"{kind}:{id}";
}
