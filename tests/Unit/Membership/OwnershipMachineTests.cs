using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using Xunit;
using static AkkaScale.Tests.Unit.Membership.World;

namespace AkkaScale.Tests.Unit.Membership;

public sealed class OwnershipMachineTests
{
    private readonly World _world = new World().Member(Me, MemberStatus.Up).Member(Other, MemberStatus.Up);
    private readonly OwnershipMachine _machine;
    private double _now;

    public OwnershipMachineTests() => _machine = new OwnershipMachine(Me, _world.Options, new Random(1));

    [Fact]
    public void A_shard_that_never_had_an_owner_is_acquired_and_then_started()
    {
        _world.Owner(0, null, 0).Target(0, Me);
        var acquire = Acquire(Poll());
        Assert.Equal(new ShardClaim(0, null, 0), Assert.Single(acquire.Claims));
        Assert.Equal("first", acquire.AcquiredBy);

        var effects = Grant(acquire, 1);
        Assert.Equal(
            [
                new ClusterEffect.PublishOwner(new ShardOwner(0, Me, 1, "first")),
                new ClusterEffect.Hint(),
                new ClusterEffect.Poll(),
                new ClusterEffect.StartShard(new ShardEpoch(0, 1), "first"),
            ],
            effects);
    }

    [Theory]
    [InlineData(MemberStatus.Joining, false)]
    [InlineData(MemberStatus.Up, false)]
    [InlineData(MemberStatus.Leaving, false)]
    [InlineData(MemberStatus.Down, false)]
    [InlineData(MemberStatus.Dead, true)]
    [InlineData(MemberStatus.Removed, true)]
    public void A_shard_is_taken_over_only_from_a_member_that_is_gone(MemberStatus owner, bool taken)
    {
        _world.Member(Other, owner).Owner(0, Other, 5).Target(0, Me);
        Assert.Equal(taken, Poll().Any(effect => effect is ClusterEffect.Acquire));
    }

    [Fact]
    public void A_shard_of_an_incarnation_without_a_row_is_taken_over()
    {
        _world.Owner(0, Third, 5).Target(0, Me);
        Assert.Equal(new ShardClaim(0, Third, 5), Assert.Single(Acquire(Poll()).Claims));
    }

    [Fact]
    public void What_a_lost_tail_left_without_owner_is_taken_only_when_every_former_lease_has_run_out()
    {
        _world.OwnerBy(0, null, 1L << 32, ShardOwner.ByGeneration).Target(0, Me).Generation = 1;
        Assert.Empty(Poll());
        _now += _world.Options.ObservedExpiry.TotalSeconds - 0.4;
        Assert.Empty(Poll());
        Assert.Equal(new ShardClaim(0, null, 1L << 32), Assert.Single(Acquire(Poll()).Claims));
    }

    [Fact]
    public void The_wait_begins_anew_with_every_generation()
    {
        _world.OwnerBy(0, null, 1L << 32, ShardOwner.ByGeneration).Target(0, Other).Generation = 1;
        Poll();
        _now += _world.Options.ObservedExpiry.TotalSeconds;
        _world.OwnerBy(0, null, 2L << 32, ShardOwner.ByGeneration).Target(0, Me).Generation = 2;
        Assert.Empty(Poll());
    }

    [Fact]
    public void A_shard_with_another_target_is_left_alone()
    {
        _world.Owner(0, null, 5).Target(0, Other);
        Assert.Empty(Poll());
    }

    [Theory]
    [InlineData(MemberStatus.Joining)]
    [InlineData(MemberStatus.Leaving)]
    public void A_member_that_is_not_up_takes_nothing(MemberStatus own)
    {
        _world.Member(Me, own).Owner(0, null, 5).Target(0, Me);
        Assert.Empty(Poll());
    }

    [Fact]
    public void Without_a_valid_lease_nothing_is_taken()
    {
        _world.Owner(0, null, 5).Target(0, Me);
        Assert.Empty(Step(new ClusterInput.Polled(_world.Reading(), Ticket, new LeaseTimes(At(0), At(_now)))));
    }

    [Fact]
    public void At_most_32_shards_are_asked_for_in_a_transaction_and_one_transaction_at_a_time()
    {
        var world = new World(100).Member(Me, MemberStatus.Up);
        var machine = new OwnershipMachine(Me, world.Options, new Random(1));
        for (var shard = 0; shard < 100; shard++)
        {
            world.Owner(shard, null, 0).Target(shard, Me);
        }

        var effects = new List<ClusterEffect>();
        machine.Step(new ClusterInput.Polled(world.Reading(), default, new LeaseTimes(At(0), At(1))), At(0), effects);
        machine.Step(new ClusterInput.Polled(world.Reading(), new PollTicket(machine.Generation, 0), new LeaseTimes(At(0), At(1))), At(0), effects);
        var acquire = Assert.Single(effects.OfType<ClusterEffect.Acquire>());
        Assert.Equal(Enumerable.Range(0, 32), acquire.Claims.Select(claim => claim.Shard));
    }

