using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Storage;

[Collection(ClusterCollection.Name)]
public sealed class LivenessTests(PostgresServer server)
{
    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task What_a_member_says_of_itself_is_what_others_read(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        var b = database.Start();
        var reading = b.Observer.Read([]);
        Assert.Equal((0, null), (reading.Generation, reading.Founder));
        Assert.Equal([a.Incarnation, b.Incarnation], reading.Nodes.Select(node => node.Incarnation));
        var row = reading.Nodes[0];
        Assert.Equal(
            ("a", a.Node.Address, 42L, a.Node.ManagementUrl, null, "1.0", 0L, NodeState.Live, 0L, null),
            (row.Name, row.Address, row.Uid, row.ManagementUrl, row.GatewayUrl, row.Version, row.Generation, row.State, row.Renewals,
                row.Reason));
        Assert.Equal(["entity", "gateway"], row.Roles);
        Assert.InRange(row.StartedAt, DateTime.UtcNow.AddMinutes(-2), DateTime.UtcNow.AddMinutes(2));
        Assert.Equal(DateTimeKind.Utc, row.StartedAt.Kind);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Each_renewal_counts_one(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        Assert.Equal([NodeState.Live, NodeState.Live], [a.Liveness.Renew(), a.Liveness.Renew()]);
        Assert.Equal(2, a.Row().Renewals);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task The_lock_is_seen_held_by_all_who_look_at_once_and_free_when_the_process_lets_it_go(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        var observers = Enumerable.Range(0, 3).Select(_ => database.Start()).ToList();
        await LookAtOnceAsync(observers, a, isLocked: true);
        a.Liveness.Dispose();
        a.Store.Dispose();
        await Until.TrueAsync(() => observers[0].Row(a.Incarnation).Locked == false, "the lock is seen free");
        await LookAtOnceAsync(observers, a, isLocked: false);
        Assert.Equal(NodeState.Live, observers[0].Row(a.Incarnation).State);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_session_that_broke_is_resumed_by_the_same_incarnation(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        a.Liveness.Dispose();
        a.Resume();
        Assert.Equal(1, a.Row().Renewals);
        Assert.Equal(NodeState.Live, a.Liveness.Renew());
        await Until.TrueAsync(() => a.Liveness.Renew() == NodeState.Live && a.Row().Locked == true, "the lock is held again");
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_registration_whose_answer_was_lost_may_be_repeated_by_the_same_process_only(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        a.Liveness.Dispose();
        await Until.TrueAsync(() => kind == StoreKind.Sqlite || a.Row().Locked == false, "the session has ended");
        using (var again = a.Store.Register(a.Node))
        {
            Assert.Equal(NodeState.Live, again.Renew());
        }

        await Until.TrueAsync(() => kind == StoreKind.Sqlite || a.Row().Locked == false, "the session has ended");
        Assert.Throws<InvalidOperationException>(() => a.Store.Register(a.Node with { Uid = 43 }));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task One_that_left_is_gone_and_its_row_stays(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        var b = database.Start();
        a.Liveness.Leave("stopped by SIGTERM");
        Assert.Equal(NodeState.Left, a.Liveness.Renew());
        Assert.DoesNotContain(b.Observer.Read([]).Nodes, node => node.Incarnation == a.Incarnation);
        var row = b.Row(a.Incarnation);
        Assert.Equal((NodeState.Left, "stopped by SIGTERM", true), (row.State, row.Reason, row.EndedAt is not null));
        Assert.Equal([b.Incarnation, a.Incarnation], b.Observer.History(10).Select(node => node.Incarnation));
        Assert.Equal(b.Incarnation, Assert.Single(b.Observer.History(1)).Incarnation);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task One_without_a_row_is_told_that_it_is_dead(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        database.Execute("DELETE FROM node");
        Assert.Equal(NodeState.Dead, a.Liveness.Renew());
    }

    private static Task LookAtOnceAsync(List<TestMember> observers, TestMember seen, bool isLocked) => AtOnce.RunAsync(observers
        .Select(observer => (Func<bool>)(() =>
        {
            for (var look = 0; look < 300; look++)
            {
                Assert.All(
                    observer.Observer.Read([]).Nodes,
                    node => Assert.Equal(node.Incarnation != seen.Incarnation || isLocked, node.Locked));
            }

            return true;
        }))
        .ToArray());
}
