using System.Collections.Immutable;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Ownership;
using Xunit;
using static AkkaScale.Tests.Unit.Membership.World;

namespace AkkaScale.Tests.Unit.Membership;

/// <summary>Ownership's part of a handoff: when it begins, when it can be called off, and what an unknown outcome allows.</summary>
public sealed class OwnershipHandoffTests
{
    private static readonly ShardEpoch Shard = new(0, 4);

    private readonly World _world = new World(20).Member(Me, MemberStatus.Up).Member(Other, MemberStatus.Up).Member(Third, MemberStatus.Up);
    private readonly OwnershipMachine _machine;
    private double _now;

    public OwnershipHandoffTests() => _machine = new OwnershipMachine(Me, _world.Options, new Random(1));

    [Fact]
    public void Another_target_that_is_up_gets_the_shard_prepared_then_by_compare_and_set_then_a_hint()
    {
        var id = Begin();
        Assert.Empty(Poll());

        var ready = Ready(id);
        Assert.Equal(new ClusterEffect.GiveAwayShard(Shard, id), ready[0]);
        var handOver = Assert.IsType<ClusterEffect.HandOverShards>(Assert.Single(ready.Skip(1)));
        Assert.Equal(new HandOver(0, 4, Other, id), Assert.Single(handOver.Shards));
        Assert.Equal(TimeSpan.Zero, handOver.Delay);

        Assert.Equal(
            [
                new ClusterEffect.PublishOwner(new ShardOwner(0, Other, 5, $"handoff/{id}")),
                new ClusterEffect.HandOffEnded(Shard, id, IsGiven: true),
                new ClusterEffect.Hint(),
                new ClusterEffect.Poll(),
            ],
            Answer(handOver, new ShardEpoch(0, 5)));
        _world.Owner(0, Other, 5);
        Assert.Empty(Poll());
    }

    [Fact]
    public void The_epoch_is_started_with_the_way_it_was_reached()
    {
        _world.OwnerBy(0, Me, 9, "handoff/x-1").Target(0, Me);
        Assert.Equal([new ClusterEffect.StartShard(new ShardEpoch(0, 9), "handoff/x-1")], Poll());
    }

    [Fact]
    public void No_two_attempts_bear_the_same_name_and_each_names_its_member()
    {
        var first = Begin();
        _world.Target(0, Third);
        var second = Assert.Single(Poll().OfType<ClusterEffect.HandOffShard>()).HandoffId;
        Assert.NotEqual(first, second);
        Assert.StartsWith($"{Me}-", first);
        Assert.StartsWith($"{Me}-", second);
    }

    [Fact]
    public void Only_so_many_shards_are_handed_off_at_the_same_time_and_the_others_serve_on_until_their_turn()
    {
        for (var shard = 0; shard < 20; shard++)
        {
            _world.Owner(shard, Me, 4).Target(shard, Me);
        }

        Poll();
        for (var shard = 0; shard < 20; shard++)
        {
            _world.Target(shard, Other);
        }

        var wave = Poll().Cast<ClusterEffect.HandOffShard>().ToArray();
        Assert.Equal(Enumerable.Range(0, 4), wave.Select(handoff => handoff.Shard.Shard));
        Assert.Empty(Poll());

        var handOver = Step(new ClusterInput.ShardReady(wave[3].Shard, wave[3].HandoffId)).OfType<ClusterEffect.HandOverShards>().Single();
        var next = Answer(handOver, new ShardEpoch(3, 5));
        Assert.Equal(4, Assert.Single(next.OfType<ClusterEffect.HandOffShard>()).Shard.Shard);
    }

