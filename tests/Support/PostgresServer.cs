using Xunit;

namespace AkkaScale.Tests.Support;

/// <summary>The server that the tests of a collection share; each of them has a database of its own on it.</summary>
public sealed class PostgresServer : IAsyncLifetime
{
    private PrivatePostgres? _server;

    public async Task InitializeAsync() => _server = await PrivatePostgres.StartAsync();

    public Task<string> CreateDatabaseAsync() =>
        (_server ?? throw new InvalidOperationException("The server is not started.")).CreateDatabaseAsync();

    public async Task DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
    }
}
