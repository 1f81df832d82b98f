using AkkaScale.Entities;
using AkkaScale.LegacySharding;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Ports;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding.Handoff;

/// <summary>A shard that is handed off, and one that starts with what was handed to it.</summary>
public sealed class ShardHandoffTests
{
    private const string Id = "h-1";

    private readonly ShardConversation _shard = new(head: 40);

    [Fact]
    public void What_is_durable_is_copied_while_the_shard_serves()
    {
        Know("a", 5);
        Know("b", 6);
        var copies = CopyOut();
        Assert.Equal(["a", "b"], copies.Copies.Select(copy => copy.Key.Id));
        Assert.Equal([new Counter(5), new Counter(6)], copies.Copies.Select(copy => copy.State));
        Assert.Equal((true, 0), (copies.IsPassOver, copies.Changed));
        Assert.Null(copies.Manifest);
        var read = _shard.Ask(new Get(), entity: "a");
        Assert.Equal("{\"value\":5}", read.Body);
    }

    [Fact]
    public void A_pass_goes_on_where_it_ended()
    {
        Know("a", 5);
        Know("b", 6);
        Know("c", 7);
        Assert.Equal((false, 2), (CopyOut(most: 2) is var first && first.IsPassOver, first.Copies.Count));
        var second = CopyOut(isNewPass: false, most: 2);
        Assert.Equal((true, "c"), (second.IsPassOver, Assert.Single(second.Copies).Key.Id));
        Assert.Empty(CopyOut().Copies);
    }

    [Fact]
    public void What_is_not_durable_is_not_copied_but_counted_as_changed()
    {
        Know("a", 5);
        _shard.Ask(new Add(1), entity: "a");
        var copies = CopyOut();
        Assert.Empty(copies.Copies);
        Assert.Equal(1, copies.Changed);
        _shard.AllDurable();
        Assert.Equal((new Counter(6), 2L), Assert.Single(CopyOut().Copies) is var copy ? (copy.State, copy.Version) : default);
    }

    [Fact]
    public void A_refusal_that_is_being_stored_keeps_its_entity_back_and_changes_it()
    {
        Know("a", 5);
        CopyOut();
        var id = _shard.NewId();
        _shard.Ask(new Add(-1), id, clientKey: true, entity: "a");
        Assert.Empty(CopyOut().Copies);
        _shard.AllDurable();

        // Same version, but the new owner must remember the refusal.
        var copy = Assert.Single(CopyOut().Copies);
        Assert.Equal(1, copy.Version);
        Assert.Contains(copy.Memory.InOrder(), command => command.CommandId == id);
    }

    [Fact]
    public void An_entity_that_is_being_loaded_is_not_copied()
    {
        _shard.Ask(new Get(), entity: "a");
        Assert.Empty(CopyOut().Copies);
        Assert.Empty(StopIntake()!.Manifest!.Entries);
    }

    [Fact]
    public void What_changed_after_it_was_copied_is_copied_again_when_intake_has_stopped()
    {
        Know("a", 5);
        Know("b", 6);
        var before = CopyOut();
        _shard.Ask(new Add(1), entity: "a");
        _shard.AllDurable();
        var settled = StopIntake()!;
        var last = Assert.Single(settled.Copies);
        Assert.Equal(("a", new Counter(6)), (last.Key.Id, last.State));
        Assert.Equal(
            new[] { before.Copies.Single(copy => copy.Key.Id == "b").Stamp, last.Stamp }.Order(),
            settled.Manifest!.Entries.Select(entry => entry.Stamp).Order());
        Assert.Equal(42, settled.Manifest.NextPosition);
    }

    [Fact]
    public void The_memory_of_a_copy_is_its_own()
    {
        Know("a", 5);
        var copy = Assert.Single(CopyOut().Copies);
        _shard.Ask(new Add(1), entity: "a");
        _shard.AllDurable();
        Assert.Equal(0, copy.Memory.Count);
    }

