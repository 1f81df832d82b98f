using Npgsql;

namespace AkkaScale.Tests.Journal.Smoke;

/// <summary>Holds a lock on the table journal that lets nobody write; readers go on.</summary>
internal sealed class JournalBlocker : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly NpgsqlConnection _connection;
    private readonly NpgsqlTransaction _transaction;

    private JournalBlocker(TestDatabase database, NpgsqlConnection connection, NpgsqlTransaction transaction) =>
        (_database, _connection, _transaction) = (database, connection, transaction);

    public static async Task<JournalBlocker> LockAsync(TestDatabase database)
    {
        var connection = new NpgsqlConnection(database.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("LOCK TABLE journal IN EXCLUSIVE MODE", connection, transaction);
        await command.ExecuteNonQueryAsync();
        return new JournalBlocker(database, connection, transaction);
    }

    /// <summary>Returns when an append waits for the lock.</summary>
    public Task WaitForWaiterAsync() => Conditions.UntilAsync(
        async () => await _database.CountAsync(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%INSERT INTO journal%'") > 0,
        "an append waits for the lock");

    public Task ReleaseAsync() => _transaction.RollbackAsync();

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();
}
