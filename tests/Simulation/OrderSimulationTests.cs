using AkkaScale.Cluster.Membership;
using AkkaScale.Cluster.Ownership;
using Xunit;

namespace AkkaScale.Tests.Simulation;

/// <summary>Operators' orders in simulated clusters.</summary>
public sealed class OrderSimulationTests
{
    private const int ShardCount = 48;
    private const int Seeds = 30;

    [Fact]
    public void A_drained_node_gives_everything_away_stays_a_member_and_gets_its_share_back()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var cluster = Settled(seed);
            var drained = cluster.Nodes.ElementAt(seed % 3);
            cluster.Store.SetNodeOrder(new NodeOrder(drained.Name, NodeOrderKind.Drain, "", "", DateTimeOffset.UnixEpoch));
            Run(cluster, seconds: 3);
            Assert.Empty(drained.Member.Hosted);
            Assert.Equal(MemberStatus.Up, drained.Member.Status);
            Assert.Equal(ShardCount, cluster.Nodes.Sum(node => node.Member.Hosted.Count));

            cluster.Store.ClearNodeOrder(drained.Name);
            Run(cluster, seconds: 3);
            Assert.Null(cluster.WhatIsUnsettled());
        }
    }

    [Fact]
    public void A_cordoned_node_gets_nothing_of_a_node_that_dies_and_pins_outlive_the_coordinator()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var cluster = Settled(seed);
            var coordinator = cluster.Nodes.Single(node => node.Member.Self.Incarnation == cluster.Store.Read().Coordinator.Holder);
            var others = cluster.Nodes.Where(node => node != coordinator).ToArray();
            var pinned = coordinator.Member.Hosted.Keys.Take(3).ToArray();
            foreach (var shard in pinned)
            {
                cluster.Store.Pin(new ShardPin(shard, others[0].Name, "", "", DateTimeOffset.UnixEpoch));
            }

            Run(cluster, seconds: 2);
            cluster.Store.SetNodeOrder(new NodeOrder(others[1].Name, NodeOrderKind.Cordon, "", "", DateTimeOffset.UnixEpoch));
            var kept = others[1].Member.Hosted.Keys.ToArray();
            coordinator.Member.Crash();
            Run(cluster, seconds: 6);

            Assert.Equal(kept, others[1].Member.Hosted.Keys);
            Assert.Equal(ShardCount - kept.Length, others[0].Member.Hosted.Count);
            Assert.Subset(others[0].Member.Hosted.Keys.ToHashSet(), pinned.ToHashSet());

            cluster.Store.ClearNodeOrder(others[1].Name);
            cluster.Start(coordinator);
            Run(cluster, seconds: 6);
            Assert.Null(cluster.WhatIsUnsettled());
            Assert.Subset(others[0].Member.Hosted.Keys.ToHashSet(), pinned.ToHashSet());
        }
    }

    private static ClusterSimulation Settled(int seed)
    {
        var cluster = new ClusterSimulation(new Simulator(seed, "this test by its name; its seeds are fixed"), ShardCount);
        for (var node = 0; node < 3; node++)
        {
            cluster.AddNode();
        }

        Run(cluster, seconds: 12);
        Assert.Null(cluster.WhatIsUnsettled());
        return cluster;
    }

    private static void Run(ClusterSimulation cluster, double seconds) =>
        cluster.Simulator.RunUntil(cluster.Simulator.Now + TimeSpan.FromSeconds(seconds));
}
