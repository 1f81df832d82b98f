using System.Data.Common;
using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AkkaScale.Tests.Cluster.Entities;

/// <summary>An empty database for one test, and a way past the journal to look into it.</summary>
internal sealed class EntityDatabase(StoreKind kind, string connectionString) : IDisposable
{
    public StoreKind Kind => kind;

    public string ConnectionString => connectionString;

    public static async Task<EntityDatabase> CreateAsync(StoreKind kind, PostgresServer server) => kind == StoreKind.Postgres
        ? new EntityDatabase(kind, await server.CreateDatabaseAsync())
        : new EntityDatabase(
            kind, $"Data Source={Path.Combine(Directory.CreateTempSubdirectory("akkascale-entities-").FullName, "journal.db")}");

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public async Task<long> CountAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public void Dispose()
    {
        if (kind == StoreKind.Sqlite)
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(Path.GetDirectoryName(new SqliteConnectionStringBuilder(connectionString).DataSource)!, recursive: true);
        }
    }

    private async Task<DbConnection> OpenAsync()
    {
        DbConnection connection = kind == StoreKind.Postgres
            ? new NpgsqlConnection(connectionString + ";Pooling=false")
            : new SqliteConnection(connectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }
}
