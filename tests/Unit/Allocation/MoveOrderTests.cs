using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Allocation;
using AkkaScale.Tests.Unit.Membership;
using Xunit;
using static AkkaScale.Tests.Unit.Membership.World;

namespace AkkaScale.Tests.Unit.Allocation;

/// <summary>Orders to move a shard once, as the coordinator follows them.</summary>
public sealed class MoveOrderTests
{
    private static readonly AllocationOptions Options = new() { MoveRest = TimeSpan.FromMinutes(10) };

    private readonly World _world = new World(shardCount: 4).Member(Me, MemberStatus.Up).Member(Other, MemberStatus.Up);
    private CoordinatorMachine _machine = new(Me, new LeastShardsAllocation(), Options);

    [Fact]
    public void A_move_is_written_as_the_target_with_who_and_why_and_another_shard_makes_room()
    {
        Settle();
        _world.Move(0, "node-2");
        var targets = Write();
        Assert.Equal([(0, Other), (3, Me)], targets.Select(target => (target.Shard, target.Target)));
        Assert.Equal("was moved to node-2 by jo: noisy", targets[0].Reason);
        Assert.All(targets, target => Assert.Null(target.EndsMove));
    }

    [Fact]
    public void A_move_that_is_under_way_is_not_written_again_whatever_epoch_its_owner_reaches()
    {
        Settle();
        _world.Move(0, "node-2");
        Follow(Write());
        Assert.Empty(Poll());

        _world.Owner(0, Me, 2);
        Assert.Empty(Poll());
    }

    [Fact]
    public void A_shard_that_was_moved_is_left_alone_for_the_rest_and_then_balanced_again()
    {
        Settle();
        _world.Move(0, "node-2");
        Follow(Write(), arrive: true);
        _world.Target(3, Other).Owner(3, Other, 2);
        _world.Target(1, Other).Owner(1, Other, 2);

        // Node 2 has all but shard 2: of what may leave it shard 0 is not.
        Assert.Equal([3], Write(At(1)).Where(target => target.Target == Me).Select(target => target.Shard));
        _world.Target(3, Me).Owner(3, Me, 3);
        Assert.Empty(Poll(At(600)));

        var over = Assert.Single(Write(At(601)));
        Assert.Equal((0, Other, "stays on node-2, where jo moved it; takes part in the balance again"), (over.Shard, over.Target, over.Reason));
        Assert.Equal(1, over.EndsMove!.ExpectedEpoch);
        _world.WithoutMove(0);
        Assert.Empty(Poll(At(602)));
    }

    [Fact]
    public void A_successor_of_the_coordinator_goes_on_with_the_move_and_lets_the_shard_rest()
    {
        Settle();
        _world.Move(0, "node-2");
        Follow(Write());
        _machine = new CoordinatorMachine(Me, new LeastShardsAllocation(), Options);
        Assert.Empty(Poll(At(10)));
        _world.Owner(0, Other, 2);
        Assert.Empty(Poll(At(20)));
        Assert.Empty(Poll(At(619)));
        Assert.NotNull(Assert.Single(Write(At(620))).EndsMove);
    }

    [Fact]
    public void A_move_whose_end_could_not_be_written_is_ended_at_the_next_reading()
    {
        Settle();
        _world.Move(0, "node-2");
        Follow(Write(), arrive: true);
        Assert.Empty(Poll());
        var write = Assert.IsType<ClusterEffect.WriteTargets>(Assert.Single(Poll(At(600))));
        Step(new ClusterInput.CoordinatorAnswered(write.Generation, WriteOutcome.Unknown));
        Assert.NotNull(Assert.Single(Write(At(601))).EndsMove);
    }

    [Fact]
    public void The_cluster_has_outgrown_a_move_for_another_epoch()
    {
        Settle();
        _world.Owner(0, Me, 5).Move(0, "node-2", epoch: 1);
        AssertGivenUp("it was ordered for epoch 1, and the shard is at epoch 5");
    }

    [Fact]
    public void A_move_to_a_node_that_is_not_up_is_given_up()
    {
        Settle();
        _world.Move(0, "node-9");
        AssertGivenUp("node-9 is not up", "node-9");
    }

    [Theory]
    [InlineData(NodeOrderKind.Cordon, "node-2 is cordoned")]
    [InlineData(NodeOrderKind.Drain, "node-2 is being drained")]
    public void A_move_to_a_node_under_an_order_is_given_up(NodeOrderKind kind, string why)
    {
        Settle();
        _world.Move(0, "node-2").Order("node-2", kind);
        AssertGivenUp(why);
    }

    [Fact]
    public void A_move_against_a_pin_is_given_up()
    {
        Settle();
        _world.Move(0, "node-2").Pin(0, "node-1");
        AssertGivenUp("the shard is pinned to node-1");
    }

