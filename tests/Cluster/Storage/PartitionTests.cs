using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Scenarios;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Storage;

[Collection(ClusterCollection.Name)]
public sealed class PartitionTests(PostgresServer server)
{
    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Of_two_sides_at_one_moment_exactly_one_prevails(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var witness = database.Start();
        for (var round = 0; round < Rounds.Races; round++)
        {
            var members = Enumerable.Range(0, 4).Select(_ => database.Start()).ToArray();
            var before = witness.Observer.Read([]);
            var generation = members[0].Observer.Found(before.Generation, before.Founder, members[0].Incarnation)!.Value;
            Assert.All(members[1..], member => Assert.True(member.Observer.Join(generation, member.Incarnation)));
            string[] left = [members[0].Incarnation, members[3].Incarnation];
            string[] right = [members[1].Incarnation, members[2].Incarnation];
            var away = await AtOnce.RunAsync(
                () => members[0].Observer.Prevail(generation, left, "cut off"),
                () => members[1].Observer.Prevail(generation, right, "cut off"));
            Assert.Equal((away[0] is null ? left : right).Order(), Assert.Single(away, side => side is not null)!.Order());
            var states = members.Select(member => witness.Row(member.Incarnation).State).ToList();
            Assert.Equal(2, states.Count(state => state == NodeState.Live));
            Assert.Equal(2, states.Count(state => state == NodeState.Down));
            foreach (var member in members)
            {
                member.Liveness.Leave("next round");
                member.Dispose();
            }
        }
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Members_renew_while_sides_try_to_prevail(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        var b = database.Start();
        var generation = a.Observer.Found(0, null, a.Incarnation)!.Value;
        Assert.True(b.Observer.Join(generation, b.Incarnation));
        string[] both = [a.Incarnation, b.Incarnation];
        var renewed = await AtOnce.RunAsync(
            () => Enumerable.Range(0, 300).Count(_ => a.Liveness.Renew() == NodeState.Live),
            () => Enumerable.Range(0, 300).Count(_ => b.Liveness.Renew() == NodeState.Live),
            () => Enumerable.Range(0, 300).Count(_ => a.Observer.Prevail(generation, both, "test") is { Count: 0 }),
            () => Enumerable.Range(0, 300).Count(_ => b.Observer.Prevail(generation, both.Reverse().ToArray(), "test") is { Count: 0 }));
        Assert.Equal([300, 300, 300, 300], renewed);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_side_that_lost_one_of_its_own_or_knows_another_generation_sends_nobody_away(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var a = database.Start();
        var b = database.Start();
        var c = database.Start();
        var outside = database.Start();
        a.Observer.Found(0, null, a.Incarnation);
        b.Observer.Join(1, b.Incarnation);
        c.Observer.Join(1, c.Incarnation);
        Assert.Null(a.Observer.Prevail(2, [a.Incarnation], "test"));
        Assert.Null(a.Observer.Prevail(1, [a.Incarnation, outside.Incarnation], "test"));
        Assert.Throws<ArgumentOutOfRangeException>(() => a.Observer.Prevail(1, [], "test"));
        a.Observer.SendAway(b.Incarnation, "test");
        Assert.Null(a.Observer.Prevail(1, [a.Incarnation, b.Incarnation], "test"));
        Assert.Equal(NodeState.Live, a.Row(c.Incarnation).State);
        Assert.Equal([c.Incarnation], a.Observer.Prevail(1, [a.Incarnation, a.Incarnation], "cut off"));
        Assert.Equal((NodeState.Down, "cut off"), (a.Row(c.Incarnation).State, a.Row(c.Incarnation).Reason));
        Assert.Equal(NodeState.Live, a.Row(outside.Incarnation).State);
    }
}
