using AkkaScale.Sharding;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class InboxTests
{
    private static readonly MessageOrigin First = new(RelayConversation.Elsewhere, 65_536);

    [Fact]
    public void A_message_takes_effect_and_is_acknowledged_once_it_is_durable()
    {
        var shard = new RelayConversation();
        var told = shard.Deliver(1, 65_536);
        Assert.True(told.IsWaiting);
        shard.AllDurable();

        Assert.Equal((ReplyStatus.Accepted, "", 1L), (told.Reply.Status, told.Reply.Code, told.Reply.Version));
        var row = Assert.Single(shard.Journal);
        Assert.Equal(("taken", First, true), (row.EventType, row.Origin, row.Answer.IsEmpty));
    }

    [Fact]
    public void A_copy_has_no_effect_nor_has_anything_below_the_highest_number()
    {
        var shard = new RelayConversation();
        shard.Deliver(1, 65_536);
        shard.Deliver(2, 200_000);
        shard.AllDurable();

        foreach (var nr in new[] { 65_536L, 65_537, 200_000 })
        {
            Assert.True(shard.Deliver(3, nr).Reply is { IsSuccess: true, Replayed: true, Version: 2 });
        }

        Assert.Equal(2, shard.Writes.Count);
        shard.Deliver(3, 200_001);
        Assert.Equal(3, shard.Writes.Count);
    }

    [Fact]
    public void A_copy_of_a_message_that_is_being_written_waits_for_the_same_outcome()
    {
        var shard = new RelayConversation();
        var (first, copy) = (shard.Deliver(1, 65_536), shard.Deliver(1, 65_536));
        Assert.Single(shard.Writes);
        Assert.True(copy.IsWaiting);
        shard.Fail(SliceStatus.Unavailable);
        Assert.Equal((AskOutcomeKind.StoreUnavailable, AskOutcomeKind.StoreUnavailable), (first.Outcome!.Value.Kind, copy.Outcome!.Value.Kind));

        var (again, copyAgain) = (shard.Deliver(1, 65_536), shard.Deliver(1, 65_536));
        shard.AllDurable();
        Assert.True(again.Reply.IsSuccess && copyAgain.Reply.IsSuccess);
        Assert.Single(shard.Journal);
    }

    [Theory]
    [InlineData(7, "relay/seven")]
    [InlineData(5, "")]
    public void What_is_refused_or_changes_nothing_is_accepted_by_an_event_of_the_engine(int number, string code)
    {
        var shard = new RelayConversation();
        var told = shard.Deliver(number, 65_536);
        Assert.True(told.IsWaiting);
        shard.AllDurable();
        Assert.Equal((true, code, 1L), (told.Reply.IsSuccess, told.Reply.Code, told.Reply.Version));
        var row = Assert.Single(shard.Journal);
        Assert.Equal((EngineEvents.Message, First), (row.EventType, row.Origin));
        Assert.Equal("{}"u8, row.Payload.Span);

        shard.Deliver(number, 65_536);
        shard.Restart();
        Assert.True(shard.Deliver(number, 65_536).Reply.Replayed);
        Assert.Single(shard.Journal);
    }

    [Fact]
    public void A_fault_of_the_code_accepts_nothing_and_the_message_may_come_again()
    {
        var shard = new RelayConversation();
        shard.Relay.Fails = _ => true;
        var told = shard.Deliver(1, 65_536);
        Assert.Equal((false, "entity/failed"), (told.Reply.IsSuccess, told.Reply.Code));
        Assert.Empty(shard.Writes);

        shard.Relay.Fails = _ => false;
        shard.Deliver(1, 65_536);
        Assert.Equal("taken", Assert.Single(shard.Writes).Events.Single().EventType);
    }

    [Fact]
    public void What_the_engine_does_not_allow_accepts_nothing()
    {
        var shard = new RelayConversation(new ShardingOptions { EventBytes = 8 });
        var told = shard.Deliver(1, 65_536);
        Assert.Equal((false, "request/too-large"), (told.Reply.IsSuccess, told.Reply.Code));
        Assert.Empty(shard.Writes);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1)]
    public void A_copy_is_known_after_the_entity_was_read_back_from_events_or_from_a_snapshot(int snapshotEvery)
    {
        var shard = new RelayConversation(snapshotEvery: snapshotEvery);
        foreach (var number in new[] { 1, 5, 7, 8 })
        {
            shard.Deliver(number, number * 65_536L);
        }

        shard.AllDurable();
        Assert.Equal(snapshotEvery == 1, shard.Writes.Any(write => write.Snapshot is { EngineState.IsEmpty: false }));
        shard.Restart();
        var copy = shard.Deliver(8, 8 * 65_536);
        Assert.True(copy.Reply is { IsSuccess: true, Replayed: true, Version: 4 });
        shard.Deliver(9, 9 * 65_536);
        shard.AllDurable();
        Assert.Equal((5, "taken"), (shard.Journal[^1].SequenceNr, shard.Journal[^1].EventType));
    }

    [Fact]
    public void Messages_do_not_push_ids_of_clients_out_of_memory()
    {
        var shard = new RelayConversation(new ShardingOptions { RememberedCommands = 1 });
        shard.Order("r");
        shard.AllDurable();
        for (var number = 1; number < 4; number++)
        {
            shard.Deliver(number, number * 65_536L);
        }

        shard.AllDurable();
        var home = shard.State.Entities[new EntityKey(RelayKind.Name, "home")];
        Assert.Equal((1, false), (home.Memory.Count, home.Memory.IsTruncated));
    }

    [Fact]
    public void The_end_of_a_channel_closes_it_and_the_sender_is_forgotten()
    {
        var shard = new RelayConversation();
        shard.Deliver(1, 65_536);
        shard.AllDurable();
        var closed = shard.Close(65_536);
        Assert.True(closed.IsWaiting);
        shard.AllDurable();

        Assert.True(closed.Reply.IsSuccess);
        Assert.Equal((EngineEvents.Closed, First), (shard.Journal[^1].EventType, shard.Journal[^1].Origin));
        Assert.True(shard.State.Entities.Values.Single().Engine.Inbox.IsEmpty);
        Assert.True(shard.Close(65_536).Reply.Replayed);
        shard.Restart();
        Assert.True(shard.Close(65_536).Reply.Replayed);
        Assert.True(shard.State.Entities.Values.Single().Engine.Inbox.IsEmpty);
    }

    [Fact]
    public void A_close_of_an_older_end_forgets_nobody()
    {
        var shard = new RelayConversation();
        shard.Deliver(1, 65_536);
        shard.Deliver(2, 131_072);
        shard.AllDurable();
        Assert.True(shard.Close(65_536).Reply.IsSuccess);
        Assert.Equal(2, shard.Writes.Count);
        Assert.True(shard.Deliver(2, 131_072).Reply.Replayed);
    }

    [Fact]
    public void The_command_id_of_a_message_is_its_own()
    {
        var receiver = new EntityKey("relay", "r");
        var id = new MessageDelivery(RelayConversation.Elsewhere, 65_536, false).CommandId(receiver);
        Assert.Equal(8, id.Version);
        Assert.Equal(id, new MessageDelivery(RelayConversation.Elsewhere, 65_536, false).CommandId(receiver));
        Assert.NotEqual(id, new MessageDelivery(RelayConversation.Elsewhere, 65_537, false).CommandId(receiver));
        Assert.NotEqual(id, new MessageDelivery(RelayConversation.Elsewhere, 65_536, true).CommandId(receiver));
        Assert.NotEqual(id, new MessageDelivery(RelayConversation.Elsewhere, 65_536, false).CommandId(receiver with { Id = "q" }));
    }
}