    [Fact]
    public void An_unknown_acquire_is_followed_by_nothing_but_a_poll()
    {
        _world.Owner(0, null, 3).Target(0, Me);
        var acquire = Acquire(Poll());
        Assert.Equal([new ClusterEffect.Poll()], Step(new ClusterInput.AcquireAnswered(acquire.Generation, null)));
    }

    [Fact]
    public void After_an_unknown_acquire_a_reading_that_shows_it_done_starts_the_shard()
    {
        _world.Owner(0, null, 3).Target(0, Me);
        var acquire = Acquire(Poll());
        Step(new ClusterInput.AcquireAnswered(acquire.Generation, null));

        _world.Owner(0, Me, 4);
        Assert.Equal([new ClusterEffect.StartShard(new ShardEpoch(0, 4), "")], Poll());
    }

    [Fact]
    public void After_an_unknown_acquire_a_reading_that_shows_it_not_done_asks_again_after_a_pause()
    {
        _world.Owner(0, null, 3).Target(0, Me);
        var acquire = Acquire(Poll());
        Step(new ClusterInput.AcquireAnswered(acquire.Generation, null));

        var again = Acquire(Poll());
        Assert.Equal(new ShardClaim(0, null, 3), Assert.Single(again.Claims));
        Assert.True(again.Delay >= _world.Options.PollInterval / 2);
    }

    [Fact]
    public void A_reading_asked_for_before_an_operation_ended_says_nothing_about_its_shards()
    {
        _world.Owner(0, null, 3).Target(0, Me);
        var acquire = Acquire(Poll());
        var before = Ticket;
        Grant(acquire, 4);

        // Shows the shard without an owner, as it was; believed, it would be dropped and taken again.
        Assert.Empty(Step(new ClusterInput.Polled(_world.Reading(), before, Lease)));
    }

    [Fact]
    public void A_reading_asked_for_before_a_release_ended_does_not_bring_the_shard_back()
    {
        Host(0, 4);
        LeaveAsTheLast();
        Poll();
        var release = Step(new ClusterInput.ShardDrained(new ShardEpoch(0, 4))).OfType<ClusterEffect.Release>().Single();
        var before = Ticket;
        Step(new ClusterInput.ReleaseAnswered(release.Generation, [new ShardEpoch(0, 4)]));

        Assert.Empty(Step(new ClusterInput.Polled(_world.Reading(), before, Lease)));
        Assert.True(_machine.OwnsNothing);
    }

    [Fact]
    public void A_reading_asked_for_before_an_unknown_acquire_ended_does_not_decide_it()
    {
        _world.Owner(0, null, 3).Target(0, Me);
        var acquire = Acquire(Poll());
        var before = Ticket;
        Step(new ClusterInput.AcquireAnswered(acquire.Generation, null));

        Assert.Empty(Step(new ClusterInput.Polled(_world.Reading(), before, Lease)));
        Assert.NotEmpty(Poll());
    }

    [Fact]
    public void A_late_answer_of_an_older_generation_changes_nothing()
    {
        _world.Owner(0, null, 3).Target(0, Me);
        var first = Acquire(Poll());
        Step(new ClusterInput.AcquireAnswered(first.Generation, null));
        Poll();
        Assert.Empty(Step(new ClusterInput.AcquireAnswered(first.Generation, [new ShardEpoch(0, 4)])));
    }

    [Theory]
    [InlineData(MemberStatus.Joining)]
    [InlineData(MemberStatus.Leaving)]
    [InlineData(MemberStatus.Down)]
    [InlineData(MemberStatus.Dead)]
    public void A_shard_is_kept_while_its_target_is_not_up(MemberStatus target)
    {
        Host(0, 4);
        _world.Member(Other, target).Target(0, Other);
        Assert.Empty(Poll());
    }

    [Fact]
    public void A_released_epoch_is_never_started_again_by_its_old_owner()
    {
        Host(0, 4);
        LeaveAsTheLast();
        Poll();
        var release = Step(new ClusterInput.ShardDrained(new ShardEpoch(0, 4))).OfType<ClusterEffect.Release>().Single();
        Step(new ClusterInput.ReleaseAnswered(release.Generation, null));

        // The release may still arrive: go on under the next epoch only.
        _world.Member(Me, MemberStatus.Up);
        var acquire = Acquire(Poll());
        Assert.Equal(new ShardClaim(0, Me, 4), Assert.Single(acquire.Claims));
        Assert.Contains(new ClusterEffect.StartShard(new ShardEpoch(0, 5), "reload"), Grant(acquire, 5));
    }

    [Fact]
    public void An_epoch_whose_hand_over_was_asked_for_is_not_started_even_if_it_never_was()
    {
        _world.Owner(0, Me, 4).Target(0, Other);
        var handOver = Assert.IsType<ClusterEffect.HandOverShards>(Assert.Single(Poll()));
        Step(new ClusterInput.HandOverAnswered(handOver.Generation, null));

        _world.Target(0, Me);
        Assert.Equal(new ShardClaim(0, Me, 4), Assert.Single(Acquire(Poll()).Claims));
    }

