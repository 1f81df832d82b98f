using System.Globalization;
using AkkaScale.Cluster.Membership;
using Xunit;
using Xunit.Abstractions;

namespace AkkaScale.Tests.Simulation;

public sealed class ClusterSimulationTests(ITestOutputHelper output)
{
    private const int SeedsEach = 15;
    private const int ShardCount = 24;

    public static TheoryData<int> Blocks => [.. Enumerable.Range(0, 16)];

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Whatever_happens_nobody_serves_what_another_may_serve_and_after_healing_everything_is_served(int block)
    {
        var (warmStarts, resumed) = (0, 0);
        for (var seed = block * SeedsEach; seed < (block + 1) * SeedsEach; seed++)
        {
            Run(seed, out var handoffs);
            warmStarts += handoffs.WarmStarts;
            resumed += handoffs.Resumed;
        }

        Assert.True(warmStarts > 0 && resumed > 0, $"{warmStarts} warm starts and {resumed} handoffs called off: not every situation was met.");
    }

    [Fact]
    public void A_fresh_seed_holds_too()
    {
        var given = Environment.GetEnvironmentVariable("AKKASCALE_SIMULATION_SEED");
        var seed = given is null ? Random.Shared.Next() : int.Parse(given, CultureInfo.InvariantCulture);
        output.WriteLine($"seed {seed}");
        Console.WriteLine($"simulation: fresh seed {seed}");
        Run(seed);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        Assert.Equal(Run(7), Run(7));
        Assert.NotEqual(Run(7), Run(8));
    }

