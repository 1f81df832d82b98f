using Akka.Actor;
using Akka.Configuration;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using AkkaScale.Tests.Journal.Plugins;
using Microsoft.Data.Sqlite;

namespace AkkaScale.Tests.Journal.Interop;

[Collection(JournalCollection.Name)]
public sealed class SqliteBothWays() : BothWaysTests(new SqliteInterop());

internal sealed class SqliteInterop : IInteropDatabase
{
    private readonly string _directory = Directory.CreateTempSubdirectory("akkascale-sqlite-").FullName;

    public Config StockSettings => Plugins.StockSettings.For(ConnectionString, "SQLite.MS");

    private string ConnectionString => $"Data Source={Path.Combine(_directory, "journal.db")}";

    public async Task<ActorSystem> StartOursAsync(Config settings)
    {
        var node = await FencedNode.StartAsync(StoreKind.Sqlite, ConnectionString, settings: settings);
        await using var connection = new SqliteConnection(ConnectionString);
        await connection.OpenAsync();
        await node.HoldAsync(connection, "shard-0");
        return node.System;
    }

    public Task<IInteropDatabase> AnotherAsync() => Task.FromResult<IInteropDatabase>(new SqliteInterop());

    public ValueTask DisposeAsync()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}
