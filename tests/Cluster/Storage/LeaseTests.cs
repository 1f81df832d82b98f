using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Storage;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Storage;

[Collection(ClusterCollection.Name)]
public sealed class LeaseTests(PostgresServer server)
{
    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task What_is_free_or_ones_own_is_taken_by_the_next_epoch_and_answered_in_order_of_the_names(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        var b = database.Start();
        var first = FirstEpoch(kind);
        Assert.Equal([new LeaseRow("y", null, 0)], a.Leases.Read(["y"]));
        Assert.Equal(
            [new("y", a.Incarnation, first), new("x", a.Incarnation, first), new("y", a.Incarnation, first)],
            a.Leases.Acquire(["y", "x", "y"]));
        Assert.Equal(new LeaseRow("y", a.Incarnation, first + 1), a.Acquire("y"));
        Assert.Equal(
            [new("x", a.Incarnation, first), new("z", b.Incarnation, first), new("y", a.Incarnation, first + 1)],
            b.Leases.Acquire(["x", "z", "y"]));
        Assert.Equal(
            [new("y", a.Incarnation, first + 1), new("nobody's", null, 0), new("z", b.Incarnation, first)],
            a.Leases.Read(["y", "nobody's", "z"]));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_lease_is_taken_from_the_dead_and_those_who_left_only_by_the_next_epoch(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var live = database.Start();
        var down = database.Start();
        var left = database.Start();
        var dead = database.Start();
        var b = database.Start();
        var held = live.Acquire("live");
        Assert.All([down.Acquire("down"), left.Acquire("left"), dead.Acquire("dead")], row => Assert.Equal(held.Epoch, row.Epoch));
        b.Observer.SendAway(down.Incarnation, "test");
        left.Liveness.Leave("test");
        b.DeclareNow(dead);
        Assert.Equal(
            [
                new("live", live.Incarnation, held.Epoch), new("down", down.Incarnation, held.Epoch),
                new("left", b.Incarnation, held.Epoch + 1), new("dead", b.Incarnation, held.Epoch + 1),
            ],
            b.Leases.Acquire(["live", "down", "left", "dead"]));
        b.DeclareNow(down);
        Assert.Equal(new LeaseRow("down", b.Incarnation, held.Epoch + 1), b.Acquire("down"));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task An_owner_of_whom_there_is_no_row_is_gone(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        database.Execute("INSERT INTO lease (cluster, name, owner, epoch) VALUES ('test', 'x', 'nobody', 7)");
        Assert.Equal(new LeaseRow("x", a.Incarnation, Math.Max(8, FirstEpoch(kind))), a.Acquire("x"));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_lease_is_given_back_by_its_owner_and_epoch_only_and_keeps_its_epoch(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        var b = database.Start();
        var x = a.Acquire("x");
        var y = a.Acquire("y");
        b.Leases.Release([new("x", x.Epoch)]);
        a.Leases.Release([new("y", y.Epoch), new("x", x.Epoch - 1)]);
        Assert.Equal([x, new("y", null, y.Epoch)], a.Leases.Read(["x", "y"]));
        Assert.Equal(new LeaseRow("y", b.Incarnation, y.Epoch + 1), b.Acquire("y"));
        a.Leases.Release([new("y", y.Epoch)]);
        Assert.Equal(b.Incarnation, b.Leases.Read(["y"])[0].Owner);
    }

    [Theory]
    [InlineData(StoreKind.Postgres, NodeState.Down)]
    [InlineData(StoreKind.Postgres, NodeState.Dead)]
    [InlineData(StoreKind.Postgres, NodeState.Left)]
    [InlineData(StoreKind.Sqlite, NodeState.Down)]
    [InlineData(StoreKind.Sqlite, NodeState.Dead)]
    [InlineData(StoreKind.Sqlite, NodeState.Left)]
    public async Task One_whose_own_row_is_not_live_takes_nothing(StoreKind kind, NodeState state)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        var b = database.Start();
        var own = a.Acquire("own");
        if (state == NodeState.Left)
        {
            a.Liveness.Leave("test");
        }
        else
        {
            b.Observer.SendAway(a.Incarnation, "test");
        }

        if (state == NodeState.Dead)
        {
            b.DeclareNow(a);
        }

        Assert.Equal([new("free", null, 0), own], a.Leases.Acquire(["free", "own"]));
    }

    private static long FirstEpoch(StoreKind kind) => kind == StoreKind.Postgres ? (1L << 40) + 1 : 1;
}
