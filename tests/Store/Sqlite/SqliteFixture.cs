using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyJournal.Sqlite;
using AkkaScale.Tests.Store.Contract;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Tests.Store.Sqlite;

public sealed class SqliteFixture : IStoreFixture
{
    public Task<IStorePlace> CreatePlaceAsync() => Task.FromResult<IStorePlace>(new SqlitePlace());
}

[CollectionDefinition(Name)]
public sealed class SqliteCollection : ICollectionFixture<SqliteFixture>
{
    public const string Name = "SQLite";
}

public sealed class SqlitePlace : IStorePlace
{
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("akkascale-sqlite-").FullName;

    public static SqliteStore Store(OpenStore store) => (SqliteStore)store.Cluster;

    public SqliteStoreOptions Options(Incarnation incarnation, TimeSpan? leaseTtl = null) => new()
    {
        Directory = Directory,
        Incarnation = incarnation,
        LeaseTtl = leaseTtl ?? TimeSpan.FromSeconds(30),
    };

    public OpenStore Create(Incarnation incarnation, TimeSpan? leaseTtl = null) => Create(Options(incarnation, leaseTtl));

    public static OpenStore Create(SqliteStoreOptions options)
    {
        var store = SqliteStore.Create(options, TimeProvider.System, NullLoggerFactory.Instance);
        return new OpenStore(store, store, options.Incarnation);
    }

    public Task ExecuteAsync(string sql) => ExecuteAsync("journal.db", sql);

    public Task ExecuteOnClusterAsync(string sql) => ExecuteAsync("cluster.db", sql);

    private Task ExecuteAsync(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(Directory, file)};Pooling=False");
        connection.Open();
        SqliteFiles.Execute(connection, sql);
        return Task.CompletedTask;
    }

    public async Task SetWritableAsync(bool isWritable, params OpenStore[] stores)
    {
        foreach (var store in stores)
        {
            await Store(store).OnWriterAsync(true, session =>
            {
                SqliteFiles.Execute(session.Connection, $"PRAGMA query_only = {(isWritable ? 0 : 1)}");
                return true;
            });
        }
    }

    public ValueTask DisposeAsync()
    {
        System.IO.Directory.Delete(Directory, recursive: true);
        return ValueTask.CompletedTask;
    }
}
