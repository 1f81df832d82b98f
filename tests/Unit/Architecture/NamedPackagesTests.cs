namespace AkkaScale.Tests.Unit.Architecture;

/// <summary>What the product says it stands on it refers to, and uses.</summary>
public sealed class NamedPackagesTests
{
    [Theory]
    [InlineData("Akka.Cluster.Sharding", "Sharding", "Akka.Cluster.Sharding.ClusterSharding")]
    [InlineData("Akka.Persistence.Sql", "Journal", "Akka.Persistence.Sql.Journal.SqlWriteJournal")]
    [InlineData("Akka.Management", "Cluster", "Akka.Management.Cluster.Bootstrap.IJoinDecider")]
    [InlineData("Akka.Hosting", "Node", "Akka.Hosting.AkkaConfigurationBuilder")]
    public void A_named_package_is_referred_to_and_a_type_of_it_is_used_in_the_product(string package, string project, string type)
    {
        Assert.Contains(package, ProjectFile.OfSource().Single(file => file.Name == project).Packages);
        using var assembly = CompiledAssembly.Of(project);
        Assert.Contains(assembly.Uses(), use => use.Type == type);
    }

    [Fact]
    public void Actors_are_tested_with_Akkas_test_kit()
    {
        const string Package = "Akka.TestKit.Xunit2";
        var folder = RepositoryFolder.At("tests", "Cluster");
        Assert.Contains($"Include=\"{Package}\"", File.ReadAllText(Path.Combine(folder, "Cluster.csproj")), StringComparison.Ordinal);
        Assert.Contains(
            Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories),
            file => File.ReadAllText(file).Contains($"{Package}.TestKit", StringComparison.Ordinal));
    }
}
