namespace AkkaScale.Tests.Unit.Pbm;

/// <summary>The real trace, which is not part of the repository: looked for upwards from the test's folder.</summary>
internal static class TraceDataFile
{
    public static string? Path { get; } = Find();

    private static string? Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = System.IO.Path.Combine(folder.FullName, "shared", "data", "activity.jsonl.gz");
            if (File.Exists(candidate))
            {
                return candidate;
            }
        }

        return null;
    }
}
