namespace AkkaScale.Tests.Support;

/// <summary>An empty store of its own for one cluster under test; emptied away at dispose.</summary>
public abstract class TestStore : IAsyncDisposable
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <summary>What a node is told about the store on its command line.</summary>
    public abstract IReadOnlyList<string> Arguments { get; }

    /// <param name="kind"><see cref="Sqlite"/> or <see cref="Postgres"/>.</param>
    public static async Task<TestStore> CreateAsync(string kind) => kind switch
    {
        Sqlite => new SqliteTestStore(),
        Postgres => await PostgresTestStore.CreateAsync(),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "neither sqlite nor postgres"),
    };

    public abstract ValueTask DisposeAsync();
}
