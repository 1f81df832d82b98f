// The sample of docs/testing.md; a test holds both equal.
using AkkaScale.Entities;
using AkkaScale.Hosting;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.TestKit.InProcess;
using AkkaScale.Tests.Unit.Hosting;

namespace AkkaScale.Tests.Unit.TestKit;

// begin sample
public sealed class CartClusterSpecs
{
    private static void Carts(AkkaScaleNodeBuilder node) => node.AddEntity(
        EntityKind.Define<Cart, CartCommand, CartEvent>("cart", new Cart([]), Cart.Decide, Cart.Evolve));

    [Fact]
    public async Task A_cart_outlives_its_node()
    {
        await using var cluster = await InProcessCluster.StartAsync(nodes: 3, Carts);
        await cluster.AskAsync("cart", "c-1", new AddItem("pear"));

        await cluster.OwnerOf(new("cart", "c-1"))!.CrashAsync();
        var reply = await cluster.AskAsync("cart", "c-1", new AddItem("apple"));

        Assert.Equal(2, reply.Version);
    }

    [Fact]
    public async Task A_cart_nobody_asks_for_leaves_memory()
    {
        await using var cluster = await InProcessCluster.StartAsync(nodes: 1, Carts);
        await cluster.AskAsync("cart", "c-1", new AddItem("pear"));
        Assert.Equal(1, cluster.Nodes[0].Residents);

        await cluster.AdvanceAsync(TimeSpan.FromMinutes(3));

        Assert.Equal(0, cluster.Nodes[0].Residents);
    }
}
// end sample
