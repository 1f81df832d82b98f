using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Storage;

[Collection(ClusterCollection.Name)]
public sealed class DeathTests(PostgresServer server)
{
    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task One_is_declared_dead_only_by_the_counter_and_the_state_that_were_seen(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        var b = database.Start();
        a.Liveness.Renew();
        Assert.False(b.Declare(a, renewals: 0));
        Assert.False(b.Declare(a, renewals: 2));
        Assert.False(b.Declare(a, renewals: 1, NodeState.Down));
        Assert.Equal(NodeState.Live, a.Liveness.Renew());
        Assert.True(b.Declare(a, renewals: 2));
        Assert.Equal((NodeState.Dead, "test"), (b.Row(a.Incarnation).State, b.Row(a.Incarnation).Reason));
        Assert.NotNull(b.Row(a.Incarnation).EndedAt);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task One_that_was_sent_away_renews_no_more_and_is_dead_when_seen_down(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        var b = database.Start();
        Assert.True(b.Observer.SendAway(a.Incarnation, "an operator said so"));
        Assert.False(b.Observer.SendAway(a.Incarnation, "again"));
        Assert.Equal(NodeState.Down, a.Liveness.Renew());
        Assert.Equal((0, "an operator said so"), (a.Row().Renewals, a.Row().Reason));
        Assert.Contains(b.Observer.Read([]).Nodes, node => node.Incarnation == a.Incarnation);
        Assert.True(b.Declare(a, renewals: 0, NodeState.Down));
        Assert.Equal(NodeState.Dead, a.Liveness.Renew());
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task What_is_final_stays(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var dead = database.Start();
        var left = database.Start();
        var b = database.Start();
        b.DeclareNow(dead);
        left.Liveness.Leave("left");
        foreach (var (member, state) in new[] { (dead, NodeState.Dead), (left, NodeState.Left) })
        {
            var row = b.Row(member.Incarnation);
            Assert.Equal(state, member.Liveness.Renew());
            member.Liveness.Leave("again");
            member.Liveness.Dispose();
            member.Resume();
            Assert.Equal(state, member.Liveness.Renew());
            Assert.False(b.Observer.SendAway(member.Incarnation, "again"));
            Assert.False(b.Declare(member, 0));
            Assert.False(b.Declare(member, 0, NodeState.Down));
            Assert.False(b.Declare(member, 0, state));
            Assert.False(member.Observer.Join(0, member.Incarnation));
            Assert.Null(member.Observer.Found(0, null, member.Incarnation));
            Assert.Equal(row with { Roles = [], Locked = null }, b.Row(member.Incarnation) with { Roles = [], Locked = null });
        }
    }
}
