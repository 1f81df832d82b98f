using System.Diagnostics;

namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>The files that belong to the repository; in a copy without git, all but what builds and runs leave behind.</summary>
internal static class TrackedFiles
{
    private static readonly HashSet<string> NotOurs = new(StringComparer.Ordinal)
    {
        ".git", "bin", "obj", ".run", ".vs", ".idea", "TestResults", "BenchmarkDotNet.Artifacts",
    };

    /// <summary>Paths from the root, with slashes.</summary>
    public static IReadOnlyList<string> List() =>
        [.. (FromGit() ?? Walk("")).Where(path => File.Exists(RepositoryFolder.At(path))).Order(StringComparer.Ordinal)];

    /// <summary>Null if there is no git, or this is no checkout.</summary>
    private static string[]? FromGit()
    {
        try
        {
            using var git = Process.Start(new ProcessStartInfo("git", ["-C", RepositoryFolder.Path, "ls-files", "-z"])
            {
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
            var errors = git.StandardError.ReadToEndAsync();
            var output = git.StandardOutput.ReadToEnd();
            git.WaitForExit();
            errors.GetAwaiter().GetResult();
            return git.ExitCode == 0 && output.Length > 0 ? output.Split('\0', StringSplitOptions.RemoveEmptyEntries) : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }

    private static IEnumerable<string> Walk(string folder)
    {
        var info = new DirectoryInfo(RepositoryFolder.At(folder));
        return info.EnumerateFiles().Select(file => folder + file.Name)
            .Concat(info.EnumerateDirectories().Where(child => !NotOurs.Contains(child.Name)).SelectMany(child => Walk($"{folder}{child.Name}/")));
    }
}