    [Fact]
    public void What_becomes_ready_while_another_hand_over_is_under_way_goes_together_with_the_next()
    {
        foreach (var shard in new[] { 0, 1, 2 })
        {
            _world.Owner(shard, Me, 4).Target(shard, Me);
        }

        Poll();
        foreach (var shard in new[] { 0, 1, 2 })
        {
            _world.Target(shard, Other);
        }

        var wave = Poll().Cast<ClusterEffect.HandOffShard>().ToArray();
        var first = Step(new ClusterInput.ShardReady(wave[0].Shard, wave[0].HandoffId)).OfType<ClusterEffect.HandOverShards>().Single();
        Assert.Empty(Step(new ClusterInput.ShardReady(wave[1].Shard, wave[1].HandoffId)));
        Assert.Empty(Step(new ClusterInput.ShardReady(wave[2].Shard, wave[2].HandoffId)));
        var second = Answer(first, new ShardEpoch(0, 5)).OfType<ClusterEffect.HandOverShards>().Single();
        Assert.Equal([1, 2], second.Shards.Select(shard => shard.Shard));
    }

    [Theory]
    [InlineData(MemberStatus.Leaving)]
    [InlineData(MemberStatus.Down)]
    [InlineData(MemberStatus.Dead)]
    public void A_handoff_is_called_off_when_its_target_is_not_up_any_more_and_the_shard_serves_on(MemberStatus target)
    {
        var id = Begin();
        _world.Member(Other, target);
        Assert.Equal([new ClusterEffect.AbortHandOff(Shard, id)], Poll());

        // Too late for this attempt.
        Assert.Empty(Ready(id));
        Assert.False(_machine.OwnsNothing);
    }

    [Fact]
    public void A_handoff_that_is_ready_but_not_sent_can_be_called_off_too()
    {
        _world.Owner(1, null, 0).Target(1, Me);
        var id = Begin();
        Assert.Empty(Ready(id)); // an acquire of shard 1 is under way
        _world.Target(0, Me);
        Assert.Contains(new ClusterEffect.AbortHandOff(Shard, id), Poll());
    }

    [Fact]
    public void Another_target_gets_another_attempt()
    {
        var id = Begin();
        _world.Target(0, Third);
        var effects = Poll();
        Assert.Equal(new ClusterEffect.AbortHandOff(Shard, id), effects[0]);
        var again = Assert.IsType<ClusterEffect.HandOffShard>(effects[1]);
        Assert.Equal((Shard, Third), (again.Shard, again.Target));
    }

    [Fact]
    public void Once_the_compare_and_set_is_sent_nothing_calls_it_off()
    {
        var handOver = Send();
        _world.Member(Other, MemberStatus.Dead).Target(0, Me);
        Assert.Empty(Poll());
        Assert.Equal([new ClusterEffect.Poll()], Answer(handOver, null));
    }

    [Fact]
    public void After_an_unknown_outcome_nothing_is_served_before_a_reading_asked_for_later()
    {
        var handOver = Send();
        var before = new PollTicket(_machine.Generation, 0);
        Assert.Equal([new ClusterEffect.Poll()], Answer(handOver, null));
        _world.Target(0, Me);
        Assert.Empty(Step(new ClusterInput.Polled(_world.Reading(), before, Lease)));
    }

    [Fact]
    public void After_an_unknown_outcome_a_shard_that_is_wanted_back_is_taken_again_under_the_next_epoch_and_never_resumed()
    {
        var handOver = Send();
        Answer(handOver, null);
        _world.Target(0, Me);
        var effects = Poll();
        Assert.Equal(new ClusterEffect.HandOffEnded(Shard, handOver.Shards[0].HandoffId, IsGiven: false), effects[0]);
        var acquire = Assert.IsType<ClusterEffect.Acquire>(Assert.Single(effects.Skip(1)));
        Assert.Equal((new ShardClaim(0, Me, 4), "reload"), (Assert.Single(acquire.Claims), acquire.AcquiredBy));
        Assert.Contains(
            new ClusterEffect.StartShard(new ShardEpoch(0, 5), "reload"),
            Step(new ClusterInput.AcquireAnswered(acquire.Generation, [new ShardEpoch(0, 5)])));
    }

    [Fact]
    public void After_an_unknown_outcome_that_did_nothing_the_same_attempt_is_sent_again_after_a_pause()
    {
        var handOver = Send();
        Answer(handOver, null);
        var again = Assert.IsType<ClusterEffect.HandOverShards>(Assert.Single(Poll()));
        Assert.Equal(handOver.Shards.ToArray(), again.Shards.ToArray());
        Assert.True(again.Delay >= _world.Options.PollInterval / 2);
    }

