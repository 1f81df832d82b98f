using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Orders;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Storage;

[Collection(ClusterCollection.Name)]
public sealed class OrderTests(PostgresServer server)
{
    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task An_order_is_there_until_it_is_removed_and_everybody_reads_it(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        var b = database.Start();
        Assert.Empty(b.Observer.ReadOrders());
        a.Observer.PutOrder(new ShardOrder("task", 10, "n2", "jo", "noisy"));
        a.Observer.PutOrder(new ShardOrder("task", 9, "n1", "", ""));
        a.Observer.PutOrder(new ShardOrder("project", 10, "n3", "al", "it's \"quoted\""));
        var orders = b.Observer.ReadOrders();
        Assert.Equal(
            [new("project", 10, "n3", "al", "it's \"quoted\""), new("task", 9, "n1", "", ""), new("task", 10, "n2", "jo", "noisy")],
            orders.Select(order => order with { At = default }));
        Assert.All(orders, order => Assert.InRange(DateTime.UtcNow - order.At, TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1)));

        Assert.True(b.Observer.RemoveOrder(orders[2]));
        Assert.False(a.Observer.RemoveOrder(orders[2]));
        Assert.Equal(orders.Take(2), a.Observer.ReadOrders());
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_later_order_takes_the_place_of_an_earlier_one_and_is_not_removed_in_its_stead(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        a.Observer.PutOrder(new ShardOrder("task", 1, "n2", "jo", "first"));
        var first = Assert.Single(a.Observer.ReadOrders());
        a.Observer.PutOrder(new ShardOrder("task", 1, "n3", "al", "second"));
        var second = Assert.Single(a.Observer.ReadOrders());
        Assert.Equal(("n3", "al", "second"), (second.NodeName, second.By, second.Reason));
        Assert.False(a.Observer.RemoveOrder(first));

        // The same node again, later: it is another order all the same.
        a.Observer.PutOrder(second);
        Assert.False(a.Observer.RemoveOrder(second));
        Assert.True(a.Observer.RemoveOrder(Assert.Single(a.Observer.ReadOrders())));
        Assert.Empty(a.Observer.ReadOrders());
    }

    [Fact]
    public void What_the_database_could_not_keep_is_refused_before()
    {
        Assert.Empty(new ShardOrder("task", 0, "n1", "", "").Validate());
        Assert.Equal(4, new ShardOrder("", -1, "", "a\0b", "fine").Validate().Count());
        Assert.Single(new ShardOrder("task", 0, "n1", "\ud800", "").Validate());
        Assert.Single(new ShardOrder("task", 0, "n1", "", new string('x', 1_001)).Validate());
    }
}