    [Fact]
    public void A_pin_that_cannot_be_kept_stands_in_no_moves_way()
    {
        Settle();
        _world.Move(0, "node-2").Pin(0, "node-7");
        Assert.Contains(Write(), target => target is { Shard: 0, EndsMove: null } && target.Target == Other);
    }

    [Fact]
    public void What_is_on_its_way_to_a_node_arrives_though_the_node_is_cordoned()
    {
        Settle();
        _world.Move(0, "node-2");
        Follow(Write());
        _world.Order("node-2", NodeOrderKind.Cordon);
        Assert.DoesNotContain(Poll(), effect => effect is ClusterEffect.WriteTargets write && write.Targets.Any(target => target.Shard == 0));
    }

    [Fact]
    public void Where_the_node_of_a_move_dies_the_shard_goes_elsewhere_and_the_decision_tells_both()
    {
        _world.Member(Third, MemberStatus.Up);
        Settle();
        _world.Move(1, "node-3");
        Follow(Write());
        _world.Member(Third, MemberStatus.Dead);
        var target = Write().Single(target => target.Shard == 1);
        Assert.NotNull(target.EndsMove);
        Assert.StartsWith("the move to node-3 that jo ordered is given up: node-3 is not up; its target is not up any more", target.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_shard_that_is_there_already_only_rests()
    {
        Settle();
        _world.Move(0, "node-1");
        Assert.Empty(Poll());
        Assert.Contains(0, _machine.LastInputs!.Resting);
    }

    [Fact]
    public void A_shard_that_is_leaving_its_node_is_called_back_by_a_move_there()
    {
        Settle();
        _world.Target(0, Other).Move(0, "node-1");
        Assert.Contains(Write(), target => target.Shard == 0 && target.Target == Me);
    }

    [Fact]
    public void Without_a_rest_a_move_ends_as_soon_as_the_shard_is_there()
    {
        _machine = new CoordinatorMachine(Me, new LeastShardsAllocation(), new AllocationOptions { MoveRest = TimeSpan.Zero });
        Settle();
        _world.Move(0, "node-2");
        Follow(Write(), arrive: true);
        Assert.NotNull(Write().Single(target => target.Shard == 0).EndsMove);
    }

    [Theory]
    [InlineData(AllocationOptions.Weighted)]
    [InlineData(AllocationOptions.LeastShards)]
    public void With_manual_rebalancing_only_what_has_no_place_is_placed_and_orders_are_followed(string name)
    {
        var options = new AllocationOptions { Name = name, Rebalance = AllocationOptions.Manual };
        _machine = new CoordinatorMachine(Me, options.Create(), options);
        _world.Coordinator = new CoordinatorTerm(Me, 5);
        for (var shard = 0; shard < 4; shard++)
        {
            _world.Target(shard, Me).Owner(shard, Me, 1);
        }

        Assert.Empty(Poll());
        Assert.NotEmpty(options.Create().Plan(_machine.LastInputs! with { Rebalances = true }));
        _world.Move(2, "node-2");
        Assert.Equal([2], Write().Select(target => target.Shard));
        _world.WithoutMove(2).Pin(3, "node-2");
        Assert.Equal([3], Write().Select(target => target.Shard));

        _world.Member(Third, MemberStatus.Up).Target(1, World.Node(9)).Owner(1, World.Node(9), 4);
        Assert.Contains(1, Write().Select(target => target.Shard));
    }

    private void AssertGivenUp(string why, string node = "node-2")
    {
        var over = Write()[0];
        Assert.Equal((0, Me), (over.Shard, over.Target));
        Assert.Equal($"the move to {node} that jo ordered is given up: {why}", over.Reason);
        Assert.Equal(node, over.EndsMove!.NodeName);
    }

    private IReadOnlyList<ShardTarget> Write(TimeSpan now = default)
    {
        var write = Assert.IsType<ClusterEffect.WriteTargets>(Assert.Single(Poll(now)));
        Step(new ClusterInput.CoordinatorAnswered(write.Generation, WriteOutcome.Applied), now);
        return write.Targets;
    }

    private void Follow(IReadOnlyList<ShardTarget> targets, bool arrive = false)
    {
        foreach (var target in targets)
        {
            _world.Target(target.Shard, target.Target);
            if (arrive)
            {
                _world.Owner(target.Shard, target.Target, 2);
            }
        }
    }

    private void Settle()
    {
        _world.Coordinator = new CoordinatorTerm(Me, 5);
        foreach (var target in Write())
        {
            _world.Target(target.Shard, target.Target).Owner(target.Shard, target.Target, 1);
        }
    }

    private List<ClusterEffect> Poll(TimeSpan now = default) =>
        Step(new ClusterInput.Polled(_world.Reading(), new PollTicket(0, _machine.Generation), default), now);

    private List<ClusterEffect> Step(ClusterInput input, TimeSpan now = default)
    {
        var effects = new List<ClusterEffect>();
        _machine.Step(input, now, effects);
        return effects;
    }
}
