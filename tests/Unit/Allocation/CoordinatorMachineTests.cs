using AkkaScale.LegacyCluster;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using AkkaScale.LegacySharding.Allocation;
using AkkaScale.Tests.Unit.Membership;
using Xunit;
using static AkkaScale.Tests.Unit.Membership.World;

namespace AkkaScale.Tests.Unit.Allocation;

public sealed class CoordinatorMachineTests
{
    private readonly World _world = new World().Member(Me, MemberStatus.Up).Member(Other, MemberStatus.Up);
    private readonly CoordinatorMachine _machine = new(Me, new LeastShardsAllocation(), new AllocationOptions());

    [Fact]
    public void A_term_that_nobody_holds_is_claimed() =>
        Assert.Equal(new CoordinatorTerm(null, 0), Assert.IsType<ClusterEffect.ClaimCoordinator>(Assert.Single(Poll())).Expected);

    [Theory]
    [InlineData(MemberStatus.Joining, false)]
    [InlineData(MemberStatus.Up, false)]
    [InlineData(MemberStatus.Down, false)]
    [InlineData(MemberStatus.Leaving, true)]
    [InlineData(MemberStatus.Dead, true)]
    [InlineData(MemberStatus.Removed, true)]
    public void A_term_is_claimed_from_a_holder_that_leaves_or_is_gone(MemberStatus holder, bool claimed)
    {
        _world.Member(Other, holder).Coordinator = new CoordinatorTerm(Other, 3);
        Assert.Equal(claimed, Poll().Any(effect => effect is ClusterEffect.ClaimCoordinator));
    }

    [Fact]
    public void A_term_of_an_incarnation_without_a_row_is_claimed()
    {
        _world.Coordinator = new CoordinatorTerm(Third, 3);
        Assert.IsType<ClusterEffect.ClaimCoordinator>(Assert.Single(Poll()));
    }

    [Theory]
    [InlineData(MemberStatus.Joining, MemberSnapshot.EntityRole)]
    [InlineData(MemberStatus.Leaving, MemberSnapshot.EntityRole)]
    [InlineData(MemberStatus.Up, MemberSnapshot.GatewayRole)]
    public void Only_an_entity_member_that_is_up_claims(MemberStatus status, string role)
    {
        _world.Member(Me, status, role: role);
        Assert.Empty(Poll());
    }

    [Fact]
    public void The_coordinator_gives_every_shard_a_target_with_a_reason_and_its_term()
    {
        _world.Coordinator = new CoordinatorTerm(Me, 5);
        var write = Assert.IsType<ClusterEffect.WriteTargets>(Assert.Single(Poll()));
        Assert.Equal(new CoordinatorTerm(Me, 5), write.Term);
        Assert.Equal([0, 1, 2, 3], write.Targets.Select(target => target.Shard));
        Assert.Equal([Me, Other, Me, Other], write.Targets.Select(target => target.Target));
        Assert.All(write.Targets, target => Assert.Equal((Me, 5L), (target.DecidedBy, target.Term)));
        Assert.Equal("had no target; node-1 had 0", write.Targets[0].Reason);
    }

    [Fact]
    public void Nothing_is_written_when_nothing_changes()
    {
        Settle();
        Assert.Empty(Poll());
    }

    [Theory]
    [InlineData(MemberStatus.Leaving)]
    [InlineData(MemberStatus.Down)]
    [InlineData(MemberStatus.Dead)]
    public void Targets_that_are_not_up_are_replaced_and_only_those(MemberStatus status)
    {
        Settle();
        _world.Member(Other, status);
        var write = Assert.IsType<ClusterEffect.WriteTargets>(Assert.Single(Poll()));
        Assert.Equal([1, 3], write.Targets.Select(target => target.Shard));
    }

    [Fact]
    public void A_gateway_gets_no_shards()
    {
        _world.Member(Other, MemberStatus.Up, role: MemberSnapshot.GatewayRole).Coordinator = new CoordinatorTerm(Me, 5);
        Assert.All(Assert.IsType<ClusterEffect.WriteTargets>(Assert.Single(Poll())).Targets, target => Assert.Equal(Me, target.Target));
    }

    [Fact]
    public void A_zombie_coordinator_learns_from_a_refused_write_and_writes_nothing_more()
    {
        _world.Coordinator = new CoordinatorTerm(Me, 5);
        var write = Assert.IsType<ClusterEffect.WriteTargets>(Assert.Single(Poll()));
        Assert.Empty(Poll());

        _world.Coordinator = new CoordinatorTerm(Other, 6);
        Assert.Equal([new ClusterEffect.Poll()], Step(new ClusterInput.CoordinatorAnswered(write.Generation, WriteOutcome.Refused)));
        Assert.Empty(Poll());
    }

