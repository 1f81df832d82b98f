using System.Diagnostics;
using AkkaScale.Cluster.Downing;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Storage;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace AkkaScale.Tests.Cluster.Storage;

[Collection(ClusterCollection.Name)]
public sealed class ObserverLoopTests(PostgresServer server)
{
    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Who_ended_before_this_process_came_and_is_still_a_member_for_Akka_is_found(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var gone = database.Start();
        var later = database.Start();
        gone.Liveness.Leave("before");
        var known = await ReadAsync(database, later, [(gone.Node.Address, gone.Node.Uid)]);
        Assert.Equal(NodeState.Left, Assert.Contains(gone.Incarnation, known.Nodes).State);

        var unasked = await ReadAsync(database, later, []);
        Assert.DoesNotContain(gone.Incarnation, unasked.Nodes);
    }

    [Fact]
    public async Task Who_was_found_but_could_not_be_read_is_looked_for_again()
    {
        using var database = await StoreDatabase.CreateAsync(StoreKind.Sqlite, server);
        var gone = database.Start();
        var later = database.Start();
        gone.Liveness.Leave("before");
        var known = await ReadAsync(database, later, [(gone.Node.Address, gone.Node.Uid)], FirstReadFails.Of(later.Store));
        Assert.Contains(gone.Incarnation, known.Nodes);
    }

    [Theory]
    [InlineData(StoreKind.Postgres)]
    [InlineData(StoreKind.Sqlite)]
    public async Task Who_cannot_renew_itself_declares_nobody_dead(StoreKind kind)
    {
        using var database = await StoreDatabase.CreateAsync(kind, server);
        var silent = database.Start();
        var observer = database.Start();
        var options = Options(database);
        var mayDecide = false;
        using var loop = new ObserverLoop(
            observer.Store, options, observer.Incarnation, (_, _) => { }, NullLogger.Instance)
        { MayDecide = () => Volatile.Read(ref mayDecide) };
        loop.Start();
        await Until.TrueAsync(() => loop.Snapshot.Nodes.ContainsKey(silent.Incarnation), "the rows were read");
        var begin = Stopwatch.GetTimestamp();
        await Until.TrueAsync(() => Renews(observer) && Stopwatch.GetElapsedTime(begin) > options.DeadAfter * 3, "it looked for long enough");
        Assert.Equal(NodeState.Live, observer.Row(silent.Incarnation).State);

        Volatile.Write(ref mayDecide, true);
        await Until.TrueAsync(
            () => Renews(observer) && observer.Row(silent.Incarnation).State == NodeState.Dead, "it was declared dead");
    }

    private static bool Renews(TestMember member) => member.Liveness.Renew() == NodeState.Live;

    private static async Task<MembersSnapshot> ReadAsync(
        StoreDatabase database, TestMember observer, (string Address, long Uid)[] unknown, IClusterStore? store = null)
    {
        using var loop = new ObserverLoop(
            store ?? observer.Store, Options(database), observer.Incarnation, (_, _) => { }, NullLogger.Instance)
        { Unknown = () => unknown };

        // As the members of Akka's gossip are: who was found is wanted from then on.
        loop.Wanted = () => [.. loop.Snapshot.Nodes.Keys];
        loop.Start();
        await Until.TrueAsync(() => loop.Snapshot.Nodes.ContainsKey(observer.Incarnation), "the rows were read");
        return loop.Snapshot;
    }

    private static ClusterDatabaseOptions Options(StoreDatabase database) => new()
    {
        Store = database.Kind,
        ConnectionString = database.ConnectionString,
        Cluster = StoreDatabase.Cluster,
        TimeToLive = TimeSpan.FromSeconds(1),
    };
}