    [Fact]
    public void A_shard_that_stopped_itself_is_taken_again_under_the_next_epoch_before_it_starts()
    {
        Host(0, 4);
        var acquire = Acquire(Step(new ClusterInput.ShardStopped(new ShardEpoch(0, 4), "outcome unknown")));
        Assert.Equal(new ShardClaim(0, Me, 4), Assert.Single(acquire.Claims));
        Assert.Equal("reload", acquire.AcquiredBy);
        Assert.Contains(new ClusterEffect.StartShard(new ShardEpoch(0, 5), "reload"), Grant(acquire, 5));
    }

    [Fact]
    public void A_report_of_an_older_epoch_is_ignored()
    {
        Host(0, 4);
        Assert.Empty(Step(new ClusterInput.ShardStopped(new ShardEpoch(0, 3), "late")));
        Assert.Empty(Step(new ClusterInput.ShardDrained(new ShardEpoch(0, 3))));
    }

    [Fact]
    public void A_shard_owned_by_somebody_else_is_dropped()
    {
        Host(0, 4);
        _world.Owner(0, Other, 5);
        Assert.Equal([new ClusterEffect.DropShard(new ShardEpoch(0, 4))], Poll());
    }

    [Fact]
    public void A_shard_found_to_be_own_under_a_newer_epoch_is_dropped_and_started_anew()
    {
        Host(0, 4);
        _world.Owner(0, Me, 5);
        Assert.Equal(
            [new ClusterEffect.DropShard(new ShardEpoch(0, 4)), new ClusterEffect.StartShard(new ShardEpoch(0, 5), "")], Poll());
    }

    [Fact]
    public void A_member_that_finds_itself_owner_starts_the_shard()
    {
        _world.Owner(0, Me, 9).Target(0, Me);
        Assert.Equal([new ClusterEffect.StartShard(new ShardEpoch(0, 9), "")], Poll());
    }

    [Fact]
    public void A_leaving_member_that_finds_itself_owner_releases_the_shard()
    {
        _world.Member(Me, MemberStatus.Leaving).Owner(0, Me, 9).Target(0, Me);
        Assert.IsType<ClusterEffect.Release>(Assert.Single(Poll()));
    }

    [Fact]
    public void A_leaving_member_serves_on_until_its_shards_have_other_targets()
    {
        Host(0, 4);
        _world.Member(Me, MemberStatus.Leaving);
        Assert.Empty(Poll());
        _world.Target(0, Other);
        Assert.IsType<ClusterEffect.HandOffShard>(Assert.Single(Poll()));
    }

    [Fact]
    public void The_last_member_to_leave_releases_its_shards_to_nobody()
    {
        Host(0, 4);
        _world.Member(Me, MemberStatus.Leaving).Member(Other, MemberStatus.Up, role: MemberSnapshot.GatewayRole);
        Assert.Equal([new ClusterEffect.DrainShard(new ShardEpoch(0, 4))], Poll());
        var release = Step(new ClusterInput.ShardDrained(new ShardEpoch(0, 4))).OfType<ClusterEffect.Release>().Single();
        Assert.False(_machine.OwnsNothing);
        Step(new ClusterInput.ReleaseAnswered(release.Generation, [new ShardEpoch(0, 4)]));
        Assert.True(_machine.OwnsNothing);
    }

    [Fact]
    public void A_lost_lease_drops_everything_and_ends_all_activity()
    {
        Host(0, 4);
        _world.Owner(1, null, 0).Target(1, Me);
        var acquire = Acquire(Poll());
        Assert.Equal([new ClusterEffect.DropShard(new ShardEpoch(0, 4))], Step(new ClusterInput.LeaseLost()));
        Assert.Empty(Grant(acquire, 1));
        Assert.Empty(Poll());
    }

    private void LeaveAsTheLast() => _world.Member(Me, MemberStatus.Leaving).Member(Other, MemberStatus.Dead);

    private LeaseTimes Lease => new(At(_now), At(_now + 1.8));

    private PollTicket Ticket => new(_machine.Generation, 0);

    private void Host(int shard, long epoch)
    {
        _world.Owner(shard, Me, epoch).Target(shard, Me);
        Assert.Contains(new ClusterEffect.StartShard(new ShardEpoch(shard, epoch), ""), Poll());
    }

    private List<ClusterEffect> Poll()
    {
        _now += 0.3;
        return Step(new ClusterInput.Polled(_world.Reading(), Ticket, Lease));
    }

    private List<ClusterEffect> Step(ClusterInput input)
    {
        var effects = new List<ClusterEffect>();
        _machine.Step(input, At(_now), effects);
        return effects;
    }

    private List<ClusterEffect> Grant(ClusterEffect.Acquire acquire, long epoch) => Step(new ClusterInput.AcquireAnswered(
        acquire.Generation, [.. acquire.Claims.Select(claim => new ShardEpoch(claim.Shard, epoch))]));

    private static ClusterEffect.Acquire Acquire(List<ClusterEffect> effects) => Assert.Single(effects.OfType<ClusterEffect.Acquire>());
}