    [Fact]
    public void Intake_stops_at_once_and_the_shard_is_settled_when_everything_is_durable()
    {
        Know("a", 5);
        CopyOut();
        var accepted = _shard.Ask(new Add(1), entity: "a");
        Assert.Null(StopIntake());
        Assert.Equal(AskOutcomeKind.NotOwner, _shard.Ask(new Get(), entity: "a").Outcome!.Value.Kind);
        _shard.AllDurable();
        Assert.Equal(ReplyStatus.Accepted, accepted.Reply.Status);
        var settled = Assert.Single(_shard.Effects, effect => effect.Kind == ShardEffectKind.Copied).Copies!;
        Assert.Equal(new Counter(6), Assert.Single(settled.Copies).State);
        Assert.Equal(42, settled.Manifest!.NextPosition);
    }

    [Fact]
    public void What_waits_for_a_read_when_intake_stops_asks_the_next_owner()
    {
        var waiting = _shard.Ask(new Add(1), entity: "a");
        StopIntake();
        Assert.Equal(AskOutcomeKind.NotOwner, waiting.Outcome!.Value.Kind);
    }

    [Fact]
    public void A_lost_fence_while_settling_stops_the_shard_and_settles_nothing()
    {
        Know("a", 5);
        var accepted = _shard.Ask(new Add(1), entity: "a");
        StopIntake();
        _shard.Fail(SliceStatus.Unknown);
        Assert.Equal(AskOutcomeKind.Unknown, accepted.Outcome!.Value.Kind);
        Assert.Contains(_shard.Effects, effect => effect.Kind == ShardEffectKind.Stopped);
        Assert.DoesNotContain(_shard.Effects, effect => effect.Kind == ShardEffectKind.Copied);
        _shard.Say(new ShardInput.Resume(Id));
        Assert.Equal(AskOutcomeKind.NotOwner, _shard.Ask(new Get(), entity: "a").Outcome!.Value.Kind);
    }

    [Fact]
    public void A_handoff_that_is_called_off_lets_the_shard_go_on_from_memory()
    {
        Know("a", 5);
        StopIntake();
        _shard.Say(new ShardInput.Resume(Id));
        var done = _shard.Ask(new Add(1), entity: "a");
        _shard.AllDurable();
        Assert.Equal("{\"value\":6}", done.Body);
        Assert.Equal(41, _shard.Writes[^1].Events[0].Position);
    }

    [Fact]
    public void Only_the_handoff_that_stopped_intake_resumes_it()
    {
        Know("a", 5);
        StopIntake();
        Assert.NotNull(StopIntake("h-2")!.Manifest);
        _shard.Say(new ShardInput.Resume(Id));
        Assert.Equal(AskOutcomeKind.NotOwner, _shard.Ask(new Get(), entity: "a").Outcome!.Value.Kind);
        _shard.Say(new ShardInput.Resume("h-2"));
        Assert.Equal("{\"value\":5}", _shard.Ask(new Get(), entity: "a").Body);
    }

    [Fact]
    public void A_late_resume_counts_although_the_next_handoff_copies_already()
    {
        Know("a", 5);
        StopIntake();
        CopyOut("h-2");
        _shard.Say(new ShardInput.Resume(Id));
        Assert.Equal("{\"value\":5}", _shard.Ask(new Get(), entity: "a").Body);
    }

    [Fact]
    public void Another_handoff_begins_anew()
    {
        Know("a", 5);
        CopyOut();
        Assert.Single(CopyOut("h-2").Copies);
        _shard.Say(new ShardInput.CopyOut(Id, false, 9));
        Assert.Empty(_shard.Effects);
    }

    [Fact]
    public void A_shard_that_has_not_started_settles_without_a_position_and_can_start_later()
    {
        var state = new ShardState(3, 7, new ShardingOptions(), TimeSpan.TicksPerSecond);
        var effects = new List<ShardEffect>();
        Step(new ShardInput.Start());
        Step(new ShardInput.StopIntake(Id));
        Assert.Equal(0, effects[^1].Copies!.Manifest!.NextPosition);
        Step(new ShardInput.Resume(Id));
        Assert.Equal(ShardPhase.Starting, state.Phase);
        Step(new ShardInput.HeadRead(9));
        Assert.Equal((ShardPhase.Running, 10L), (state.Phase, state.NextPosition));

        void Step(ShardInput input) => ShardMachine.Step(state, input, default, effects);
    }

