using Akka.Actor;
using Akka.Configuration;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using AkkaScale.Tests.Journal.Plugins;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Journal.Interop;

[Collection(JournalCollection.Name)]
public sealed class PostgresBothWays(PostgresServer server) : BothWaysTests(new PostgresInterop(server));

internal sealed class PostgresInterop(PostgresServer server) : IInteropDatabase
{
    private readonly Lazy<string> _connectionString = new(
        () => Task.Run(server.CreateDatabaseAsync).GetAwaiter().GetResult() + ";Maximum Pool Size=10");

    public Config StockSettings => Plugins.StockSettings.For(_connectionString.Value, "PostgreSQL.15");

    public async Task<ActorSystem> StartOursAsync(Config settings)
    {
        var node = await FencedNode.StartAsync(StoreKind.Postgres, _connectionString.Value, settings: settings);
        await using var database = await FencedDatabase.OpenAsync(_connectionString.Value);
        await node.HoldAsync(database.Connection, "shard-0");
        return node.System;
    }

    public Task<IInteropDatabase> AnotherAsync() => Task.FromResult<IInteropDatabase>(new PostgresInterop(server));

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
