using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Journal.Smoke;

/// <summary>One server for all tests of a class; a database for each test.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    public PrivatePostgres Server { get; private set; } = null!;

    public async Task InitializeAsync() => Server = await PrivatePostgres.StartAsync();

    public async Task DisposeAsync() => await Server.DisposeAsync();
}
