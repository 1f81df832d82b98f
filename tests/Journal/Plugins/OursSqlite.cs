using System.Data.Common;
using Akka.Actor;
using Akka.Configuration;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>Our plugin on a SQLite file; fenced like <see cref="OursPostgres"/>.</summary>
public sealed class OursSqlite : PluginUnderTest
{
    private readonly string _directory = Directory.CreateTempSubdirectory("akkascale-sqlite-").FullName;

    public override string Name => "ours SQLite";

    private string ConnectionString => $"Data Source={Path.Combine(_directory, "journal.db")}";

    public override Task InitializeAsync() => OursLeases.TakeAsync(StoreKind.Sqlite, ConnectionString, OpenAsync);

    public override Task DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
        return Task.CompletedTask;
    }

    public override ActorSystem Start(string name, Config settings) =>
        OursLeases.Start(StoreKind.Sqlite, ConnectionString, name, settings);

    public override async Task<DbConnection> OpenAsync()
    {
        var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync();
        return connection;
    }
}
