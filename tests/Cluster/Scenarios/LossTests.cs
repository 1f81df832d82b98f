using System.Diagnostics;
using AkkaScale.Cluster.Options;
using AkkaScale.Tests.Cluster.Databases;
using AkkaScale.Tests.Cluster.Processes;
using AkkaScale.Tests.Support;

namespace AkkaScale.Tests.Cluster.Scenarios;

/// <summary>Processes that are killed, stopped or hang. Who goes is what the database says, and the others serve everything.</summary>
[Collection(LossesCollection.Name)]
public sealed class LossTests(PostgresServer server)
{
    private static readonly TimeSpan TimeToLive = new ClusterDatabaseOptions().TimeToLive;
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(15);

    /// <summary>In the gate MultiNode's tests of stopped and killed nodes have the embedded store.</summary>
    public static TheoryData<StoreKind> Stores => Rounds.AllKinds ? [StoreKind.Postgres, StoreKind.Sqlite] : [StoreKind.Postgres];

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Of_two_either_may_be_killed(StoreKind store) => await PlayAsync($"two-{store}", store, async cluster =>
    {
        var nodes = cluster.StartProcesses(2);
        await cluster.AreOneClusterAsync(nodes, "at the start");
        await cluster.BeginTrafficAsync();
        var gone = new List<string>();
        foreach (var victim in nodes.ToList())
        {
            gone.Add(await cluster.IncarnationAsync(victim));
            await victim.KillAsync();
            nodes.Remove(victim);
            await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, $"after {victim.Settings.Name} was killed");
            await cluster.AreOneClusterAsync(nodes, $"after {victim.Settings.Name} was killed");
            nodes.Add(cluster.StartAgain(victim));
            await cluster.AreOneClusterAsync(nodes, $"after {victim.Settings.Name} was started again");
        }

        await cluster.OnlyTheseWentAsync([.. gone]);

        // Not after a time to live: of two, since a busy machine may break the observation of one.
        Assert.Contains(await cluster.Database.NodesAsync(), node => node.Reason?.StartsWith("has ended", StringComparison.Ordinal) == true);
        await cluster.IsSoundAsync(nodes);
    });

    /// <summary>Sessions end, and with them their locks; the links say that the processes live.</summary>
    [Fact]
    public async Task Nobody_goes_whose_sessions_are_terminated_again_and_again() => await PlayAsync("terminated", StoreKind.Postgres, async cluster =>
    {
        var nodes = cluster.StartProcesses(3);
        await cluster.AreOneClusterAsync(nodes, "at the start");
        await cluster.BeginTrafficAsync();
        for (var time = 1; time <= 5; time++)
        {
            // Sessions are named for the incarnation whose they are.
            await cluster.Database.ExecuteAsync(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name IN (SELECT incarnation FROM node)");
            await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, $"after all sessions were terminated, time {time}");
        }

        await cluster.AreOneClusterAsync(nodes, "after all sessions were terminated");
        await cluster.OnlyTheseWentAsync();
        await cluster.IsSoundAsync(nodes);
    });

    [Theory]
    [MemberData(nameof(Stores))]
    public async Task Who_is_stopped_for_longer_than_its_time_goes(StoreKind store) => await PlayAsync($"stopped-{store}", store, async cluster =>
    {
        var nodes = cluster.StartProcesses(3);
        await cluster.AreOneClusterAsync(nodes, "at the start");
        await cluster.BeginTrafficAsync();
        var victim = nodes[2];
        var before = await cluster.IncarnationAsync(victim);
        await FreezeAsync(victim, TimeToLive * 0.5);
        await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, "after a stop of half its time");
        await cluster.AreOneClusterAsync(nodes, "after a stop of half its time");
        Assert.Equal(before, await cluster.IncarnationAsync(victim));
        await cluster.OnlyTheseWentAsync();

        var gone = new List<string>();
        foreach (var times in new[] { 1.5, 3 })
        {
            gone.Add(await cluster.IncarnationAsync(victim));
            nodes.Remove(victim);
            await FreezeAsync(victim, TimeToLive * times);
            await cluster.EndsAsync(victim, Soon, store == StoreKind.Sqlite ? [ProbeCluster.Killed] : [NodeEnd.Dead, NodeEnd.Removed]);
            await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, $"after a stop of {times} times its time");
            await cluster.AreOneClusterAsync(nodes, "after it was declared dead");
            nodes.Add(victim = cluster.StartAgain(victim));
            await cluster.AreOneClusterAsync(nodes, "after it was started again");
        }

        await cluster.OnlyTheseWentAsync([.. gone]);
        await cluster.IsSoundAsync(nodes);
    });

    [Fact]
    public async Task Who_hangs_though_it_renews_is_sent_away_and_ends() => await PlayAsync("hang", StoreKind.Postgres, async cluster =>
    {
        var nodes = cluster.StartProcesses(3);
        await cluster.AreOneClusterAsync(nodes, "at the start");
        await cluster.BeginTrafficAsync();
        var (victim, incarnation) = (nodes[2], await cluster.IncarnationAsync(nodes[2]));
        await victim.HangAsync();

        await cluster.BecomesAsync(incarnation, Soon, "down", "dead");
        await cluster.EndsAsync(victim, Soon, NodeEnd.Down, NodeEnd.Dead, ProbeCluster.Killed);
        await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, "after the one that hangs was sent away");
        nodes.Remove(victim);
        await cluster.AreOneClusterAsync(nodes, "after the one that hangs was sent away");
        await cluster.OnlyTheseWentAsync(incarnation);
        await cluster.IsSoundAsync(nodes);
    });

    /// <summary>The coordinators' majority is gone: what the new one reads of its state may be stale.</summary>
    [Fact]
    public async Task Two_of_three_are_killed_and_started_again_at_once() => await PlayAsync("stale", StoreKind.Postgres, async cluster =>
    {
        var nodes = new List<NodeProcess>();
        for (var number = 1; number <= 3; number++)
        {
            // One after the other, so that the first is the oldest and has the coordinator.
            nodes.Add(cluster.StartProcess($"n{number}"));
            await cluster.AreOneClusterAsync(nodes, "at the start");
        }

        await cluster.BeginTrafficAsync();
        List<NodeProcess> lost = [nodes[0], nodes[1]];
        var gone = await Task.WhenAll(lost.Select(cluster.IncarnationAsync));
        await Task.WhenAll(lost.Select(node => node.KillAsync()));
        List<NodeProcess> now = [.. lost.Select(cluster.StartAgain), nodes[2]];

        await cluster.Client.EveryShardAnswersAsync(ProbeCluster.AnswersAgain, "after two of three were killed and started again");
        await cluster.AreOneClusterAsync(now, "after two of three were killed and started again");
        await cluster.OnlyTheseWentAsync(gone);
        await cluster.IsSoundAsync(now);
    });

    /// <summary>A notice about the old incarnation must not hit the new one, which has its name and address.</summary>
    [Fact]
    public async Task Restarts_in_quick_succession_under_one_name_and_address() => await PlayAsync("restarts", StoreKind.Postgres, async cluster =>
    {
        var nodes = cluster.StartProcesses(3);
        await cluster.AreOneClusterAsync(nodes, "at the start");
        await cluster.BeginTrafficAsync();
        var gone = new List<string>();
        for (var time = 1; time <= Rounds.Restarts; time++)
        {
            gone.Add(await cluster.IncarnationAsync(nodes[2]));
            var ended = Stopwatch.GetTimestamp();
            await nodes[2].KillAsync();
            nodes[2] = cluster.StartAgain(nodes[2]);
            Assert.True(Stopwatch.GetElapsedTime(ended) < TimeSpan.FromSeconds(2), "It was not started again within two seconds.");
            await cluster.AreOneClusterAsync(nodes, $"after restart {time}");
        }

        await cluster.OnlyTheseWentAsync([.. gone]);
        await cluster.IsSoundAsync(nodes);
    });

    private static async Task FreezeAsync(NodeProcess node, TimeSpan time)
    {
        node.Freeze();
        await Task.Delay(time);
        node.Thaw();
    }

    private async Task PlayAsync(string story, StoreKind store, Func<ProbeCluster, Task> play)
    {
        var database = store == StoreKind.Sqlite ? ProbeDatabase.Sqlite() : await ProbeDatabase.CreateAsync(server);
        await ProbeCluster.PlayAsync(database, story, play);
    }
}
