namespace AkkaScale.Tests.Support;

/// <summary>The embedded store in a temporary directory.</summary>
public sealed class SqliteTestStore : TestStore
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-store-");

    public override IReadOnlyList<string> Arguments => ["--store", Sqlite, "--store-path", _directory.FullName];

    public override ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
