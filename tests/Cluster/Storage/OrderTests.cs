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
        Assert.Empty(b.Observer.ReadOrders().Shards);
        a.Observer.PutOrder(new ShardOrder("task", 10, "n2", "jo", "noisy"));
        a.Observer.PutOrder(new ShardOrder("task", 9, "n1", "", ""));
        a.Observer.PutOrder(new ShardOrder("project", 10, "n3", "al", "it's \"quoted\""));
        var orders = b.Observer.ReadOrders().Shards;
        Assert.Equal(
            [new("project", 10, "n3", "al", "it's \"quoted\""), new("task", 9, "n1", "", ""), new("task", 10, "n2", "jo", "noisy")],
            orders.Select(order => order with { At = default }));
        Assert.All(orders, order => Assert.InRange(DateTime.UtcNow - order.At, TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1)));

        Assert.True(b.Observer.RemoveOrder(orders[2]));
        Assert.False(a.Observer.RemoveOrder(orders[2]));
        Assert.Equal(orders.Take(2), a.Observer.ReadOrders().Shards);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_later_order_takes_the_place_of_an_earlier_one_and_is_not_removed_in_its_stead(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        a.Observer.PutOrder(new ShardOrder("task", 1, "n2", "jo", "first"));
        var first = Assert.Single(a.Observer.ReadOrders().Shards);
        a.Observer.PutOrder(new ShardOrder("task", 1, "n3", "al", "second"));
        var second = Assert.Single(a.Observer.ReadOrders().Shards);
        Assert.Equal(("n3", "al", "second"), (second.NodeName, second.By, second.Reason));
        Assert.False(a.Observer.RemoveOrder(first));

        // The same node again, later: it is another order all the same.
        a.Observer.PutOrder(second);
        Assert.False(a.Observer.RemoveOrder(second));
        Assert.True(a.Observer.RemoveOrder(Assert.Single(a.Observer.ReadOrders().Shards)));
        Assert.Empty(a.Observer.ReadOrders().Shards);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_pin_is_told_from_a_move_and_each_takes_the_place_of_the_other(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        a.Observer.PutOrder(new ShardOrder("task", 1, "n2", "jo", "") { Kind = ShardOrderKind.Pin });
        Assert.Equal(ShardOrderKind.Pin, Assert.Single(a.Observer.ReadOrders().Shards).Kind);
        a.Observer.PutOrder(new ShardOrder("task", 1, "n2", "jo", ""));
        Assert.Equal(ShardOrderKind.Move, Assert.Single(a.Observer.ReadOrders().Shards).Kind);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task An_order_about_a_node_stands_until_it_is_taken_back_whoever_goes(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        var b = database.Start();
        a.Observer.PutOrder(new NodeOrder("n2", NodeOrderKind.Cordon, "jo", "new disk"));
        a.Observer.PutOrder(new NodeOrder("n1", NodeOrderKind.Drain, "", ""));
        b.Observer.PutOrder(new NodeOrder("n2", NodeOrderKind.Drain, "al", "it's \"urgent\""));
        a.DeclareNow(b);
        var orders = a.Observer.ReadOrders().Nodes;
        Assert.Equal(
            [new("n1", NodeOrderKind.Drain, "", ""), new("n2", NodeOrderKind.Drain, "al", "it's \"urgent\"")],
            orders.Select(order => order with { At = default }));
        Assert.All(orders, order => Assert.InRange(DateTime.UtcNow - order.At, TimeSpan.FromMinutes(-1), TimeSpan.FromMinutes(1)));

        Assert.True(a.Observer.RemoveNodeOrder("n2"));
        Assert.False(a.Observer.RemoveNodeOrder("n2"));
        Assert.Equal("n1", Assert.Single(a.Observer.ReadOrders().Nodes).NodeName);
    }

    [Fact]
    public void What_the_database_could_not_keep_is_refused_before()
    {
        Assert.Empty(new NodeOrder("n1", NodeOrderKind.Drain, "", "").Validate());
        Assert.Equal(2, new NodeOrder("", NodeOrderKind.Drain, "a\0b", "").Validate().Count());
        Assert.Empty(new ShardOrder("task", 0, "n1", "", "").Validate());
        Assert.Equal(4, new ShardOrder("", -1, "", "a\0b", "fine").Validate().Count());
        Assert.Single(new ShardOrder("task", 0, "n1", "\ud800", "").Validate());
        Assert.Single(new ShardOrder("task", 0, "n1", "", new string('x', 1_001)).Validate());
    }
}
