using System.Data.Common;
using AkkaScale.Cluster;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Storage;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace AkkaScale.Tests.Cluster.Storage;

/// <summary>An empty database of one kind for one test, the members that the test opens on it, and a way past them.</summary>
internal sealed class StoreDatabase : IDisposable
{
    public const string Cluster = "test";

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly string? _directory;
    private readonly List<IDisposable> _opened = [];
    private bool _isMade;

    private StoreDatabase(StoreKind kind, string connectionString, string? directory) =>
        (Kind, ConnectionString, _directory) = (kind, connectionString, directory);

    public StoreKind Kind { get; }

    public string ConnectionString { get; }

    /// <summary>What processes that had to be ended were told about.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The journal's file.</summary>
    public string File => new SqliteConnectionStringBuilder(ConnectionString).DataSource;

    public static async Task<StoreDatabase> CreateAsync(StoreKind kind, PostgresServer server)
    {
        if (kind == StoreKind.Postgres)
        {
            return new StoreDatabase(kind, await server.CreateDatabaseAsync(), null);
        }

        var directory = Directory.CreateTempSubdirectory("akkascale-cluster-").FullName;
        return new StoreDatabase(kind, $"Data Source={Path.Combine(directory, "journal.db")}", directory);
    }

    /// <summary>An empty database of a PostgreSQL of the test's own.</summary>
    public static StoreDatabase On(string connectionString) => new(StoreKind.Postgres, connectionString, null);

    public static ClusterTerms Terms(string cluster = Cluster, string? fingerprint = null, params (string Region, int Shards)[] counts) =>
        new(cluster, counts.ToDictionary(each => each.Region, each => each.Shards), fingerprint);

    public IClusterStore Create(string incarnation, Action<ClusterDatabaseOptions>? more = null)
    {
        var options = new ClusterDatabaseOptions { Store = Kind, ConnectionString = ConnectionString, Cluster = Cluster };
        more?.Invoke(options);
        var store = ClusterStores.Create(options, incarnation, Warnings.Add);
        lock (_opened)
        {
            _opened.Add(store);
        }

        return store;
    }

    /// <summary>A member that is registered.</summary>
    public TestMember Start(Action<ClusterDatabaseOptions>? more = null)
    {
        var incarnation = Guid.CreateVersion7().ToString("N");
        var store = Create(incarnation, more);
        if (!_isMade)
        {
            store.Open(Terms(), migrate: true);
            _isMade = true;
        }

        var member = Register(store, incarnation);
        lock (_opened)
        {
            _opened.Insert(0, member);
        }

        return member;
    }

    /// <summary>
    /// Tries again, as a node that starts does: opening a session on a busy machine may take longer than a session waits. One that was given
    /// up holds its lock until the server has noticed.
    /// </summary>
    private static TestMember Register(IClusterStore store, string incarnation)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return new TestMember(store, incarnation);
            }
            catch (Exception error) when (attempt < 10 && error is (TimeoutException or IOException))
            {
                Thread.Sleep(Pause);
            }
        }
    }

    /// <summary>Writes past the stores; SQLite's leases are in another file than members.</summary>
    public void Execute(string sql, params object[] values)
    {
        using var connection = Open(sql);
        using var command = Command(connection, sql, values);
        command.ExecuteNonQuery();
    }

    public T Read<T>(string sql, params object[] values)
    {
        using var connection = Open(sql);
        using var command = Command(connection, sql, values);
        return (T)command.ExecuteScalar()!;
    }

    public void Dispose()
    {
        _opened.ForEach(each => each.Dispose());
        if (_directory is not null)
        {
            Directory.Delete(_directory, recursive: true);
        }
    }

    private DbConnection Open(string sql)
    {
        DbConnection connection = Kind == StoreKind.Postgres
            ? new NpgsqlConnection(ConnectionString + ";Pooling=false")
            : new SqliteConnection($"Data Source={File}{(sql.Contains("lease", StringComparison.Ordinal) ? "" : ".members")};Pooling=false");
        connection.Open();
        return connection;
    }

    private static DbCommand Command(DbConnection connection, string sql, object[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = connection is NpgsqlConnection ? "" : $"${i + 1}";
            parameter.Value = values[i];
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
