using AkkaScale.Cluster.Postgres;
using AkkaScale.Journal.Writing;
using Npgsql;
using NpgsqlTypes;

namespace AkkaScale.Journal.Postgres;

/// <summary>Finds out what became of a batch whose statement was not answered.</summary>
internal static class Settlement
{
    private const int BackendPatienceMilliseconds = 2000;

    /// <returns>For each request whether it was written; null when the backend is still there.</returns>
    public static bool[]? Run(NpgsqlConnection connection, Backend backend, Batch batch, string writer, TimeSpan timeout)
    {
        // 1. Nothing of the batch may be under way any more: what is then not there never comes.
        if (!End(connection, backend, timeout))
        {
            return null;
        }

        // 2. A commit of its own. With synchronous replication it returns when the replica has everything before it, the batch too:
        // the batch's own wait was perhaps cut short, and rows that only this server has must not be acknowledged.
        Execute(connection, "SELECT pg_logical_emit_message(true, 'akkascale', 'settled')", timeout);

        // 3. Read. An entity's number alone does not tell: the next owner may have used it by now.
        return Read(connection, batch, writer, timeout);
    }

    private static bool End(NpgsqlConnection connection, Backend backend, TimeSpan timeout)
    {
        using var command = new NpgsqlCommand(
            "SELECT pg_terminate_backend(pid, $3) FROM pg_stat_activity WHERE pid = $1 AND backend_start = $2", connection)
        {
            CommandTimeout = (int)timeout.TotalSeconds,
            Parameters =
            {
                new() { Value = backend.ProcessId },
                new() { Value = backend.StartedAt },
                new() { Value = (long)BackendPatienceMilliseconds },
            },
        };
        return command.ExecuteScalar() is null or true;
    }

    private static bool[] Read(NpgsqlConnection connection, Batch batch, string writer, TimeSpan timeout)
    {
        // A request's rows were written together, so its last one stands for all.
        using var command = new NpgsqlCommand(
            """
            SELECT r.number::int
            FROM unnest($1, $2, $3) WITH ORDINALITY AS r(persistence_id, sequence_number, epoch, number)
            JOIN journal ON journal.persistence_id = r.persistence_id AND journal.sequence_number = r.sequence_number
            WHERE journal.writer_uuid = $4 AND journal.epoch IS NOT DISTINCT FROM r.epoch
            """, connection)
        {
            CommandTimeout = (int)timeout.TotalSeconds,
            Parameters =
            {
                new() { Value = Of(batch, request => request.PersistenceId), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text },
                new() { Value = Of(batch, request => request.Rows[^1].SequenceNr) },
                new() { Value = Of(batch, request => request.Slice.IsFenced ? request.Slice.Epoch : (long?)null) },
                new() { Value = writer },
            },
        };
        var written = new bool[batch.Requests.Length];
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            written[reader.GetInt32(0) - 1] = true;
        }

        return written;
    }

    private static T[] Of<T>(Batch batch, Func<WriteRequest, T> value) => Array.ConvertAll(batch.Requests, request => value(request));

    private static void Execute(NpgsqlConnection connection, string sql, TimeSpan timeout)
    {
        using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = (int)timeout.TotalSeconds };
        command.ExecuteNonQuery();
    }
}
