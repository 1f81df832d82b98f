namespace AkkaScale.Tests.Support;

/// <summary>An empty database of its own on the private PostgreSQL that the tests of one process share.</summary>
public sealed class PostgresTestStore : TestStore
{
    public override IReadOnlyList<string> Arguments => throw new NotSupportedException();

    public static Task<PostgresTestStore> CreateAsync() => throw new NotSupportedException();

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
