using AkkaScale.Tests.Support;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Hostile;

/// <summary>What was measured: into the test's output, and into one file a run, from which the table in the docs is made.</summary>
internal static class Figures
{
    private static readonly Lock Gate = new();
    private static readonly string File = Path.Combine(Repository.LogDirectory, $"hostile-figures-{Environment.ProcessId}.txt");

    public static void Write(ITestOutputHelper output, string line)
    {
        output.WriteLine(line);
        lock (Gate)
        {
            Directory.CreateDirectory(Repository.LogDirectory);
            System.IO.File.AppendAllText(File, line + "\n");
        }
    }
}