    [Fact]
    public void A_settled_shard_can_be_drained_and_dropped()
    {
        StopIntake();
        _shard.Say(new ShardInput.Drain());
        Assert.Contains(_shard.Effects, effect => effect.Kind == ShardEffectKind.Drained);
        _shard.Say(new ShardInput.Resume(Id));
        Assert.Equal(ShardPhase.Stopped, _shard.State.Phase);
    }

    [Fact]
    public void A_new_owner_reads_nothing_that_it_was_given()
    {
        Know("a", 5);
        var id = _shard.NewId();
        _shard.Ask(new Add(2), id, clientKey: true, entity: "a");
        _shard.AllDurable();
        var settled = StopIntake()!;
        var next = new ShardConversation(new WarmShard(settled.Manifest!.NextPosition, settled.Copies));

        var read = next.Ask(new Get(), entity: "a");
        Assert.Equal("{\"value\":7}", read.Body);
        Assert.True(next.Ask(new Add(2), id, clientKey: true, attempt: 1, entity: "a").Reply.Replayed);
        Assert.DoesNotContain(next.Effects, effect => effect.Kind is ShardEffectKind.ReadHead or ShardEffectKind.Recover);
        next.Ask(new Add(1), Guid.NewGuid(), entity: "a");
        Assert.Equal((42L, 3L), (next.Writes[^1].Events[0].Position, next.Writes[^1].Events[0].SequenceNr));
        next.Ask(new Get(), entity: "z");
        Assert.Contains(next.Effects, effect => effect.Kind == ShardEffectKind.Recover);
    }

    [Fact]
    public void Who_asks_a_new_owner_before_it_has_begun_is_answered_when_it_has()
    {
        Know("a", 5);
        var settled = StopIntake()!;
        var early = new ShardState(3, 8, new ShardingOptions(), TimeSpan.TicksPerSecond);
        var caller = new ShardConversation.Caller();
        var effects = new List<ShardEffect>();
        var ask = new ShardInput.Ask(new EntityKey("counter", "a"), CounterKind.Create(), new Get(), Guid.NewGuid(), long.MaxValue, caller) { IsRead = true };
        var clock = new ShardClock(1, long.MaxValue, DateTimeOffset.UnixEpoch);
        ShardMachine.Step(early, ask, clock, effects);
        Assert.Empty(effects);
        ShardMachine.Step(early, new ShardInput.Start(new WarmShard(settled.Manifest!.NextPosition, settled.Copies)), clock, effects);
        Assert.Equal(new Counter(5), settled.Copies[0].State);
        Assert.Equal([ShardEffectKind.Complete], effects.Select(effect => effect.Kind));
        Assert.Equal(1, effects[^1].Outcome.Reply!.Version);
    }

    [Fact]
    public void A_new_owner_keeps_to_its_bound_of_entities()
    {
        Know("a", 5);
        Know("b", 6);
        var settled = StopIntake()!;
        var next = new ShardConversation(
            new WarmShard(settled.Manifest!.NextPosition, settled.Copies), new ShardingOptions { MaxResidentEntities = 1 });
        Assert.Single(next.State.Entities);
    }

    private void Know(string entity, int value)
    {
        _shard.Ask(new Get(), entity: entity);
        _shard.Recover(value, 1);
    }

    private ShardCopies CopyOut(string id = Id, bool isNewPass = true, int most = 100)
    {
        _shard.Say(new ShardInput.CopyOut(id, isNewPass, most));
        return Assert.Single(_shard.Effects).Copies!;
    }

    private ShardCopies CopyOut(bool isNewPass, int most) => CopyOut(Id, isNewPass, most);

    private ShardCopies? StopIntake(string id = Id)
    {
        _shard.Say(new ShardInput.StopIntake(id));
        return _shard.Effects.SingleOrDefault(effect => effect.Kind == ShardEffectKind.Copied).Copies;
    }
}
