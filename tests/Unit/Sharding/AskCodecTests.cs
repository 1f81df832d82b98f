using System.Buffers;
using AkkaScale.Entities;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacySharding.Entities;
using AkkaScale.LegacySharding.Regions;
using AkkaScale.LegacySharding.Shards;

namespace AkkaScale.Tests.Unit.Sharding;

public sealed class AskCodecTests
{
    private static readonly Guid CommandId = new("00112233-4455-6677-8899-aabbccddeeff");

    [Fact]
    public void A_full_ask_survives_the_wire()
    {
        var ask = Ask(new Add(3), precondition: new Refusal("project/archived", "No."));
        var received = AskCodec.ReadAsk(Bytes(output => AskCodec.WriteAsk(output, 42, TimeSpan.FromMilliseconds(1_500), ask)));

        Assert.Equal(42, received.Correlation);
        Assert.Equal(TimeSpan.FromMilliseconds(1_500), received.Remaining);
        Assert.Equal((2, true, false), (received.Attempt, received.IsClientKey, received.IsRead));
        Assert.Equal((CommandId, 17L), (received.CommandId, received.ExpectedVersion!.Value));
        Assert.Equal(new PayloadHash(1, 2, 3, 4), received.Hash);
        Assert.Equal(("Zoë", new EntityKey("counter", "c-1")), (received.ActingUser, received.Entity));
        Assert.Equal(new Refusal("project/archived", "No."), received.Precondition);
        Assert.Equal(new Add(3), CounterKind.Create().As<IEntityKind>().ReadCommand(received.Command));
    }

    [Fact]
    public void A_confirmed_read_says_so_in_the_last_flag_and_is_no_command()
    {
        var read = new ShardInput.Ask(new EntityKey("counter", "c-1"), CounterKind.Create(), new Get(), CommandId, 0, new ShardConversation.Caller())
        {
            IsRead = true,
            IsConfirmed = true,
        };
        const string start = "000000000000002A" + "000005DC" + "0000";
        var rest = "00112233445566778899AABBCCDDEEFF" + "0000" + "0007636F756E746572" + "0003632D31" + Convert.ToHexString("{\"$type\":\"get\"}"u8);
        Assert.Equal(start + "22" + rest, Hex(output => AskCodec.WriteAsk(output, 42, TimeSpan.FromMilliseconds(1_500), read)));

        Assert.Equal((true, true), Flags("22"));
        Assert.Equal((true, false), Flags("02"));
        Assert.Throws<FrameFormatException>(() => Flags("20"));

        (bool, bool) Flags(string flags)
        {
            var received = AskCodec.ReadAsk(new ReadOnlySequence<byte>(Convert.FromHexString(start + flags + rest)));
            return (received.IsRead, received.IsConfirmed);
        }
    }

    /// <summary>Nodes of two releases talk to each other: a change of these bytes needs a new frame type or a new version of the protocol.</summary>
    [Fact]
    public void Golden_bytes_of_an_ask() => Assert.Equal(
        "000000000000002A" + "000005DC" + "0002" + "0D" + "00112233445566778899AABBCCDDEEFF" + "0000000000000011"
            + "0000000000000001000000000000000200000000000000030000000000000004" + "00045A6FC3AB" + "0007636F756E746572" + "0003632D31"
            + Convert.ToHexString("{\"$type\":\"add\",\"amount\":3}"u8),
        Hex(output => AskCodec.WriteAsk(output, 42, TimeSpan.FromMilliseconds(1_500), Ask(new Add(3), null))));

    [Fact]
    public void Golden_bytes_of_replies()
    {
        var reply = new EntityReply(ReplyStatus.Refused, "a/b", "no", 5, false, true, null);
        Assert.Equal(
            "000000000000002A" + "00" + "02" + "02" + "0000000000000005" + "0003612F62" + "00026E6F",
            Hex(output => AskCodec.WriteReply(output, 42, AskOutcome.Answered(reply), 0)));
        Assert.Equal(
            "000000000000002A" + "01" + "0000000000000009",
            Hex(output => AskCodec.WriteReply(output, 42, AskOutcome.NotOwner, 9)));
        Assert.Equal(
            "000000000000002A" + "03" + "000466756C6C",
            Hex(output => AskCodec.WriteReply(output, 42, AskOutcome.Overloaded("full"), 9)));
    }

    [Fact]
    public void A_reply_with_a_state_survives_the_wire()
    {
        var kind = CounterKind.Create();
        var reply = new EntityReply(ReplyStatus.Accepted, "", "", 8, true, false, new StateBody(kind, new Counter(4), "c-1", 8));
        var received = AskCodec.ReadReply(Bytes(output => AskCodec.WriteReply(output, 1, AskOutcome.Answered(reply), 0)));

        Assert.Equal((8, true, false), (received.Outcome.Reply!.Version, received.Outcome.Reply.Created, received.Outcome.Reply.Replayed));
        Assert.Equal("{\"value\":4}", System.Text.Encoding.UTF8.GetString(Bytes(received.Outcome.Reply.Body!.WriteTo).ToArray()));
    }

    [Fact]
    public void Every_truncation_of_an_ask_is_a_format_error_or_lacks_its_command()
    {
        var whole = Bytes(output => AskCodec.WriteAsk(output, 42, TimeSpan.FromSeconds(1), Ask(new Add(3), null)));
        var header = whole.Length - "{\"$type\":\"add\",\"amount\":3}".Length;
        for (var length = 0; length < header; length++)
        {
            Assert.Throws<FrameFormatException>(() => AskCodec.ReadAsk(whole.Slice(0, length)));
        }
    }

    [Theory]
    [InlineData("000000000000002A" + "09")]
    [InlineData("000000000000002A" + "00" + "08" + "00" + "0000000000000005" + "0000" + "0000")]
    [InlineData("000000000000002A")]
    public void An_unknown_or_truncated_reply_is_a_format_error(string hex) =>
        Assert.Throws<FrameFormatException>(() => AskCodec.ReadReply(new ReadOnlySequence<byte>(Convert.FromHexString(hex))));

    private static ShardInput.Ask Ask(CounterCommand command, Refusal? precondition) =>
        new(new EntityKey("counter", "c-1"), CounterKind.Create(), command, CommandId, 0, new ShardConversation.Caller())
        {
            Attempt = 2,
            IsClientKey = true,
            ExpectedVersion = 17,
            Hash = new PayloadHash(1, 2, 3, 4),
            ActingUser = "Zoë",
            Precondition = precondition,
        };

    private static ReadOnlySequence<byte> Bytes(Action<IBufferWriter<byte>> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        write(buffer);
        return new ReadOnlySequence<byte>(buffer.WrittenMemory);
    }

    private static string Hex(Action<IBufferWriter<byte>> write) => Convert.ToHexString(Bytes(write).ToArray());
}

internal static class Casting
{
    public static T As<T>(this T value) => value;
}
