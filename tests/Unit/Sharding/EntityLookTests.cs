using System.Text;
using AkkaScale.Entities;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Handoff;
using AkkaScale.LegacySharding.Regions;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

/// <summary>What an operator sees of an entity in memory, and how it is taken out.</summary>
public sealed class EntityLookTests
{
    private static readonly EntityKey Key = new("counter", ShardConversation.Id);

    [Fact]
    public void Memory_that_ran_ahead_of_the_journal_is_not_shown()
    {
        var shard = new ShardConversation();
        Assert.Equal(EntityLook.NotThere, ResidentList.Look(shard.State, Key));
        shard.Ask(new Add(2));
        Assert.Equal((true, null), Seen(shard));
        shard.Recover();
        Assert.Equal((true, null), Seen(shard));

        shard.AllDurable();
        Assert.Equal((true, "{\"value\":2}"), Seen(shard));
        Assert.Equal(1, ResidentList.Look(shard.State, Key).Version);

        shard.Ask(new Add(3));
        Assert.Equal((true, null), Seen(shard));
        shard.AllDurable();
        Assert.Equal((true, "{\"value\":5}"), Seen(shard));
    }

    [Fact]
    public void An_entity_that_was_asked_for_and_has_no_events_has_no_state()
    {
        var shard = new ShardConversation();
        shard.Ask(new Get());
        shard.Recover();
        Assert.Equal((true, null), Seen(shard));
    }

    [Fact]
    public void A_quiet_entity_leaves_and_one_that_owes_an_answer_stays()
    {
        var shard = new ShardConversation();
        Assert.Equal(PassivateOutcome.NotResident, ResidentList.Passivate(shard.State, Key));
        shard.Ask(new Add(2));
        Assert.Equal(PassivateOutcome.Busy, ResidentList.Passivate(shard.State, Key));
        shard.Recover();
        Assert.Equal(PassivateOutcome.Busy, ResidentList.Passivate(shard.State, Key));
        shard.AllDurable();
        Assert.Equal(PassivateOutcome.Passivated, ResidentList.Passivate(shard.State, Key));
        Assert.Empty(shard.State.Entities);
        Assert.Null(shard.State.MostRecent);

        // It comes back from the journal.
        var again = shard.Ask(new Get());
        shard.Recover(value: 2, version: 1);
        Assert.Equal("{\"value\":2}", again.Body);
    }

    [Fact]
    public void Nothing_leaves_while_the_shard_is_handed_off()
    {
        var shard = new ShardConversation();
        shard.Ask(new Add(2));
        shard.Recover();
        shard.AllDurable();
        shard.Say(new ShardInput.StopIntake("h-1"));
        Assert.Equal(PassivateOutcome.Busy, ResidentList.Passivate(shard.State, Key));
        shard.Say(new ShardInput.Resume("h-1"));
        Assert.Equal(PassivateOutcome.Passivated, ResidentList.Passivate(shard.State, Key));
    }

    [Fact]
    public void The_expected_pause_is_the_median_of_handoffs_of_like_size()
    {
        Assert.Null(HandoffPauses.Expect([], 100));
        var pauses = new HandoffPauses();
        for (var number = 0; number < 300; number++)
        {
            // The last 256 are kept: of the small ones 128, of 10 ms, and of the large ones 128, of 90 ms.
            pauses.Add(new HandoffPause(number % 2 == 0 ? 3 : 5_000, TimeSpan.FromMilliseconds(number % 2 == 0 ? 10 : 90)));
        }

        Assert.Equal(256, pauses.Last().Count);
        Assert.Equal(TimeSpan.FromMilliseconds(10), HandoffPauses.Expect(pauses.Last(), 0));
        Assert.Equal(TimeSpan.FromMilliseconds(90), HandoffPauses.Expect(pauses.Last(), 2_000));
    }

    private static (bool IsResident, string? State) Seen(ShardConversation shard)
    {
        var look = ResidentList.Look(shard.State, Key);
        return (look.IsResident, look.State is { } state ? Encoding.UTF8.GetString(state) : null);
    }
}
