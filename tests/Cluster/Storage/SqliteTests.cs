using System.Diagnostics;
using AkkaScale.Cluster.Members;
using AkkaScale.Cluster.Options;
using AkkaScale.Cluster.Sqlite;
using AkkaScale.Cluster.Storage;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Storage;

/// <summary>What several processes of one host can do to each other.</summary>
[Collection(ClusterCollection.Name)]
public sealed class SqliteTests(PostgresServer server)
{
    /// <summary>Longer than by default, so that a busy machine does not decide.</summary>
    private static readonly TimeSpan TimeToLive = TimeSpan.FromSeconds(6);

    [Theory]
    [InlineData(HeldThing.Members)]
    [InlineData(HeldThing.Turnstile)]
    public async Task A_process_that_is_stopped_while_it_holds_the_members_file_is_ended_before_others_fall_silent(HeldThing what)
    {
        using var database = await CreateAsync();
        var a = database.Start(options => options.TimeToLive = TimeToLive);
        using var holder = await SqliteHolderProcess.StartAsync(database.File, what);
        holder.Stop();
        var begin = Stopwatch.GetTimestamp();
        await Until.TrueAsync(() => TryRenew(a), "a renewal came through");
        var renewed = Stopwatch.GetElapsedTime(begin);
        await Until.TrueAsync(() => holder.HasEnded, "the stopped process has ended");
        Assert.InRange(renewed, TimeToLive / 2, TimeToLive * 0.9);
        Assert.Contains($"Process {holder.Id} held the write lock", Assert.Single(database.Warnings), StringComparison.Ordinal);
        Assert.False(a.Row(holder.Incarnation).Locked);
    }

    [Fact]
    public async Task Those_who_look_at_one_moment_do_not_take_each_other_for_the_holder()
    {
        using var database = await CreateAsync();
        var path = database.File + ".lock";
        using var file = new LockFile(path);
        var seen = await AtOnce.RunAsync(Enumerable.Range(0, 4)
            .Select(_ => (Func<int>)(() => Enumerable.Range(0, 20_000).Count(_ => LockFile.IsHeld(path))))
            .ToArray());
        Assert.Equal([0, 0, 0, 0], seen);
        Assert.True(file.TryAcquire());
        Assert.True(LockFile.IsHeld(path));
    }

    [Fact]
    public async Task A_process_that_writes_often_is_not_taken_for_one_that_holds_long()
    {
        using var database = await CreateAsync();
        var a = database.Start();
        using var holder = await SqliteHolderProcess.StartAsync(database.File, HeldThing.Busy);
        using var look = new StuckHolderWatch(
            database.File + ".members", new GateLimits(
                TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(1), TimeProvider.System, database.Warnings.Add));
        look.Begin();
        var begin = Stopwatch.GetTimestamp();
        var renewals = 0;
        while (Stopwatch.GetElapsedTime(begin) < TimeSpan.FromSeconds(4))
        {
            Assert.Equal(NodeState.Live, a.Liveness.Renew());
            renewals++;
        }

        Assert.True(renewals > 4, $"Only {renewals} renewals came through.");
        Assert.False(holder.HasEnded);
        Assert.Empty(database.Warnings);
    }

