namespace AkkaScale.Tests.Unit.Architecture;

public sealed class FactsBoundaryTests
{
    [Fact]
    public void What_is_asked_through_the_facts_is_asked_through_nothing_else() =>
        Assert.Empty(FactsBoundary.OfEndpoints(OfHosting()).Distinct());

    [Fact]
    public void The_facts_know_no_engine()
    {
        var uses = OfHosting();
        Assert.Contains(uses, use => use.User == $"{FactsBoundary.Facts}.IClusterFacts");
        Assert.Empty(FactsBoundary.OfFacts(uses).Distinct());
    }

    [Fact]
    public void Every_endpoint_that_is_checked_exists_and_asks_the_facts() =>
        Assert.All(FactsBoundary.Endpoints, name => Assert.Contains(
            OfHosting(),
            use => use.User == $"AkkaScale.Hosting.Management.{name}"
                && use.Type.StartsWith($"{FactsBoundary.Facts}.I", StringComparison.Ordinal)));

    [Theory]
    [InlineData("AkkaScale.Cluster.StoreUnavailableException")]
    [InlineData("AkkaScale.Sharding.Shards.ShardHash")]
    [InlineData("AkkaScale.Sharding.Entities.EntityKindRegistry")]
    [InlineData("AkkaScale.Journal.Care.IStoreCare")]
    [InlineData("AkkaScale.Hosting.Engine")]
    [InlineData("AkkaScale.Hosting.EngineFacts.ClusterInspection")]
    public void An_engine_type_is_found_in_an_endpoint_and_behind_it(string type)
    {
        var endpoint = new CompiledAssembly.Use("AkkaScale.Hosting.Management.ClusterEndpoints", type, "");
        Assert.Equal([endpoint], FactsBoundary.OfEndpoints([endpoint]));

        CompiledAssembly.Use behind = new("AkkaScale.Hosting.Management.Helper", type, "");
        Assert.Equal([behind], FactsBoundary.OfEndpoints([endpoint with { Type = "AkkaScale.Hosting.Management.Helper+Nested" }, behind]));
        Assert.Empty(FactsBoundary.OfEndpoints([behind]));
        Assert.Single(FactsBoundary.OfFacts([endpoint with { User = "AkkaScale.Hosting.Facts.ClusterStatus" }]));
    }

    [Theory]
    [InlineData("AkkaScale.Hosting.Facts.IClusterFacts")]
    [InlineData("AkkaScale.Hosting.Access.AuditNote")]
    [InlineData("AkkaScale.Entities.EntityKey")]
    [InlineData("Microsoft.AspNetCore.Http.Results")]
    public void What_an_endpoint_may_use_is_not_found(string type) =>
        Assert.Empty(FactsBoundary.OfEndpoints([new("AkkaScale.Hosting.Management.ClusterEndpoints", type, "")]));

    private static List<CompiledAssembly.Use> OfHosting()
    {
        using var assembly = CompiledAssembly.Of("Hosting");
        return [.. assembly.Uses()];
    }
}
