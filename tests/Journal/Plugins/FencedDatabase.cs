using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using AkkaScale.Tests.Support;
using Npgsql;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>A database of one test, with a connection past the plugin.</summary>
internal sealed class FencedDatabase : IAsyncDisposable
{
    private FencedDatabase(string connectionString) =>
        (ConnectionString, Connection) = (connectionString, new NpgsqlConnection(connectionString));

    public string ConnectionString { get; }

    public NpgsqlConnection Connection { get; }

    public static async Task<FencedDatabase> CreateAsync(PostgresServer server) => await OpenAsync(await server.CreateDatabaseAsync());

    public static async Task<FencedDatabase> OpenAsync(string connectionString)
    {
        var database = new FencedDatabase(connectionString + ";Maximum Pool Size=20");
        await database.Connection.OpenAsync();
        return database;
    }

    public Task<FencedNode> StartNodeAsync(string owner = "node-a", Action<FencedJournalOptions>? more = null) =>
        FencedNode.StartAsync(StoreKind.Postgres, ConnectionString, owner, more);

    /// <summary>Keeps every append under this lease waiting, and so the lane behind it, until it is disposed.</summary>
    public async Task<NpgsqlTransactionLock> BlockAsync(string lease)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("SELECT 1 FROM lease WHERE name = @lease FOR UPDATE", connection, transaction);
        command.Parameters.AddWithValue("lease", lease);
        Assert.Equal(1, await command.ExecuteScalarAsync());
        return new NpgsqlTransactionLock(connection, transaction);
    }

    public async Task<T> ReadAsync<T>(string sql, params (string Name, object Value)[] parameters)
    {
        await using var command = new NpgsqlCommand(sql, Connection);
        Array.ForEach(parameters, parameter => command.Parameters.AddWithValue(parameter.Name, parameter.Value));
        return (T)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>The texts of an entity's events, by number.</summary>
    public Task<string[]> TextsAsync(string id) => ReadAsync<string[]>(
        """
        SELECT coalesce(array_agg(convert_from(message, 'UTF8') ORDER BY sequence_number), '{}')
        FROM journal WHERE persistence_id = @id
        """,
        ("id", id));

    public async ValueTask DisposeAsync()
    {
        await Connection.DisposeAsync();
        NpgsqlConnection.ClearPool(Connection);
    }
}

/// <summary>Row locks held until it is disposed.</summary>
internal sealed class NpgsqlTransactionLock(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
{
    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }
}
