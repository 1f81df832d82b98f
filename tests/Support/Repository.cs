namespace AkkaScale.Tests.Support;

/// <summary>Where things lie in the checkout that the running tests were built from.</summary>
public static class Repository
{
    /// <summary>The directory of AkkaScale.sln.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>The node executable, of the same build configuration as the running tests.</summary>
    public static string NodeProgram { get; } = ProgramOf("Node", "AkkaScale.Node.dll");

    /// <summary>The node with a kind that misbehaves, of tests/StuckNode.</summary>
    public static string StuckNodeProgram { get; } = ProgramOf("StuckNode", "AkkaScale.Tests.StuckNode.dll", "tests");

    /// <summary>The command line.</summary>
    public static string PbmProgram { get; } = ProgramOf("Pbm", "AkkaScale.Pbm.dll");

    /// <summary>Logs of the processes under test; kept, so that a failure can be read afterwards.</summary>
    public static string LogDirectory { get; } = Path.Combine(Root, ".run", "test-logs");

    private static string FindRoot()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "AkkaScale.sln")))
            {
                return directory.FullName;
            }
        }

        throw new InvalidOperationException($"no AkkaScale.sln above {AppContext.BaseDirectory}");
    }

    private static string ProgramOf(string project, string file, string folder = "src")
    {
        // …/bin/<configuration>/<framework>/ is the layout of tests and programs alike.
        var framework = new DirectoryInfo(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        return Path.Combine(Root, folder, project, "bin", framework.Parent!.Name, framework.Name, file);
    }
}
