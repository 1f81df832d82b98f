using System.Net.Sockets;
using Npgsql;

namespace AkkaScale.Tests.Support;

/// <summary>An empty database of its own on a server that tests share.</summary>
public sealed class PostgresTestStore : TestStore
{
    private readonly string _connectionString;
    private readonly string _adminConnectionString;

    private PostgresTestStore(string connectionString, string adminConnectionString)
    {
        _connectionString = connectionString;
        _adminConnectionString = adminConnectionString;
    }

    /// <summary>Of the database, for a test that looks behind the product.</summary>
    public string ConnectionString => _connectionString;

    public override IReadOnlyList<string> Arguments => ["--store", Postgres, "--connection-string", _connectionString];

    public static async Task<PostgresTestStore> CreateAsync(PrivatePostgres server) =>
        new(await server.CreateDatabaseAsync(), server.AdminConnectionString);

    public override async ValueTask DisposeAsync()
    {
        // The nodes have been ended; what the server has not noticed yet is cut off.
        var database = new NpgsqlConnectionStringBuilder(_connectionString).Database;
        await using var connection = new NpgsqlConnection(_adminConnectionString + ";Pooling=false");
        try
        {
            await connection.OpenAsync();
        }
        catch (NpgsqlException error) when (error.InnerException is SocketException)
        {
            return; // a server that a test has ended and not started again: what failed there is the news, not this
        }

        await using var command = new NpgsqlCommand($"DROP DATABASE \"{database}\" WITH (FORCE)", connection);
        await command.ExecuteNonQueryAsync();
    }
}
