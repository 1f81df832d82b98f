using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Storage;

/// <summary>
/// A server whose commits wait: its replica is gone, or its disk does not answer. Renewals wait for neither, and must not wait for somebody
/// who does.
/// </summary>
[Collection(LossesCollection.Name)]
public sealed class CommitWaitTests(CommitWaitTests.OwnServer own) : IClassFixture<CommitWaitTests.OwnServer>
{
    private const string Probe = "SELECT pg_logical_emit_message(true, 'probe', '')";

    [Theory]
    [InlineData("takes a lease")]
    [InlineData("founds")]
    [InlineData("joins")]
    [InlineData("prevails")]
    public async Task Who_waits_for_a_commit_still_renews(string what)
    {
        using var database = StoreDatabase.On(await own.Server.CreateDatabaseAsync());
        var (a, b) = (database.Start(Patient), database.Start(Patient));
        if (what is "joins" or "prevails")
        {
            Assert.Equal(1, b.Observer.Found(0, null, b.Incarnation));
        }

        if (what == "prevails")
        {
            Assert.True(a.Observer.Join(1, a.Incarnation));
        }

        var probe = await LoseReplicaAsync(database);
        var act = Task.Run(() => Act(what, a));
        try
        {
            await Until.TrueAsync(() => Waiting(database) == 2, "its commit waits");
            Assert.Equal([NodeState.Live, NodeState.Live, NodeState.Live], [a.Liveness.Renew(), a.Liveness.Renew(), a.Liveness.Renew()]);
            Assert.False(act.IsCompletedSuccessfully, $"It {what}, and that is not durable.");
        }
        finally
        {
            Reconfigure(database, "ALTER SYSTEM RESET synchronous_standby_names");
        }

        await probe;
        await act;
        await Until.TrueAsync(() => IsDone(what, a, b), "it is done");
        Assert.Equal(NodeState.Live, a.Liveness.Renew());
    }

    /// <summary>Only the commit may make them wait: a session that is given up before, on a busy machine, would never come to it.</summary>
    private static void Patient(ClusterDatabaseOptions options) =>
        options.TimeToLive = options.StatementTimeout = TimeSpan.FromMinutes(1);

    private static object? Act(string what, TestMember member) => what switch
    {
        "takes a lease" => member.Acquire("x"),
        "founds" => member.Observer.Found(0, null, member.Incarnation),
        "joins" => member.Observer.Join(1, member.Incarnation),
        _ => member.Observer.Prevail(1, [member.Incarnation], "test"),
    };

    private static bool IsDone(string what, TestMember member, TestMember other) => what switch
    {
        "takes a lease" => other.Leases.Read(["x"]).Single().Owner == member.Incarnation,
        "prevails" => other.Row().State == NodeState.Down,
        _ => other.Row(member.Incarnation).Generation == 1,
    };

    /// <summary>From here on every commit waits for a replica that is not there.</summary>
    /// <returns>One that does.</returns>
    private static async Task<Task> LoseReplicaAsync(StoreDatabase database)
    {
        Reconfigure(database, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
        var probe = Task.CompletedTask;
        await Until.TrueAsync(
            () =>
            {
                probe = probe.IsCompleted ? Task.Run(() => database.Execute(Probe)) : probe;
                return Waiting(database) == 1;
            },
            "a commit waits for the replica");
        return probe;
    }

    private static void Reconfigure(StoreDatabase database, string sql)
    {
        database.Execute(sql);
        database.Execute("SELECT pg_reload_conf()");
    }

    private static long Waiting(StoreDatabase database) =>
        database.Read<long>("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");

    /// <summary>One whose settings may be changed.</summary>
    public sealed class OwnServer : IAsyncLifetime
    {
        internal PrivatePostgres Server { get; private set; } = null!;

        public async Task InitializeAsync() => Server = await PrivatePostgres.StartAsync("max_connections=40");

        public async Task DisposeAsync() => await Server.DisposeAsync();
    }
}
