using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyJournal.Postgres;
using AkkaScale.Tests.Store.Contract;
using AkkaScale.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace AkkaScale.Tests.Store.Postgres;

/// <summary>One server for all tests on PostgreSQL, a database for each.</summary>
public sealed class PostgresFixture : IStoreFixture, IAsyncLifetime
{
    public PrivatePostgres Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PrivatePostgres.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();

    public async Task<IStorePlace> CreatePlaceAsync() => await CreateDatabaseAsync();

    public async Task<PostgresPlace> CreateDatabaseAsync() => new(await Server.CreateDatabaseAsync());
}

[CollectionDefinition(Name)]
public sealed class PostgresCollection : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}

public sealed class PostgresPlace(string connectionString) : IStorePlace
{
    public string ConnectionString { get; } = connectionString;

    public PostgresStoreOptions Options(Incarnation incarnation, TimeSpan? leaseTtl = null) => new()
    {
        ConnectionString = ConnectionString,
        Incarnation = incarnation,
        LeaseTtl = leaseTtl ?? TimeSpan.FromSeconds(30),
    };

    public OpenStore Create(Incarnation incarnation, TimeSpan? leaseTtl = null) => Create(Options(incarnation, leaseTtl));

    public static OpenStore Create(PostgresStoreOptions options)
    {
        var store = PostgresStore.Create(options, TimeProvider.System, NullLoggerFactory.Instance);
        return new OpenStore(store, store, options.Incarnation);
    }

    public async Task ExecuteAsync(string sql)
    {
        await using var connection = await ConnectAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    public async Task<NpgsqlConnection> ConnectAsync()
    {
        var connection = new NpgsqlConnection(ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        return connection;
    }

    // A trigger answers as a full disk does.
    public Task SetWritableAsync(bool isWritable, params OpenStore[] stores) => ExecuteAsync(isWritable
        ? "DROP TRIGGER full_disk ON journal"
        : """
          CREATE OR REPLACE FUNCTION fail_as_full() RETURNS trigger LANGUAGE plpgsql AS
          $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = '53100'; END $$;
          CREATE TRIGGER full_disk BEFORE INSERT ON journal EXECUTE FUNCTION fail_as_full();
          """);

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
