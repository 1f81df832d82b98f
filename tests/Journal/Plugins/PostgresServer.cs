using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Journal.Plugins;

/// <summary>The one server of this assembly. Every test class has a database of its own on it.</summary>
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