    [Fact]
    public void A_reading_asked_for_before_a_write_ended_is_not_planned_against()
    {
        _world.Coordinator = new CoordinatorTerm(Me, 5);
        var write = Assert.IsType<ClusterEffect.WriteTargets>(Assert.Single(Poll()));
        var before = new PollTicket(0, _machine.Generation);
        Step(new ClusterInput.CoordinatorAnswered(write.Generation, WriteOutcome.Applied));
        Assert.Empty(Step(new ClusterInput.Polled(_world.Reading(), before, default)));
        Assert.NotEmpty(Poll());
    }

    [Theory]
    [InlineData(NodeOrderKind.Cordon)]
    [InlineData(NodeOrderKind.Drain)]
    public void A_member_under_an_order_of_its_name_gets_nothing(NodeOrderKind kind)
    {
        _world.Order("node-2", kind).Coordinator = new CoordinatorTerm(Me, 5);
        Assert.All(Assert.IsType<ClusterEffect.WriteTargets>(Assert.Single(Poll())).Targets, target => Assert.Equal(Me, target.Target));
    }

    [Fact]
    public void A_drained_member_gives_everything_away_and_a_cordoned_one_nothing()
    {
        Settle();
        _world.Order("node-2", NodeOrderKind.Cordon);
        Assert.Empty(Poll());

        _world.Order("node-2", NodeOrderKind.Drain);
        var write = Assert.IsType<ClusterEffect.WriteTargets>(Assert.Single(Poll()));
        Assert.Equal([1, 3], write.Targets.Select(target => target.Shard));
        Assert.Equal("node-2 is being drained; node-1 had 2", write.Targets[0].Reason);
    }

    [Fact]
    public void A_pinned_shard_goes_to_its_node_and_another_makes_room()
    {
        Settle();
        _world.Pin(0, "node-2");
        var write = Assert.IsType<ClusterEffect.WriteTargets>(Assert.Single(Poll()));
        Assert.Equal(("is pinned to node-2", Other), (write.Targets[0].Reason, write.Targets[0].Target));
        Assert.Equal([0, 3], write.Targets.Select(target => target.Shard));
    }

    [Fact]
    public void Loads_are_kept_while_coordinating_and_forgotten_with_the_term()
    {
        var loads = new ClusterInput.LoadsReported(Other, TimeSpan.FromSeconds(1), [new ShardTraffic(1, 50, 7)]);
        Settle();
        _world.Owner(1, Other, 2);
        Poll();
        Step(loads);
        Poll();
        Assert.Equal(new ShardLoad(50, 7), _machine.LastInputs!.Loads[1]);
        Assert.Equal(default, _machine.LastInputs.Loads[0]);

        _world.Coordinator = new CoordinatorTerm(Other, 6);
        Poll();
        Assert.Null(_machine.LastInputs);
        Step(loads);
        _world.Coordinator = new CoordinatorTerm(Me, 7);
        Poll();
        Assert.Empty(_machine.LastInputs!.Loads);
    }

    [Fact]
    public void A_coordinator_is_new_for_ten_seconds()
    {
        Settle();
        Poll(At(9.9));
        Assert.True(_machine.LastInputs!.IsNewCoordinator);
        Poll(At(10));
        Assert.False(_machine.LastInputs!.IsNewCoordinator);
    }

    /// <summary>A member, or who knows the secret, must not be able to weigh down a shard that another owns.</summary>
    [Fact]
    public void Loads_count_from_the_owner_of_the_shard_alone()
    {
        Settle();
        _world.Owner(1, Other, 2).Owner(2, Me, 2);
        Poll();
        Step(new ClusterInput.LoadsReported(Other, TimeSpan.FromSeconds(1), [new ShardTraffic(1, 50, 7), new ShardTraffic(2, 4_000_000_000, 7), new ShardTraffic(-1, 1, 1), new ShardTraffic(70_000, 1, 1)]));
        Step(new ClusterInput.LoadsReported(new Incarnation(Guid.NewGuid()), TimeSpan.FromSeconds(1), [new ShardTraffic(1, 4_000_000_000, 7)]));
        Poll();

        Assert.Equal(new ShardLoad(50, 7), _machine.LastInputs!.Loads[1]);
        Assert.Equal(default, _machine.LastInputs.Loads[2]);
    }

    [Fact]
    public void Numbers_go_to_the_store_with_the_decision()
    {
        _world.Coordinator = new CoordinatorTerm(Me, 5);
        var write = Assert.IsType<ClusterEffect.WriteTargets>(Assert.Single(Poll()));
        Assert.Equal("""{"rate":0,"residents":0,"weight":1,"to":{"shards":0,"rate":0,"weight":0}}""", write.Targets[0].Numbers);
    }

    private void Settle()
    {
        _world.Coordinator = new CoordinatorTerm(Me, 5);
        var write = Assert.IsType<ClusterEffect.WriteTargets>(Assert.Single(Poll()));
        foreach (var target in write.Targets)
        {
            _world.Target(target.Shard, target.Target).Owner(target.Shard, target.Target, 1);
        }

        Step(new ClusterInput.CoordinatorAnswered(write.Generation, WriteOutcome.Applied));
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
