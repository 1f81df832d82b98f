namespace AkkaScale.Tests.Support;

/// <summary>An empty store of its own for one cluster under test; emptied away at dispose.</summary>
public abstract class TestStore : IAsyncDisposable
{
    public const string Sqlite = "sqlite";
    public const string Postgres = "postgres";

    /// <summary>What a node is told about the store on its command line.</summary>
    public abstract IReadOnlyList<string> Arguments { get; }

    public abstract ValueTask DisposeAsync();
}
