using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Scenarios;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Storage;

[Collection(ClusterCollection.Name)]
public sealed class FoundingTests(PostgresServer server)
{
    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Of_two_founders_at_one_moment_one_founds(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        for (var round = 0; round < Rounds.Races; round++)
        {
            using var a = database.Start();
            using var b = database.Start();
            var before = a.Observer.Read([]);
            var founded = await AtOnce.RunAsync(
                () => a.Observer.Found(before.Generation, before.Founder, a.Incarnation),
                () => b.Observer.Found(before.Generation, before.Founder, b.Incarnation));
            Assert.Equal(before.Generation + 1, Assert.Single(founded, generation => generation is not null));
            var after = a.Observer.Read([]);
            var (winner, loser) = founded[0] is not null ? (a, b) : (b, a);
            Assert.Equal((before.Generation + 1, winner.Incarnation), (after.Generation, after.Founder));
            Assert.Equal((after.Generation, 0), (a.Row(winner.Incarnation).Generation, a.Row(loser.Incarnation).Generation));
            a.Liveness.Leave("next round");
            b.Liveness.Leave("next round");
        }
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Nobody_founds_while_the_founder_lives_or_somebody_who_joined(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var founder = database.Start();
        var joined = database.Start();
        var late = database.Start();
        Assert.Equal(1, founder.Observer.Found(0, null, founder.Incarnation));
        Assert.True(joined.Observer.Join(1, joined.Incarnation));
        Assert.Null(late.Observer.Found(1, founder.Incarnation, late.Incarnation));
        late.DeclareNow(founder);
        Assert.Null(late.Observer.Found(1, founder.Incarnation, late.Incarnation));
        Assert.Null(joined.Observer.Found(1, founder.Incarnation, joined.Incarnation));
        late.DeclareNow(joined);
        Assert.Null(late.Observer.Found(0, founder.Incarnation, late.Incarnation));
        Assert.Null(late.Observer.Found(1, joined.Incarnation, late.Incarnation));
        Assert.Equal(2, late.Observer.Found(1, founder.Incarnation, late.Incarnation));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task A_founder_that_was_sent_away_is_not_live_and_does_not_found(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var founder = database.Start();
        var b = database.Start();
        var c = database.Start();
        Assert.Equal(1, founder.Observer.Found(0, null, founder.Incarnation));
        Assert.True(b.Observer.SendAway(founder.Incarnation, "test"));
        Assert.True(b.Observer.SendAway(c.Incarnation, "test"));
        Assert.Null(c.Observer.Found(1, founder.Incarnation, c.Incarnation));
        Assert.Equal(2, b.Observer.Found(1, founder.Incarnation, b.Incarnation));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task One_joins_the_present_generation_only_and_only_while_live(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var founder = database.Start();
        var b = database.Start();
        var c = database.Start();
        founder.Observer.Found(0, null, founder.Incarnation);
        Assert.False(b.Observer.Join(0, b.Incarnation));
        Assert.False(b.Observer.Join(2, b.Incarnation));
        Assert.True(b.Observer.Join(1, b.Incarnation));
        Assert.True(b.Observer.Join(1, b.Incarnation));
        Assert.Equal(1, c.Row(b.Incarnation).Generation);
        c.Observer.SendAway(c.Incarnation, "test");
        Assert.False(c.Observer.Join(1, c.Incarnation));
        database.Execute("UPDATE cluster SET generation = 2");
        Assert.False(b.Observer.Join(2, b.Incarnation));
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Of_one_who_joins_and_one_who_founds_at_one_moment_one_succeeds(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        for (var round = 0; round < Rounds.Races; round++)
        {
            using var former = database.Start();
            using var a = database.Start();
            using var b = database.Start();
            var before = a.Observer.Read([]);
            Assert.Equal(before.Generation + 1, former.Observer.Found(before.Generation, before.Founder, former.Incarnation));
            former.Liveness.Leave("left");
            var generation = before.Generation + 1;
            var done = await AtOnce.RunAsync(
                () => a.Observer.Join(generation, a.Incarnation),
                () => b.Observer.Found(generation, former.Incarnation, b.Incarnation) is not null);
            Assert.Single(done, isDone => isDone);
            a.Liveness.Leave("next round");
            b.Liveness.Leave("next round");
        }
    }
}