    [Fact]
    public void After_a_crash_every_shard_is_served_again_within_the_promised_time()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var cluster = Settled(seed, nodes: 3);
            var options = cluster.Options;
            var crashed = cluster.Nodes.First();
            crashed.Member.Crash();
            var promised = options.PollInterval + options.ObservedExpiry + (options.PollInterval * 2) + TimeSpan.FromSeconds(1);
            RunUntilSettled(cluster, promised, "crash");
        }
    }

    [Fact]
    public void A_fourth_node_has_its_share_within_three_seconds()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var cluster = Settled(seed, nodes: 3, shardCount: 256);
            cluster.AddNode();
            RunUntilSettled(cluster, TimeSpan.FromSeconds(3), "join", hosts: 4);
        }
    }

    [Fact]
    public void A_node_that_leaves_gives_everything_away_and_is_removed()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var cluster = Settled(seed, nodes: 3);
            var node = cluster.Nodes.First();
            node.Member.Leave();
            cluster.Simulator.RunUntil(cluster.Simulator.Now + TimeSpan.FromSeconds(2));
            Assert.Equal(SessionEndKind.Stopped, node.Member.End?.Kind);
            Assert.Null(cluster.WhatIsUnsettled());
        }
    }

    [Fact]
    public void The_last_node_can_leave_too()
    {
        var cluster = Settled(1, nodes: 1);
        var node = cluster.Nodes.Single();
        node.Member.Leave();
        cluster.Simulator.RunUntil(cluster.Simulator.Now + TimeSpan.FromSeconds(2));
        Assert.Equal(SessionEndKind.Stopped, node.Member.End?.Kind);
        Assert.All(cluster.Store.Read().Owners, row => Assert.Null(row.Owner));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_outage_of_the_store_costs_nobody_its_membership(bool isAway)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var cluster = Settled(seed, nodes: 5);
            var before = cluster.Store.Grants;
            Set(true);
            cluster.Simulator.RunUntil(cluster.Simulator.Now + cluster.Simulator.Between(0.1, 20));
            Set(false);
            RunUntilSettled(cluster, TimeSpan.FromSeconds(5), "outage", hosts: 5);
            Assert.Equal(before, cluster.Store.Grants);

            void Set(bool isOn) => _ = isAway ? cluster.Faults.IsAway = isOn : cluster.Faults.IsReadOnly = isOn;
        }
    }

    [Fact]
    public void A_node_cut_off_from_the_others_goes_once_and_comes_back_when_it_is_healed()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var cluster = Settled(seed, nodes: 4);
            var victim = cluster.Nodes.ElementAt(seed % 4);
            foreach (var other in cluster.Nodes.Where(node => node != victim))
            {
                cluster.Cut(victim.Name, other.Name);
            }

            // Published and decided after two leases and a little, dead by its own word; then the others take over.
            RunUntilSettled(cluster, TimeSpan.FromSeconds(8), "a cut", hosts: 3, atMost: 3);
            cluster.Simulator.RunUntil(cluster.Simulator.Now + TimeSpan.FromSeconds(1));
            Assert.Equal(MemberStatus.Joining, victim.Member.Status);
            var grants = cluster.Store.Grants;
            cluster.Simulator.RunUntil(cluster.Simulator.Now + TimeSpan.FromSeconds(30));
            Assert.Equal((MemberStatus.Joining, grants), (victim.Member.Status, cluster.Store.Grants));
            Assert.Equal(5, cluster.Store.Read().Members.Length);

            cluster.Cuts.Clear();
            RunUntilSettled(cluster, TimeSpan.FromSeconds(3), "the cut healed", hosts: 4);
        }
    }

    [Fact]
    public void Of_two_nodes_cut_from_each_other_one_serves_everything()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var cluster = Settled(seed, nodes: 2);
            var coordinator = cluster.Store.Read().Coordinator.Holder;
            cluster.Cut("node-1", "node-2");
            RunUntilSettled(cluster, TimeSpan.FromSeconds(8), "a cut", hosts: 1, atMost: 1);
            Assert.Equal(coordinator, cluster.Nodes.Single(node => node.Member.Status == MemberStatus.Up).Member.Self.Incarnation);
        }
    }

    [Fact]
    public void A_cut_between_two_of_five_ends_with_shards_only_where_everybody_reaches_everybody()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var cluster = Settled(seed, nodes: 5);
            cluster.Cut("node-2", "node-4");
            RunUntilSettled(cluster, TimeSpan.FromSeconds(8), "a cut", hosts: 4, atMost: 4);
            cluster.Simulator.RunUntil(cluster.Simulator.Now + TimeSpan.FromSeconds(1));
            Assert.Contains(cluster.Nodes, node => node.Name is "node-2" or "node-4" && node.Member.Status == MemberStatus.Joining);
        }
    }

    [Fact]
    public void A_crash_a_pause_or_a_restart_sends_nobody_away_for_being_unreachable()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var cluster = Settled(seed, nodes: 4);
            var node = cluster.Nodes.First();
            node.Member.Crash();
            cluster.Simulator.RunUntil(cluster.Simulator.Now + cluster.Simulator.Between(0.1, 5));
            cluster.Start(node);
            cluster.Nodes.Last().Member.Pause();
            cluster.Simulator.RunUntil(cluster.Simulator.Now + cluster.Simulator.Between(0.1, 1.5));
            cluster.Nodes.Last().Member.Resume();
            RunUntilSettled(cluster, TimeSpan.FromSeconds(10), "a restart", hosts: 4);
            cluster.Simulator.RunUntil(cluster.Simulator.Now + TimeSpan.FromSeconds(10));
            Assert.DoesNotContain(cluster.Store.Read().Members, member => member.Reason.Contains("not connected", StringComparison.Ordinal));
        }
    }

    private static ClusterSimulation Settled(int seed, int nodes, int shardCount = ShardCount)
    {
        var cluster = new ClusterSimulation(new Simulator(seed, "this test by its name; its seeds are fixed"), shardCount);
        for (var node = 0; node < nodes; node++)
        {
            cluster.AddNode();
        }

        cluster.Simulator.RunUntil(TimeSpan.FromSeconds(10));
        RunUntilSettled(cluster, TimeSpan.Zero, "start", nodes);
        return cluster;
    }

    private static void RunUntilSettled(ClusterSimulation cluster, TimeSpan limit, string after, int hosts = 0, int atMost = int.MaxValue)
    {
        var simulator = cluster.Simulator;
        var end = simulator.Now + limit;
        while (true)
        {
            var up = cluster.Nodes.Count(node => node.Member.IsRunning && node.Member.Status == MemberStatus.Up);
            var unsettled = up < hosts ? "not everybody is up"
                : up > atMost ? $"{up} members are up"
                : cluster.WhatIsUnsettled();
            if (unsettled is null)
            {
                return;
            }

            if (simulator.Now >= end)
            {
                throw simulator.Violation(
                    FormattableString.Invariant($"{limit.TotalSeconds:0.0} s after {after}: {unsettled}"));
            }

            simulator.RunUntil(simulator.Now + TimeSpan.FromMilliseconds(10));
        }
    }

    /// <summary>A minute of troubles, then peace. Returns how often shards changed hands, as a fingerprint.</summary>
    private static long Run(int seed) => Run(seed, out _);

    private static long Run(int seed, out (int WarmStarts, int Resumed) handoffs)
    {
        var simulator = new Simulator(
            seed, $"AKKASCALE_SIMULATION_SEED={seed} dotnet test tests/Simulation --filter FullyQualifiedName~A_fresh_seed");
        var cluster = new ClusterSimulation(simulator, ShardCount);
        for (var node = simulator.Random.Next(1, 4); node > 0; node--)
        {
            cluster.AddNode();
        }

        cluster.AddNode(MemberSnapshot.GatewayRole);
        cluster.BeginCommands();
        var troubles = new Troubles(cluster);
        troubles.Begin();
        simulator.RunUntil(TimeSpan.FromSeconds(60));
        troubles.Heal();

        // Whoever was leaving when peace came has left and is started again after ten seconds; then 30 s of peace.
        simulator.RunUntil(TimeSpan.FromSeconds(70));
        troubles.Heal();
        simulator.RunUntil(TimeSpan.FromSeconds(100));
        RunUntilSettled(cluster, TimeSpan.Zero, "30 s of peace");
        var grants = cluster.Store.Grants;
        simulator.RunUntil(TimeSpan.FromSeconds(110));
        RunUntilSettled(cluster, TimeSpan.Zero, "40 s of peace");
        handoffs = cluster.Handoffs;
        return cluster.Store.Grants == grants ? grants : throw simulator.Violation("shards move although nothing has changed");
    }
}
