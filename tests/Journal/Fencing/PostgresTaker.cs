using AkkaScale.Tests.Journal.Plugins;
using Npgsql;

namespace AkkaScale.Tests.Journal.Fencing;

/// <param name="locksBefore">Whether a takeover takes an advisory lock first: for the weaker fence that relies on one.</param>
internal sealed class PostgresTaker(NpgsqlConnection connection, bool locksBefore) : ILeaseTaker
{
    public const string AdvisoryKey = "4711";

    public async Task<long> TakeAsync(string lease, string owner)
    {
        await using var transaction = await connection.BeginTransactionAsync();
        if (locksBefore)
        {
            await ExecuteAsync($"SELECT pg_advisory_xact_lock({AdvisoryKey})");
        }

        var epoch = await LeaseTable.TakeAsync(connection, lease, owner);
        await transaction.CommitAsync();
        return epoch;
    }

    public async Task<long> TakeAndCountAsync(string lease, string owner, long oldEpoch)
    {
        await TakeAsync(lease, owner);
        return await CountAsync(lease, oldEpoch);
    }

    public async Task<long> CountAsync(string lease, long epoch)
    {
        // By number, since nothing else of the lease has an index.
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM journal WHERE persistence_id = ANY(@ids) AND epoch = @epoch", connection);
        command.Parameters.AddWithValue("ids", Enumerable.Range(0, 12).Select(number => $"{lease}/{number}").ToArray());
        command.Parameters.AddWithValue("epoch", epoch);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
