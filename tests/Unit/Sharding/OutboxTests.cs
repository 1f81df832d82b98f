using AkkaScale.Sharding;
using AkkaScale.Entities;
using AkkaScale.Sharding.Entities;
using AkkaScale.Sharding.Outbox;
using AkkaScale.Sharding.Ports;
using AkkaScale.Sharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class OutboxTests
{
    private static readonly EntityKey Home = new(RelayKind.Name, "home");

    [Fact]
    public void Messages_are_written_with_their_events_and_sent_when_they_are_durable()
    {
        var shard = new RelayConversation();
        shard.Order("r", "q");
        var written = Assert.Single(shard.Writes).Messages;
        Assert.Equal([65_536, 131_072], written.Select(message => message.Nr));
        Assert.Equal(["r", "q"], written.Select(message => message.Receiver.Id));
        Assert.All(written, message => Assert.Equal((Home, "ann"), (message.Sender, message.ActingUser)));
        Assert.Equal("{\"$type\":\"take\",\"sender\":\"home\",\"number\":1}", System.Text.Encoding.UTF8.GetString(written[0].Command.Span));
        Assert.True(shard.Writes[0].Bytes > written.Sum(message => message.Command.Length));
        Assert.Empty(shard.Sent);

        shard.AllDurable();
        Assert.Equal(written, shard.Sent.Select(send => send.Message));
    }

    [Fact]
    public void Messages_that_were_never_durable_are_not_sent()
    {
        var shard = new RelayConversation();
        shard.Order("r");
        shard.Fail(SliceStatus.Unavailable);
        shard.Tick(100);
        Assert.Empty(shard.Sent);
    }

    [Fact]
    public void One_receiver_gets_one_message_at_a_time_in_order_and_others_do_not_wait()
    {
        var shard = new RelayConversation();
        shard.Order("r", "r", "q");
        shard.AllDurable();
        Assert.Equal([("r", 65_536), ("q", 3 * 65_536)], Sent(shard));
        shard.Answer(shard.Sent[0]);
        Assert.Equal([("q", 3 * 65_536), ("r", 2 * 65_536)], Sent(shard));
    }

    [Fact]
    public void What_is_not_delivered_is_tried_again_after_a_while_that_grows_and_others_go_on()
    {
        var shard = new RelayConversation();
        shard.Order("r", "r", "q", "q");
        shard.AllDurable();
        shard.Answer(shard.Sent[0], isDelivered: false);
        shard.Answer(shard.Sent[0]);
        Assert.Equal([("q", 4 * 65_536)], Sent(shard));
        shard.Tick();
        Assert.Single(shard.Sent);
        shard.Tick(1);
        Assert.Equal(("r", 65_536), Sent(shard)[^1]);

        shard.Answer(shard.Sent[^1], isDelivered: false);
        shard.Tick(1);
        Assert.Single(shard.Sent);
        shard.Tick(1);
        Assert.Equal(("r", 65_536), Sent(shard)[^1]);
        shard.Answer(shard.Sent[^1]);
        Assert.Equal(("r", 2 * 65_536), Sent(shard)[^1]);
    }

    [Fact]
    public void Acknowledged_messages_are_settled_once_for_many()
    {
        var shard = new RelayConversation();
        shard.Order([.. Enumerable.Repeat("r", 40)]);
        shard.AllDurable();
        while (shard.Sent.Count > 0)
        {
            shard.Answer(shard.Sent[0]);
        }

        Assert.Equal([32 * 65_536, 40 * 65_536], shard.Settlements.Select(settled => settled.Nr));
        Assert.All(shard.Settlements, settled => Assert.Equal((Home, "r", false), (settled.Sender, settled.Receiver.Id, settled.IsClosed)));
        Assert.Equal((0, 0), (shard.State.Outbox.Channels.Count, shard.State.Outbox.Messages));
    }

    [Fact]
    public void A_settlement_that_was_not_written_is_written_again()
    {
        var shard = new RelayConversation();
        shard.Order("r");
        shard.AllDurable();
        shard.Answer(shard.Sent[0]);
        shard.Fail(SliceStatus.Unavailable);
        shard.Tick();
        Assert.Equal(2, shard.Settlements.Count());
        Assert.Equal(shard.Settlements.First(), shard.Settlements.Last());
        shard.AllDurable();
        shard.Tick(100);
        Assert.Equal(2, shard.Settlements.Count());
    }

    [Fact]
    public void The_next_owner_sends_what_the_store_still_holds()
    {
        var letters = new[] { RelayConversation.Letter("home", "r", 1, 10), RelayConversation.Letter("home", "r", 2, 11) };
        var shard = new RelayConversation(left: letters);
        Assert.Equal([null], shard.Reads);
        Assert.Equal([("r", 10)], Sent(shard));
        shard.Answer(shard.Sent[0]);
        Assert.Equal([("r", 11)], Sent(shard));
    }

    [Fact]
    public void Nothing_is_sent_from_memory_before_the_store_was_read_or_it_would_overtake()
    {
        var shard = new RelayConversation();
        shard.Restart();
        shard.Order("r");
        shard.AllDurable();
        Assert.Empty(shard.Sent);
        shard.Say(new ShardInput.OutboxRead([RelayConversation.Letter("home", "r", 1, 10)], null));
        Assert.Equal([("r", 10)], Sent(shard));
        shard.Answer(shard.Sent[0]);
        Assert.Equal([("r", 65_536)], Sent(shard));
    }

    [Fact]
    public void A_store_that_cannot_be_read_is_read_again()
    {
        var shard = new RelayConversation();
        shard.Restart();
        shard.Say(new ShardInput.OutboxRead([], "away"));
        Assert.Equal(2, shard.Reads.Count);
        shard.Tick(1);
        Assert.Equal([null, null, null], shard.Reads);
    }

    [Fact]
    public void What_finds_no_room_in_memory_is_read_back_in_order()
    {
        var shard = new RelayConversation(new ShardingOptions { OutboxBuffer = 4, OutboxPage = 2 });
        shard.Order([.. Enumerable.Repeat("r", 6)]);
        shard.AllDurable();
        Assert.Equal((4, false), (shard.State.Outbox.Messages, shard.State.Outbox.IsComplete));
        Assert.Single(shard.Reads);
        var stored = shard.Writes[0].Messages;

        shard.Answer(shard.Sent[0]);
        shard.Answer(shard.Sent[0]);
        Assert.Equal([null, null], shard.Reads);

        // The page was read before the second was acknowledged, and holds what memory has: only what is new is taken.
        shard.Say(new ShardInput.OutboxRead([stored[1], stored[2]], null));
        shard.Say(new ShardInput.OutboxRead([stored[3], stored[4]], null));
        shard.Answer(shard.Sent[0]);
        shard.Say(new ShardInput.OutboxRead([stored[5]], null));
        Assert.True(shard.State.Outbox.IsComplete);
        var order = new List<long>();
        while (shard.Sent.Count > 0)
        {
            order.Add(shard.Sent[0].Message.Nr);
            shard.Answer(shard.Sent[0]);
        }

        Assert.Equal(stored.Skip(3).Select(message => message.Nr), order);
    }

    [Fact]
    public void Receivers_that_do_not_answer_make_room_for_those_that_may()
    {
        var shard = new RelayConversation(new ShardingOptions { OutboxBuffer = 2, OutboxPage = 2 });
        shard.Order("a", "b", "r");
        shard.AllDurable();
        var stored = shard.Writes[0].Messages;
        shard.Answer(shard.Sent[0], isDelivered: false);
        shard.Answer(shard.Sent[0], isDelivered: false);
        shard.Tick();
        Assert.Empty(shard.State.Outbox.Channels);

        shard.Say(new ShardInput.OutboxRead([stored[0], stored[1]], null));
        Assert.Equal(["a", "b"], Sent(shard).Select(sent => sent.Receiver));
        shard.Answer(shard.Sent[0], isDelivered: false);
        shard.Answer(shard.Sent[0], isDelivered: false);
        shard.Tick();
        shard.Say(new ShardInput.OutboxRead([stored[2]], null));
        Assert.Equal([("r", 3 * 65_536)], Sent(shard));

        // What was put out comes back with a later pass.
        var reads = shard.Reads.Count;
        shard.Tick(4);
        Assert.Equal(reads, shard.Reads.Count);
        shard.Answer(shard.Sent[0]);
        shard.Tick(1);
        Assert.Null(shard.Reads[^1]);
        Assert.Equal(reads + 1, shard.Reads.Count);
    }

    [Fact]
    public void Deliveries_at_the_same_time_are_bounded()
    {
        var shard = new RelayConversation(new ShardingOptions { OutboxInFlight = 2 });
        shard.Order("a", "b", "c", "d");
        shard.AllDurable();
        Assert.Equal(["a", "b"], Sent(shard).Select(sent => sent.Receiver));
        shard.Answer(shard.Sent[1]);
        Assert.Equal(["a", "c"], Sent(shard).Select(sent => sent.Receiver));
    }

    [Fact]
    public void A_command_that_sends_more_than_is_allowed_is_refused()
    {
        var shard = new RelayConversation(new ShardingOptions { MessagesPerCommand = 2 });
        var told = shard.Order("a", "b", "c");
        Assert.Equal((ReplyStatus.Refused, "entity/too-many-messages"), (told.Reply.Status, told.Reply.Code));
        Assert.Empty(shard.Writes);
        shard.Order("a", "b");
        Assert.Single(shard.Writes);
    }

    [Fact]
    public void A_message_to_a_kind_that_is_not_there_fails_the_command()
    {
        var kind = EntityKind.Define<Counter, CounterCommand, CounterEvent>(
            "lost", new Counter(0), (_, _) => new Added(1), (state, _) => state);
        kind.Messages = (_, _, _) => [new EntityMessage("nowhere", "x", new Add(1))];
        _ = new EntityKindRegistry([kind]);
        var fault = Assert.Throws<InvalidOperationException>(
            () => kind.Decide(new Counter(0), new Add(1), new CommandContext("a", 0, "", DateTimeOffset.UnixEpoch)));
        Assert.Contains("nowhere", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_idle_channel_is_closed_at_the_receiver_then_in_the_store()
    {
        var shard = new RelayConversation();
        var idle = new OutboxSettlement(Home, new EntityKey(RelayKind.Name, "r"), 65_536, false);
        shard.Say(new ShardInput.ChannelIdle(idle));
        Assert.True(Assert.Single(shard.Sent) is { IsClose: true, Message.Nr: 65_536 });
        Assert.Empty(shard.Settlements);
        shard.Answer(shard.Sent[0]);
        Assert.Equal(idle with { IsClosed = true }, Assert.Single(shard.Settlements));
        Assert.Empty(shard.State.Outbox.Channels);
    }

    [Fact]
    public void A_close_without_an_answer_is_left_to_a_later_round()
    {
        var shard = new RelayConversation();
        shard.Say(new ShardInput.ChannelIdle(new OutboxSettlement(Home, new EntityKey(RelayKind.Name, "r"), 65_536, false)));
        shard.Answer(shard.Sent[0], isDelivered: false);
        Assert.Empty(shard.Settlements);
        Assert.Empty(shard.State.Outbox.Channels);
    }

    [Fact]
    public void A_channel_with_something_to_send_is_not_closed_and_what_comes_meanwhile_waits_for_the_close()
    {
        var shard = new RelayConversation();
        var idle = new OutboxSettlement(Home, new EntityKey(RelayKind.Name, "r"), 1, false);
        shard.Order("r");
        shard.AllDurable();
        shard.Say(new ShardInput.ChannelIdle(idle));
        Assert.False(Assert.Single(shard.Sent).IsClose);
        shard.Answer(shard.Sent[0]);

        shard.Say(new ShardInput.ChannelIdle(idle with { Nr = 65_536 }));
        shard.Order("r");
        shard.AllDurable();
        Assert.True(Assert.Single(shard.Sent).IsClose);
        shard.Answer(shard.Sent[0]);
        Assert.Equal([("r", 2 * 65_536)], Sent(shard));
    }

    [Fact]
    public void A_shard_that_is_held_for_a_handoff_sends_and_writes_nothing_but_takes_notice_and_goes_on_if_it_may()
    {
        var shard = new RelayConversation();
        shard.Order("r", "r");
        shard.AllDurable();
        shard.Order("q");
        shard.Say(new ShardInput.StopIntake("h-1"));
        shard.AllDurable();
        shard.Answer(shard.Sent[0]);
        shard.Tick(10);
        Assert.Empty(shard.Sent);
        Assert.Empty(shard.Settlements);

        shard.Say(new ShardInput.Resume("h-1"));
        shard.Tick();
        Assert.Equal([("q", 3 * 65_536), ("r", 2 * 65_536)], Sent(shard));
    }

    [Fact]
    public void A_shard_that_arrives_warm_reads_what_its_entities_have_to_send()
    {
        var shard = new RelayConversation();
        shard.Restart(warm: true);
        Assert.Equal([null, null], shard.Reads);
    }

    [Fact]
    public void A_draining_shard_sends_nothing_more()
    {
        var shard = new RelayConversation();
        shard.Order("r", "r");
        shard.AllDurable();
        shard.Order("q");
        shard.Say(new ShardInput.Drain());
        shard.Answer(shard.Sent[0]);
        shard.AllDurable();
        Assert.Empty(shard.Sent);
        Assert.Contains(shard.Effects, effect => effect.Kind == ShardEffectKind.Drained);
    }

    private static List<(string Receiver, long Nr)> Sent(RelayConversation shard) =>
        [.. shard.Sent.Select(send => (send.Message.Receiver.Id, send.Message.Nr))];
}