    [Fact]
    public void After_an_unknown_outcome_that_was_applied_the_reading_tells_the_host()
    {
        var handOver = Send();
        Answer(handOver, null);
        var id = handOver.Shards[0].HandoffId;
        _world.OwnerBy(0, Other, 5, $"handoff/{id}");
        Assert.Equal([new ClusterEffect.HandOffEnded(Shard, id, IsGiven: true)], Poll());
        Assert.True(_machine.OwnsNothing);
    }

    [Fact]
    public void A_shard_taken_by_somebody_else_meanwhile_was_not_given()
    {
        var handOver = Send();
        Answer(handOver, null);
        _world.OwnerBy(0, Other, 5, "takeover");
        Assert.Equal([new ClusterEffect.HandOffEnded(Shard, handOver.Shards[0].HandoffId, IsGiven: false)], Poll());
    }

    [Fact]
    public void A_refused_hand_over_is_decided_by_the_next_reading()
    {
        var handOver = Send();
        Assert.Equal([new ClusterEffect.Poll()], Answer(handOver));
        _world.Member(Other, MemberStatus.Dead).Target(0, Third);
        var effects = Poll();
        Assert.IsType<ClusterEffect.HandOffEnded>(effects[0]);
        var cold = Assert.Single(effects.OfType<ClusterEffect.HandOverShards>());
        Assert.Equal((4L, Third), (cold.Shards[0].Epoch, cold.Shards[0].Target));
        Assert.NotEqual(handOver.Shards[0].HandoffId, cold.Shards[0].HandoffId);
    }

    [Fact]
    public void A_shard_that_stops_while_it_is_handed_off_is_given_under_another_name_so_that_its_copies_are_not_used()
    {
        var id = Begin();
        var handOver = Step(new ClusterInput.ShardStopped(Shard, "outcome unknown")).OfType<ClusterEffect.HandOverShards>().Single();
        Assert.Equal((4L, Other), (handOver.Shards[0].Epoch, handOver.Shards[0].Target));
        Assert.NotEqual(id, handOver.Shards[0].HandoffId);
    }

    [Fact]
    public void A_report_of_another_attempt_or_epoch_is_ignored()
    {
        var id = Begin();
        Assert.Empty(Step(new ClusterInput.ShardReady(Shard, $"{id}0")));
        Assert.Empty(Step(new ClusterInput.ShardReady(new ShardEpoch(0, 3), id)));
    }

    [Fact]
    public void A_shard_lost_in_the_middle_is_dropped_and_its_handoff_forgotten()
    {
        var id = Begin();
        _world.Owner(0, Third, 5);
        Assert.Equal([new ClusterEffect.DropShard(Shard)], Poll());
        Assert.Empty(Ready(id));
    }

    private LeaseTimes Lease => new(At(_now), At(_now + 1.8));

    private string Begin()
    {
        _world.Owner(0, Me, 4).Target(0, Me);
        Poll();
        _world.Target(0, Other);
        var handoff = Assert.IsType<ClusterEffect.HandOffShard>(Assert.Single(Poll()));
        Assert.Equal((Shard, Other), (handoff.Shard, handoff.Target));
        return handoff.HandoffId;
    }

    private ClusterEffect.HandOverShards Send() => Ready(Begin()).OfType<ClusterEffect.HandOverShards>().Single();

    private List<ClusterEffect> Ready(string id) => Step(new ClusterInput.ShardReady(Shard, id));

    private List<ClusterEffect> Answer(ClusterEffect.HandOverShards handOver, params ShardEpoch[]? given) =>
        Step(new ClusterInput.HandOverAnswered(handOver.Generation, given?.ToImmutableArray()));

    private List<ClusterEffect> Poll()
    {
        _now += 0.3;
        return Step(new ClusterInput.Polled(_world.Reading(), new PollTicket(_machine.Generation, 0), Lease));
    }

    private List<ClusterEffect> Step(ClusterInput input)
    {
        var effects = new List<ClusterEffect>();
        _machine.Step(input, At(_now), effects);
        return effects;
    }
}
