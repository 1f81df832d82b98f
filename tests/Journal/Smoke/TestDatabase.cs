using System.Data.Common;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using AkkaScale.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AkkaScale.Tests.Journal.Smoke;

/// <summary>An empty database of one kind, for one test, and a way past the journal to look into it.</summary>
internal sealed class TestDatabase(StoreKind kind, string connectionString) : IDisposable
{
    public StoreKind Kind => kind;

    public string ConnectionString => connectionString;

    public static async Task<TestDatabase> CreateAsync(StoreKind kind, PrivatePostgres server) => kind == StoreKind.Postgres
        ? new TestDatabase(kind, await server.CreateDatabaseAsync())
        : new TestDatabase(
            kind, $"Data Source={Path.Combine(Directory.CreateTempSubdirectory("akkascale-journal-").FullName, "journal.db")}");

    public void Use(FencedJournalOptions options) => (options.Store, options.ConnectionString) = (kind, connectionString);

    public async Task<long> CountAsync(string sql) => (long)await ScalarAsync(sql);

    public async Task<string> TextAsync(string sql) => (string)await ScalarAsync(sql);

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    public void Dispose()
    {
        if (kind == StoreKind.Sqlite)
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(Path.GetDirectoryName(new SqliteConnectionStringBuilder(connectionString).DataSource)!, recursive: true);
        }
    }

    private async Task<object> ScalarAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return (await command.ExecuteScalarAsync())!;
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
