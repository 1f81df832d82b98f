namespace AkkaScale.Tests.Support;

/// <summary>Makes stores for tests. A PostgreSQL server is started when the first test asks for one, and ended at dispose.</summary>
public sealed class TestStoreFactory : IAsyncDisposable
{
    private readonly SemaphoreSlim _gate = new(1);
    private PrivatePostgres? _server;

    /// <param name="kind"><see cref="TestStore.Sqlite"/> or <see cref="TestStore.Postgres"/>.</param>
    public async Task<TestStore> CreateAsync(string kind) => kind switch
    {
        TestStore.Sqlite => new SqliteTestStore(),
        TestStore.Postgres => await PostgresTestStore.CreateAsync(await ServerAsync()),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "neither sqlite nor postgres"),
    };

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        _gate.Dispose();
    }

    private async Task<PrivatePostgres> ServerAsync()
    {
        await _gate.WaitAsync();
        try
        {
            return _server ??= await PrivatePostgres.StartAsync();
        }
        finally
        {
            _gate.Release();
        }
    }
}
