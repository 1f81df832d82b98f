namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>The checkout these tests were built in.</summary>
internal static class RepositoryFolder
{
    public static string Path { get; } = Find();

    public static string At(params string[] parts) => System.IO.Path.Combine([Path, .. parts]);

    private static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "AkkaScale.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException($"No AkkaScale.sln above {AppContext.BaseDirectory}.");
    }
}
