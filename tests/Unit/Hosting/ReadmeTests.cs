namespace AkkaScale.Tests.Unit.Hosting;

public sealed class ReadmeTests
{
    [Fact]
    public void The_readmes_sample_is_the_code_that_is_compiled_and_run()
    {
        var source = File.ReadAllLines(Path.Combine(Root(), "tests", "Unit", "Hosting", "CartSample.cs"));
        var readme = Normal(File.ReadAllText(Path.Combine(Root(), "README.md")));
        var sample = Normal(string.Join('\n', Between(source)));
        Assert.Contains(sample, readme);
    }

    [Fact]
    public void The_sample_stays_at_about_thirty_lines() =>
        Assert.InRange(Between(File.ReadAllLines(Path.Combine(Root(), "tests", "Unit", "Hosting", "CartSample.cs"))).Count(line => line.Trim().Length > 0), 15, 32);

    private static IEnumerable<string> Between(string[] lines)
    {
        var inside = false;
        foreach (var line in lines)
        {
            if (line.Contains("// begin sample") || line.Contains("// end sample"))
            {
                inside = line.Contains("begin");
            }
            else if (inside)
            {
                yield return line;
            }
        }
    }

    /// <summary>Without indentation and blank lines, and without what a program needs that a test does not.</summary>
    private static string Normal(string text) => string.Join('\n', text.Split('\n')
        .Select(line => line.Trim())
        .Where(line => line.Length > 0 && !line.StartsWith("using ", StringComparison.Ordinal) && line != "return await app.RunNodeAsync();"));

    public static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "AkkaScale.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The repository's root was not found.");
        }

        return folder.FullName;
    }
}
