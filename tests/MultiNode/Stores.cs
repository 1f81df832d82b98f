using AkkaScale.Tests.Support;
using Xunit;

namespace AkkaScale.Tests.MultiNode;

/// <summary>What must hold for a cluster must hold on both stores. One PostgreSQL server serves all tests of the run.</summary>
[CollectionDefinition(Collection)]
public sealed class Stores : ICollectionFixture<Stores>, IAsyncLifetime
{
    public const string Collection = "clusters";

    private readonly TestStoreFactory _factory = new();

    public static TheoryData<string> Both => new(TestStore.Sqlite, TestStore.Postgres);

    public Task<TestStore> CreateAsync(string kind) => _factory.CreateAsync(kind);

    public Task InitializeAsync() => Task.CompletedTask;

    public Task DisposeAsync() => _factory.DisposeAsync().AsTask();
}
