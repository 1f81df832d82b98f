using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;
using AkkaScale.Tests.Support;
using Npgsql;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>The stock plugin on PostgreSQL.</summary>
public sealed class StockPostgres(PostgresServer server) : PluginUnderTest
{
    private string _connectionString = "";

    public override string Name => "stock PostgreSQL";

    public override async Task InitializeAsync() => _connectionString = await server.CreateDatabaseAsync() + ";Maximum Pool Size=20";

    public override async Task DisposeAsync()
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    public override ActorSystem Start(string name, Config settings) =>
        ActorSystem.Create(name, settings.WithFallback(StockSettings.For(_connectionString, "PostgreSQL.15")));

    public override async Task<DbConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        return connection;
    }
}
