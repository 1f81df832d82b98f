using AkkaScale.Tests.Unit.Architecture;
using AkkaScale.Tests.Unit.Management;

namespace AkkaScale.Tests.Unit.TestKit;

public sealed class TestingDocumentTests
{
    [Theory]
    [InlineData("Unit/TestKit/CartSpecs.cs")]
    [InlineData("MultiNode/TwoNodesSpecs.cs")]
    public void The_samples_are_the_code_that_is_compiled_and_run(string file)
    {
        var document = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "docs", "testing.md"));
        var source = File.ReadAllText(Path.Combine(RepositoryFolder.Path, "tests", file));
        var sample = source.Split("// begin sample\n")[1].Split("// end sample")[0];
        Assert.True(sample.Split('\n').Length > 5, "The sample is empty.");
        Assert.Contains($"```csharp\n{sample}```", document);
    }
}
