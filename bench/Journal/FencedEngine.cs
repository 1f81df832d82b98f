using System.Collections.Concurrent;
using System.Data.Common;
using System.Globalization;
using Akka.Actor;
using Akka.Hosting;
using AkkaScale.Cluster.Leases;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Hosting;
using AkkaScale.Journal.Options;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace AkkaScale.Bench.Journal;

/// <summary>Starts systems with our journal, fenced by as many leases as a region has shards by default, or not at all.</summary>
internal static class FencedEngine
{
    private const int Shards = 128;

    private const string Cluster = "bench";

    /// <param name="prefix">Of the entities that write under leases; null: none does.</param>
    public static async Task<ActorSystem> StartAsync(StoreKind store, string connectionString, string? prefix)
    {
        var book = new LeaseBook($"owner-{prefix}");
        var leases = new ConcurrentDictionary<string, string>();
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddAkka("bench", akka => akka
            .WithFencedSqlJournal(options =>
            {
                (options.Store, options.ConnectionString, options.Cluster) = (store, connectionString, Cluster);
                if (prefix is not null)
                {
                    options.Leases = book;
                    options.LeaseOf = id => id.StartsWith(prefix, StringComparison.Ordinal) ? leases.GetOrAdd(id, LeaseOf) : null;
                }
            })
            .AddHocon(Engine.Common, HoconAddMode.Prepend));
        var host = builder.Build();
        await host.StartAsync();
        if (prefix is not null)
        {
            await TakeAsync(store, connectionString, prefix, book);
        }

        return host.Services.GetRequiredService<ActorSystem>();
    }

    private static string LeaseOf(string id)
    {
        var dash = id.LastIndexOf('-');
        return Name(id[..dash], int.Parse(id.AsSpan(dash + 1), CultureInfo.InvariantCulture) % Shards);
    }

    private static string Name(string prefix, int shard) => $"{prefix}-shard-{shard}";

    private static async Task TakeAsync(StoreKind store, string connectionString, string prefix, LeaseBook book)
    {
        await using DbConnection connection =
            store == StoreKind.Postgres ? new NpgsqlConnection(connectionString) : new SqliteConnection(connectionString);
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        for (var shard = 0; shard < Shards; shard++)
        {
            await using var command = connection.CreateCommand();
            command.Transaction = transaction;
            var name = Name(prefix, shard);
            command.CommandText = $"INSERT INTO lease (cluster, name, owner, epoch) VALUES ('{Cluster}', '{name}', '{book.Owner}', 1)";
            await command.ExecuteNonQueryAsync();
            book.Hold(name, 1);
        }

        await transaction.CommitAsync();
    }
}