    [Fact]
    public async Task A_stopped_process_that_is_declared_dead_is_ended_and_its_lease_can_be_taken()
    {
        using var database = await CreateAsync();
        var a = database.Start();
        using var holder = await SqliteHolderProcess.StartAsync(database.File, HeldThing.Journal);
        holder.Stop();
        var taking = Task.Run(() => a.Acquire("x"));
        Assert.True(a.Row(holder.Incarnation).Locked);
        Assert.False(taking.IsCompleted);
        Assert.True(a.Observer.DeclareDead(holder.Incarnation, NodeState.Live, 0, "test"));
        Assert.Equal(new LeaseRow("x", a.Incarnation, 1), await taking.WaitAsync(TimeSpan.FromSeconds(30)));
        await Until.TrueAsync(() => holder.HasEnded, "the dead process has ended");
        Assert.Contains("of the dead incarnation", Assert.Single(database.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_takes_a_lease_ends_the_dead_owners_process_first()
    {
        using var database = await CreateAsync();
        var a = database.Start();
        using var holder = await SqliteHolderProcess.StartAsync(database.File, HeldThing.Nothing);
        holder.Stop();
        database.Execute("INSERT INTO lease (cluster, name, owner, epoch) VALUES ('test', 'x', $1, 4)", holder.Incarnation);
        Assert.Equal(new LeaseRow("x", holder.Incarnation, 4), a.Acquire("x"));
        Assert.False(holder.HasEnded);

        // Declared by somebody who did not come to end it.
        database.Execute("UPDATE node SET state = 'dead' WHERE incarnation = $1", holder.Incarnation);
        Assert.Equal(new LeaseRow("x", a.Incarnation, 5), a.Acquire("x"));
        await Until.TrueAsync(() => holder.HasEnded, "the dead process has ended");
    }

    [Fact]
    public async Task Neither_this_process_is_ended_nor_one_that_has_a_live_incarnation_or_is_of_another_host()
    {
        using var database = await CreateAsync();
        var a = database.Start();
        var b = database.Start();
        a.DeclareNow(b);
        using var holder = await SqliteHolderProcess.StartAsync(database.File, HeldThing.Nothing);
        var other = await SqliteHolderProcess.StartAsync(database.File, HeldThing.Nothing);
        using var _ = other;
        database.Execute(
            """
            INSERT INTO node (incarnation, cluster, name, address, uid, roles, version, host, process_id, process_start, started_at)
            SELECT 'second', cluster, name, address, uid, roles, version, host, process_id, process_start, started_at
            FROM node WHERE incarnation = $1
            """,
            holder.Incarnation);
        database.Execute("UPDATE node SET host = 'another' WHERE incarnation = $1", other.Incarnation);
        Assert.True(a.Observer.DeclareDead(holder.Incarnation, NodeState.Live, 0, "test"));
        Assert.True(a.Observer.DeclareDead(other.Incarnation, NodeState.Live, 0, "test"));
        Assert.Empty(database.Warnings);
        Assert.False(holder.HasEnded);
        Assert.True(a.Observer.DeclareDead("second", NodeState.Live, 0, "test"));
        await Until.TrueAsync(() => holder.HasEnded, "the process has ended with its last incarnation");
        Assert.False(other.HasEnded);
    }

    [Fact]
    public async Task A_process_that_was_killed_has_let_its_lock_go_and_old_lock_files_are_cleared_away()
    {
        using var database = await CreateAsync();
        var a = database.Start();
        using (var holder = await SqliteHolderProcess.StartAsync(database.File, HeldThing.Nothing))
        {
            Assert.True(a.Row(holder.Incarnation).Locked);
            holder.Dispose();
            Assert.False(a.Row(holder.Incarnation).Locked);
            database.Execute("UPDATE node SET state = 'dead' WHERE incarnation = $1", holder.Incarnation);
            database.Create("b").Open(StoreDatabase.Terms(), migrate: true);
            Assert.Equal([a.Incarnation], Directory.GetFiles(database.File + ".members.d").Select(Path.GetFileName));
        }

        a.Liveness.Leave("test");
        Assert.Empty(Directory.GetFiles(database.File + ".members.d"));
    }

    /// <summary>As the loop of liveness does: whatever a session throws ends it.</summary>
    private static bool TryRenew(TestMember member)
    {
        try
        {
            Assert.Equal(NodeState.Live, member.Liveness.Renew());
            return true;
        }
        catch (Exception error) when (DatabaseErrors.IsAway(error) || error is ObjectDisposedException)
        {
            member.Liveness.Dispose();
            Record.Exception(member.Resume);
            return false;
        }
    }

    private Task<StoreDatabase> CreateAsync() => StoreDatabase.CreateAsync(StoreKind.Sqlite, server);
}
