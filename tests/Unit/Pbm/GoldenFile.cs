using Xunit;

namespace AkkaScale.Tests.Unit.Pbm;

/// <summary>Checked-in output; never rewritten by a test.</summary>
internal static class GoldenFile
{
    public static void AssertSame(string name, string actual)
    {
        var path = Path.Combine(Root(), "tests", "Unit", "Pbm", "Golden", name);
        Assert.True(File.Exists(path), $"{name} is not checked in; the output was:\n{actual}");
        Assert.Equal(File.ReadAllText(path).ReplaceLineEndings("\n").Trim(), actual.ReplaceLineEndings("\n").Trim());
    }

    private static string Root()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "AkkaScale.sln")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("no AkkaScale.sln above the test's folder");
    }
}
