using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>Operators' orders in simulated clusters.</summary>
public sealed class OrderWorldTests
{
    private const int ShardCount = 48;
    private const int Seeds = 30;

    [Fact]
    public void A_drained_node_gives_everything_away_stays_a_member_and_gets_its_share_back()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var settled = new SettledWorld(seed, nodes: 3, ShardCount);
            var drained = settled.Nodes[seed % 3];
            settled.World.Store.SetNodeOrder(new NodeOrder(drained.Name, NodeOrderKind.Drain, "", "", DateTimeOffset.UnixEpoch));
            settled.Run(TimeSpan.FromSeconds(3));
            Assert.Empty(SettledWorld.Hosted(drained));
            Assert.Equal(MemberStatus.Up, drained.Member!.Status);
            Assert.Equal(ShardCount, settled.Nodes.Sum(node => SettledWorld.Hosted(node).Length));

            settled.World.Store.ClearNodeOrder(drained.Name);
            settled.RunUntilSettled(TimeSpan.FromSeconds(3), "the order was taken back");
        }
    }

    [Fact]
    public void A_moved_shard_gets_there_though_the_coordinator_dies_and_does_not_bounce_back()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var settled = new SettledWorld(seed, nodes: 3, ShardCount);
            var coordinator = settled.Coordinator;
            var others = settled.Nodes.Where(node => node != coordinator).ToArray();
            var moved = SettledWorld.Hosted(others[0])[..3];
            foreach (var shard in moved)
            {
                var epoch = settled.World.Store.Read().Owners[shard].Epoch;
                Assert.Equal(WriteOutcome.Refused, settled.World.Store.Move(new ShardMove(shard, others[1].Name, epoch + 1, "", "", DateTimeOffset.UnixEpoch)));
                Assert.Equal(WriteOutcome.Applied, settled.World.Store.Move(new ShardMove(shard, others[1].Name, epoch, "", "jo", DateTimeOffset.UnixEpoch)));
            }

            if (seed % 2 == 0)
            {
                coordinator.Kill("crashes");
            }

            settled.Run(TimeSpan.FromSeconds(6));
            Assert.Subset(SettledWorld.Hosted(others[1]).ToHashSet(), moved.ToHashSet());
            Assert.Equal(3, settled.World.Store.Read().Moves.Length);

            settled.Run(TimeSpan.FromSeconds(20));
            Assert.Subset(SettledWorld.Hosted(others[1]).ToHashSet(), moved.ToHashSet());
            Assert.Contains(settled.World.Store.ReadDecisions(moved[0]), decision => decision.Reason == $"was moved to {others[1].Name} by jo");
        }
    }

    [Fact]
    public void A_cordoned_node_gets_nothing_of_a_node_that_dies_and_pins_outlive_the_coordinator()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var settled = new SettledWorld(seed, nodes: 3, ShardCount);
            var coordinator = settled.Coordinator;
            var others = settled.Nodes.Where(node => node != coordinator).ToArray();
            var pinned = SettledWorld.Hosted(coordinator)[..3];
            foreach (var shard in pinned)
            {
                settled.World.Store.Pin(new ShardPin(shard, others[0].Name, "", "", DateTimeOffset.UnixEpoch));
            }

            settled.Run(TimeSpan.FromSeconds(2));
            settled.World.Store.SetNodeOrder(new NodeOrder(others[1].Name, NodeOrderKind.Cordon, "", "", DateTimeOffset.UnixEpoch));
            var kept = SettledWorld.Hosted(others[1]);
            coordinator.Kill("crashes");
            settled.Run(TimeSpan.FromSeconds(6));

            Assert.Equal(kept, SettledWorld.Hosted(others[1]));
            Assert.Equal(ShardCount - kept.Length, SettledWorld.Hosted(others[0]).Length);
            Assert.Subset(SettledWorld.Hosted(others[0]).ToHashSet(), pinned.ToHashSet());

            settled.World.Store.ClearNodeOrder(others[1].Name);
            coordinator.Start();
            settled.Run(TimeSpan.FromSeconds(16));
            Assert.Null(settled.WhatIsUnsettled());
            Assert.Subset(SettledWorld.Hosted(others[0]).ToHashSet(), pinned.ToHashSet());
        }
    }
}
