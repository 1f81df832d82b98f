namespace AkkaScale.Tests.Support;

/// <summary>The embedded store in a temporary directory.</summary>
public sealed class SqliteTestStore : TestStore
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("akkascale-store-");

    public override IReadOnlyList<string> Arguments => ["--store", Sqlite, "--store-path", _directory.FullName];

    /// <summary>Where nodes have the journal; members lie beside it.</summary>
    public string File => Path.Combine(_directory.FullName, "akkascale.db");

    public override ValueTask DisposeAsync()
    {
        _directory.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }
}
