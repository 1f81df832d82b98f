using System.Text.RegularExpressions;
using AkkaScale.Tests.Unit.Architecture;

namespace AkkaScale.Tests.Unit.Management;

public sealed partial class ArchitectureDocumentTests
{
    [Fact]
    public void Every_source_file_that_the_architecture_names_exists()
    {
        var root = RepositoryFolder.Path;
        var sources = Directory.EnumerateFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories).Select(Path.GetFileName).ToHashSet();
        var named = SourceFile().Matches(File.ReadAllText(Path.Combine(root, "ARCHITECTURE.md"))).Select(match => Path.GetFileName(match.Value)).ToArray();
        Assert.True(named.Length > 10, "The architecture names hardly any file.");
        Assert.DoesNotContain(named, file => !sources.Contains(file));
    }

    [GeneratedRegex(@"[A-Za-z/]+\.cs\b")]
    private static partial Regex SourceFile();
}
