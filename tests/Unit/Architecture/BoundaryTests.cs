using Xunit;

namespace AkkaScale.Tests.Unit.Architecture;

public sealed class BoundaryTests
{
    [Fact]
    public void No_project_of_src_refers_to_what_it_must_not_know() =>
        Assert.Empty(ProjectFile.OfSource().SelectMany(project => Boundaries.Violations(project.Name, project.Projects, project.Packages)));

    [Fact]
    public void No_compiled_assembly_of_src_refers_to_what_it_must_not_know() =>
        Assert.Empty(Boundaries.Projects.SelectMany(name =>
        {
            using var assembly = CompiledAssembly.Of(name);
            return Violations(name, assembly.References);
        }));

    [Fact]
    public void Every_project_of_src_is_checked() =>
        Assert.Equal(Boundaries.Projects.Order(StringComparer.Ordinal), ProjectFile.OfSource().Select(project => project.Name).Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("Domain", "../Sharding/Sharding.csproj")]
    [InlineData("Sharding", "..\\Domain\\Domain.csproj")]
    [InlineData("Journal", "../Domain/Domain.csproj")]
    [InlineData("Management", "../Gateway/Gateway.csproj")]
    [InlineData("Cluster", "../Sharding/Sharding.csproj")]
    [InlineData("Gateway", "../Journal/Journal.csproj")]
    [InlineData("Pbm", "../Cluster/Cluster.csproj")]
    [InlineData("Node", "../Pbm/Pbm.csproj")]
    [InlineData("Gateway", "../Node/Node.csproj")]
    [InlineData("Helpers", "../Cluster/Cluster.csproj")]
    public void A_forbidden_project_reference_is_found(string name, string reference) =>
        Assert.Single(Check(name, $"""<ProjectReference Include="{reference}" />"""));

    [Theory]
    [InlineData("Sharding", "Npgsql")]
    [InlineData("Node", "Microsoft.Data.Sqlite.Core")]
    [InlineData("Management", "SQLitePCLRaw.bundle_e_sqlite3")]
    [InlineData("Domain", "Google.Protobuf")]
    public void A_forbidden_package_is_found(string name, string package) =>
        Assert.Single(Check(name, $"""<PackageReference Include="{package}" />"""));

    [Fact]
    public void A_forbidden_assembly_reference_is_found()
    {
        Assert.Equal(["Sharding must not know Domain."], Violations("Sharding", ["System.Runtime", "AkkaScale.Cluster", "AkkaScale.Domain"]));
        Assert.Single(Violations("Node", ["Npgsql"]));
        Assert.Single(Violations("Domain", ["Microsoft.AspNetCore.Http"]));
    }

    [Fact]
    public void What_is_allowed_is_not_found()
    {
        Assert.Empty(Check("Gateway", """<ProjectReference Include="../Domain/Domain.csproj" /><PackageReference Include="Microsoft.AspNetCore.OpenApi" />"""));
        Assert.Empty(Check("Journal", """<PackageReference Include="Npgsql" /><PackageReference Include="Akka.Persistence.Sql" />"""));
        Assert.Empty(Violations("Domain", ["System.Runtime", "System.Text.Json"]));
    }

    private static IEnumerable<string> Check(string name, string items)
    {
        var project = ProjectFile.Parse(name, $"<Project><ItemGroup>{items}</ItemGroup></Project>");
        return Boundaries.Violations(project.Name, project.Projects, project.Packages);
    }

    private static IEnumerable<string> Violations(string name, IReadOnlyList<string> references)
    {
        var isOurs = references.ToLookup(reference => reference.StartsWith(Boundaries.AssemblyPrefix, StringComparison.Ordinal));
        return Boundaries.Violations(name, isOurs[true].Select(reference => reference[Boundaries.AssemblyPrefix.Length..]), isOurs[false]);
    }
}
