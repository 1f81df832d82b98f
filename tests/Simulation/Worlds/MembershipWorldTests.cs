using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.Tests.Simulation.Worlds;

/// <summary>Nodes that come, go, die and are cut off, one thing at a time, and within which time all is well again.</summary>
public sealed class MembershipWorldTests
{
    [Fact]
    public void After_a_crash_every_shard_is_served_again_within_the_promised_time()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var settled = new SettledWorld(seed, nodes: 3);
            var options = settled.World.Config.Cluster;
            settled.Nodes[0].Kill("crashes");
            var promised = options.PollInterval + options.ObservedExpiry + (options.PollInterval * 2) + TimeSpan.FromSeconds(1);
            settled.RunUntilSettled(promised, "a crash", isEven: false);
        }
    }

    [Fact]
    public void A_fourth_node_has_its_share_within_three_seconds()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var settled = new SettledWorld(seed, nodes: 3, shardCount: 256);
            settled.World.AddNode(MemberSnapshot.EntityRole).Start();
            settled.RunUntilSettled(TimeSpan.FromSeconds(3), "a join", hosts: 4);
        }
    }

    [Fact]
    public void A_node_that_leaves_gives_everything_away_and_is_removed()
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var settled = new SettledWorld(seed, nodes: 3);
            var left = settled.Nodes[0];
            var incarnation = left.Member!.Self.Incarnation;
            left.Member.Leave();
            settled.Run(TimeSpan.FromSeconds(2));
            Assert.False(left.IsRunning);
            Assert.Equal(MemberStatus.Removed, settled.World.Store.Read().Members.Single(member => member.Incarnation == incarnation).Status);
            settled.RunUntilSettled(TimeSpan.Zero, "a leave", isEven: false);
        }
    }

    [Fact]
    public void The_last_node_can_leave_too()
    {
        var settled = new SettledWorld(1, nodes: 1);
        settled.Nodes[0].Member!.Leave();
        settled.Run(TimeSpan.FromSeconds(2));
        Assert.False(settled.Nodes[0].IsRunning);
        Assert.All(settled.World.Store.Read().Owners, row => Assert.Null(row.Owner));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_outage_of_the_store_costs_nobody_its_membership(bool isAway)
    {
        for (var seed = 0; seed < 50; seed++)
        {
            var settled = new SettledWorld(seed, nodes: 5);
            var before = settled.World.Store.Grants;
            Set(true);
            settled.Run(settled.Random.Between(0.1, 20));
            Set(false);
            settled.RunUntilSettled(TimeSpan.FromSeconds(5), "an outage", hosts: 5);
            Assert.Equal(before, settled.World.Store.Grants);

            void Set(bool isOn) => _ = isAway ? settled.World.IsStoreAway = isOn : settled.World.IsStoreReadOnly = isOn;
        }
    }

    [Fact]
    public void A_node_cut_off_from_the_others_goes_once_and_comes_back_when_it_is_healed()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var settled = new SettledWorld(seed, nodes: 4);
            var victim = settled.Nodes[seed % 4];
            var others = settled.Nodes.Where(node => node != victim).ToArray();
            foreach (var other in others)
            {
                settled.Cut(victim, other);
            }

            // Published and decided after two leases and a little, dead by its own word; then the others take over.
            settled.RunUntilSettled(TimeSpan.FromSeconds(8), "a cut", hosts: 3, atMost: 3, isEven: false);
            settled.Run(TimeSpan.FromSeconds(1));
            Assert.Equal(MemberStatus.Joining, victim.Member!.Status);
            var grants = settled.World.Store.Grants;
            settled.Run(TimeSpan.FromSeconds(30));
            Assert.Equal((MemberStatus.Joining, grants), (victim.Member.Status, settled.World.Store.Grants));
            Assert.Equal(5, settled.World.Store.Read().Members.Length);

            foreach (var other in others)
            {
                settled.Mend(victim, other);
            }

            settled.RunUntilSettled(TimeSpan.FromSeconds(3), "the cut healed", hosts: 4);
        }
    }

    [Fact]
    public void Of_two_nodes_cut_from_each_other_one_serves_everything()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var settled = new SettledWorld(seed, nodes: 2);
            var coordinator = settled.Coordinator;
            settled.Cut(settled.Nodes[0], settled.Nodes[1]);
            settled.RunUntilSettled(TimeSpan.FromSeconds(8), "a cut", hosts: 1, atMost: 1, isEven: false);
            Assert.Equal(MemberStatus.Up, coordinator.Member!.Status);
        }
    }

    [Fact]
    public void A_cut_between_two_of_five_ends_with_shards_only_where_everybody_reaches_everybody()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var settled = new SettledWorld(seed, nodes: 5);
            settled.Cut(settled.Nodes[1], settled.Nodes[3]);
            settled.RunUntilSettled(TimeSpan.FromSeconds(8), "a cut", hosts: 4, atMost: 4, isEven: false);
            settled.Run(TimeSpan.FromSeconds(1));
            Assert.Contains(new[] { settled.Nodes[1], settled.Nodes[3] }, node => node.Member!.Status == MemberStatus.Joining);
        }
    }

    [Fact]
    public void A_crash_a_pause_or_a_restart_sends_nobody_away_for_being_unreachable()
    {
        for (var seed = 0; seed < 30; seed++)
        {
            var settled = new SettledWorld(seed, nodes: 4);
            settled.Nodes[0].Kill("crashes");
            settled.Run(settled.Random.Between(0.1, 5));
            settled.Nodes[0].Start();
            settled.Nodes[3].Pause();
            settled.Run(settled.Random.Between(0.1, 1.5));
            settled.Nodes[3].Resume();
            settled.RunUntilSettled(TimeSpan.FromSeconds(10), "a restart", hosts: 4);
            settled.Run(TimeSpan.FromSeconds(10));
            Assert.DoesNotContain(settled.World.Store.Read().Members, member => member.Reason.Contains("not connected", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Once_all_is_even_nothing_moves_any_more()
    {
        for (var seed = 0; seed < 20; seed++)
        {
            var settled = new SettledWorld(seed, nodes: 4);
            settled.Nodes[2].Kill("crashes");
            settled.Run(TimeSpan.FromSeconds(5));
            settled.Nodes[2].Start();
            settled.RunUntilSettled(TimeSpan.FromSeconds(30), "a restart", hosts: 4);
            var grants = settled.World.Store.Grants;
            settled.Run(TimeSpan.FromSeconds(30));
            Assert.Equal(grants, settled.World.Store.Grants);
        }
    }
}
