using System.Data.Common;
using AkkaScale.Cluster.Options;
using AkkaScale.Journal;
using AkkaScale.Journal.Options;
using AkkaScale.Tests.Support;
using AkkaScale.Tests.Support.Relays;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AkkaScale.Tests.Cluster.Databases;

/// <summary>A database of one test, read past the product by plain SQL.</summary>
internal sealed class ProbeDatabase : IAsyncDisposable
{
    private readonly string? _directory;
    private readonly List<PostgresRelay> _relays = [];

    private ProbeDatabase(StoreKind store, string connectionString, string? directory) =>
        (Store, ConnectionString, _directory) = (store, connectionString, directory);

    public StoreKind Store { get; }

    public string ConnectionString { get; }

    public static async Task<ProbeDatabase> CreateAsync(PostgresServer server) => Postgres(await server.CreateDatabaseAsync());

    public static ProbeDatabase Postgres(string connectionString) => new(StoreKind.Postgres, connectionString, null);

    public static ProbeDatabase Sqlite()
    {
        var directory = Directory.CreateTempSubdirectory("akkascale-probe-").FullName;
        return new ProbeDatabase(StoreKind.Sqlite, $"Data Source={Path.Combine(directory, "probe.db")}", directory);
    }

    /// <summary>A way to the database of its own, for a node that is to be cut from it.</summary>
    public PostgresRelay AddRelay()
    {
        var relay = new PostgresRelay(ConnectionString);
        _relays.Add(relay);
        return relay;
    }

    /// <summary>Of the file or database with journal and leases.</summary>
    public Task<DbConnection> OpenAsync() => OpenAsync("");

    public async Task<IReadOnlyList<LeaseView>> LeasesAsync()
    {
        await using var connection = await OpenAsync();
        return await ReadAsync(
            connection, "SELECT name, owner, epoch FROM lease ORDER BY name",
            row => new LeaseView(row.GetString(0), row.IsDBNull(1) ? null : row.GetString(1), row.GetInt64(2)));
    }

    /// <summary>Every incarnation that there was, oldest first.</summary>
    public async Task<IReadOnlyList<NodeView>> NodesAsync()
    {
        await using var connection = await OpenMembersAsync();
        return await ReadAsync(
            connection, "SELECT incarnation, name, generation, state, reason FROM node ORDER BY incarnation",
            row => new NodeView(
                row.GetString(0), row.GetString(1), row.GetInt64(2), $"{row.GetValue(3)}", row.IsDBNull(4) ? null : row.GetString(4)));
    }

    /// <summary>Null while there is no founder, or no table yet.</summary>
    public async Task<(long Generation, string Founder)?> FoundedAsync()
    {
        try
        {
            await using var connection = await OpenMembersAsync();
            var rows = await ReadAsync(
                connection, "SELECT generation, founder FROM cluster WHERE founder IS NOT NULL",
                row => (row.GetInt64(0), row.GetString(1)));
            return rows.Count == 0 ? null : rows.Single();
        }
        catch (DbException)
        {
            return null;
        }
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenMembersAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Whoever wants to take, give back or write under one of these leases waits until it is disposed.</summary>
    public async Task<IAsyncDisposable> LockLeasesAsync(IReadOnlyCollection<string> leases)
    {
        var connection = new NpgsqlConnection(ConnectionString);
        await connection.OpenAsync();
        var transaction = await connection.BeginTransactionAsync();
        await using var command = new NpgsqlCommand("SELECT name FROM lease WHERE name = ANY(@names) ORDER BY name FOR UPDATE", connection);
        command.Parameters.AddWithValue("names", leases.ToArray());
        await command.ExecuteNonQueryAsync();
        return new RowLocks(connection, transaction);
    }

    public JournalInspection Inspect() => new(JournalStores.Create(
        new FencedJournalOptions { Store = Store, ConnectionString = ConnectionString, Migrate = false }, "checker"));

    public async ValueTask DisposeAsync()
    {
        foreach (var relay in _relays)
        {
            await relay.DisposeAsync();
        }

        if (Store == StoreKind.Postgres)
        {
            NpgsqlConnection.ClearPool(new NpgsqlConnection(Pooled));
        }
        else
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(_directory!, recursive: true);
        }
    }

    private string Pooled => ConnectionString + ";Maximum Pool Size=4;Application Name=checker";

    private Task<DbConnection> OpenMembersAsync() => OpenAsync(Store == StoreKind.Sqlite ? ".members" : "");

    private async Task<DbConnection> OpenAsync(string suffix)
    {
        DbConnection connection = Store == StoreKind.Postgres
            ? new NpgsqlConnection(Pooled)
            : new SqliteConnection($"{ConnectionString}{suffix};Mode=ReadWrite"); // not made where it is missing
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<List<T>> ReadAsync<T>(DbConnection connection, string sql, Func<DbDataReader, T> read)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<T>();
        while (await reader.ReadAsync())
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private sealed class RowLocks(NpgsqlConnection connection, NpgsqlTransaction transaction) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await transaction.DisposeAsync();
            await connection.DisposeAsync();
        }
    }
}
