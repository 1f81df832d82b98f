using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Audit;
using AkkaScale.LegacyJournal.Schema;
using Npgsql;
using NpgsqlTypes;

namespace AkkaScale.LegacyJournal.Postgres;

/// <summary>The audit log.</summary>
internal sealed class PostgresAudit(PostgresConnections connections)
{
    public async Task<long> BeginAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenPooledAsync(cancellationToken);
            await using var command = Command(
                AuditSql.Begin, entry.At.UtcDateTime, entry.Node, entry.Who, entry.By, entry.Role, entry.Remote, entry.Method, entry.Path, entry.Action,
                entry.Target, entry.Why, (object?)entry.Status ?? DBNull.Value, (int)entry.Outcome);
            command.Connection = connection;
            var nr = (long)(await command.ExecuteScalarAsync(CancellationToken.None))!;
            if (nr % IAuditStore.PruneEvery == 0)
            {
                await PruneAsync(connection);
            }

            return nr;
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("The audit log cannot be written", error);
        }
    }

    public async Task<WriteOutcome> FinishAsync(AuditEntry entry, CancellationToken cancellationToken)
    {
        var command = new NpgsqlBatchCommand(AuditSql.Finish);
        Add(command.Parameters, entry.Nr, entry.By, entry.Action, entry.Target, entry.Why, (object?)entry.Status ?? DBNull.Value, (int)entry.Outcome);
        await using var batch = new NpgsqlBatch { BatchCommands = { command } };
        return await PostgresWrites.ExecuteAsync(connections, batch, commands => commands[0].RecordsAffected == 1, cancellationToken);
    }

    public async Task<IReadOnlyList<AuditEntry>> ReadAsync(long before, int limit, CancellationToken cancellationToken)
    {
        try
        {
            await using var connection = await connections.OpenPooledAsync(cancellationToken);
            await using var command = Command(AuditSql.Read, before, limit);
            command.Connection = connection;
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            var entries = new List<AuditEntry>();
            while (await reader.ReadAsync(cancellationToken))
            {
                entries.Add(Entry(reader));
            }

            return entries;
        }
        catch (Exception error) when (PostgresErrors.IsStoreFault(error))
        {
            throw PostgresErrors.Unavailable("The audit log cannot be read", error);
        }
    }

    private static async Task PruneAsync(NpgsqlConnection connection)
    {
        foreach (var (sql, kept) in new[] { (AuditSql.PruneCalls, IAuditStore.KeptCalls), (AuditSql.PruneDenials, IAuditStore.KeptDenials) })
        {
            await using var command = Command(sql, (long)kept);
            command.Connection = connection;
            await command.ExecuteNonQueryAsync(CancellationToken.None);
        }
    }

    private static NpgsqlCommand Command(string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlCommand(sql);
        Add(command.Parameters, values);
        return command;
    }

    // Only a status may be null, and a null has no type of its own.
    private static void Add(NpgsqlParameterCollection parameters, params ReadOnlySpan<object> values)
    {
        foreach (var value in values)
        {
            parameters.Add(value is DBNull ? new NpgsqlParameter { Value = value, NpgsqlDbType = NpgsqlDbType.Integer } : new NpgsqlParameter { Value = value });
        }
    }

    private static AuditEntry Entry(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetFieldValue<DateTimeOffset>(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6),
        row.GetString(7), row.GetString(8), row.GetString(9), row.GetString(10), row.GetString(11), row.IsDBNull(12) ? null : row.GetInt32(12),
        (AuditOutcome)row.GetInt32(13));
}
