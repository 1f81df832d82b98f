using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.TestKit.InProcess;

namespace AkkaScale.Tests.Unit.Hosting;

[Collection(MetricsCollection.Name)]
public sealed class MetricsRouteTests
{
    /// <summary>A scraper rejects an answer that breaks off, and a client sees it when a chunked one is cut off before its end.</summary>
    [Fact]
    public async Task The_metrics_are_a_whole_answer()
    {
        await using var cluster = await InProcessCluster.StartAsync(
            1, node => node.AddEntity(EntityKind.Define<Cart, CartCommand, CartEvent>("cart", new Cart([]), Cart.Decide, Cart.Evolve)));
        using var http = new HttpClient { BaseAddress = cluster.Nodes[0].Management };

        var text = await http.GetStringAsync("/metrics");

        Assert.Contains("akkascale_cluster_members", text, StringComparison.Ordinal);
        Assert.Contains("akkascale_entity_residents", text, StringComparison.Ordinal);
        Assert.EndsWith("\n", text, StringComparison.Ordinal);
    }
}
