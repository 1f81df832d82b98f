using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>The stock plugin on a SQLite file.</summary>
public sealed class StockSqlite : PluginUnderTest
{
    private readonly string _directory = Directory.CreateTempSubdirectory("akkascale-sqlite-").FullName;

    public override string Name => "stock SQLite";

    private string ConnectionString => $"Data Source={Path.Combine(_directory, "journal.db")}";

    public override Task InitializeAsync() => Task.CompletedTask;

    public override Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
        return Task.CompletedTask;
    }

    public override ActorSystem Start(string name, Config settings) =>
        ActorSystem.Create(name, settings.WithFallback(StockSettings.For(ConnectionString, "SQLite.MS")));

    public override async Task<DbConnection> OpenAsync()
    {
        var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
