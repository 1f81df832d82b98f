using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using AkkaScale.Tests.Support;
using Npgsql;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>Our plugin on PostgreSQL. Ids of even length are fenced, by two leases; the others are not.</summary>
public sealed class OursPostgres(PostgresServer server) : PluginUnderTest
{
    private string _connectionString = "";

    public override string Name => "ours PostgreSQL";

    public override async Task InitializeAsync()
    {
        _connectionString = await server.CreateDatabaseAsync() + ";Maximum Pool Size=20";
        await OursLeases.TakeAsync(StoreKind.Postgres, _connectionString, OpenAsync);
    }

    public override async Task DisposeAsync()
    {
        await using var connection = new NpgsqlConnection(_connectionString);
        NpgsqlConnection.ClearPool(connection);
    }

    public override ActorSystem Start(string name, Config settings) =>
        OursLeases.Start(StoreKind.Postgres, _connectionString, name, settings);

    public override async Task<DbConnection> OpenAsync()
    {
        var connection = new NpgsqlConnection(_connectionString);
        await connection.OpenAsync();
        return connection;
    }
}
