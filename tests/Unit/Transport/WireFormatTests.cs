using System.Buffers;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacyCluster.Transport.Handshake;
using Google.Protobuf;
using Xunit;

namespace AkkaScale.Tests.Unit.Transport;

/// <summary>
/// The bytes of the protocol. Nodes of different builds meet in one cluster: whoever has to change an expectation here has changed the protocol, and needs a
/// new version in the handshake.
/// </summary>
public sealed class WireFormatTests
{
    private const string Secret = "golden secret";
    private static readonly Incarnation Dialer = Incarnation.Parse("00112233445566778899aabbccddeeff");
    private static readonly Incarnation Listener = Incarnation.Parse("ffeeddccbbaa99887766554433221100");
    private static readonly byte[] DialerNonce = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];
    private static readonly byte[] ListenerNonce = [.. Enumerable.Range(100, 32).Select(i => (byte)i)];

    [Theory]
    [InlineData(FrameType.Hello, 0x01)]
    [InlineData(FrameType.Challenge, 0x02)]
    [InlineData(FrameType.Proof, 0x03)]
    [InlineData(FrameType.Welcome, 0x04)]
    [InlineData(FrameType.Refusal, 0x05)]
    [InlineData(FrameType.Ping, 0x06)]
    [InlineData(FrameType.Pong, 0x07)]
    [InlineData(FrameType.Ask, 0x10)]
    [InlineData(FrameType.Reply, 0x11)]
    [InlineData(FrameType.MapHint, 0x12)]
    [InlineData(FrameType.RegionStatsRequest, 0x13)]
    [InlineData(FrameType.RegionStats, 0x14)]
    [InlineData(FrameType.HandoffOffer, 0x20)]
    [InlineData(FrameType.HandoffAnswer, 0x21)]
    [InlineData(FrameType.HandoffChunk, 0x22)]
    [InlineData(FrameType.HandoffChunkAck, 0x23)]
    [InlineData(FrameType.HandoffManifest, 0x24)]
    [InlineData(FrameType.HandoffManifestAck, 0x25)]
    [InlineData(FrameType.HandoffAbort, 0x26)]
    [InlineData(FrameType.LoadReport, 0x30)]
    [InlineData(FrameType.PlanRequest, 0x31)]
    [InlineData(FrameType.Plan, 0x32)]
    public void A_header_is_length_type_and_sequence_number_little_endian(FrameType type, byte expected)
    {
        var bytes = new byte[FrameHeader.Size];
        new FrameHeader(0x00030201, type, 0x1122334455667788).Write(bytes);

        Assert.Equal($"01020300{expected:X2}8877665544332211", Convert.ToHexString(bytes));
    }

    [Fact]
    public void The_messages_of_a_handshake_are_these_bytes()
    {
        var dialer = new DialerHandshake(new HandshakeIdentity(Dialer, "golden", Secret), Listener, DialerNonce);
        var listener = new ListenerHandshake(new HandshakeIdentity(Listener, "golden", Secret), ListenerNonce, _ => false);

        var hello = dialer.Hello().ToByteArray();
        var challenge = listener.OnHello(new(hello), out _).ToByteArray();
        var proof = dialer.OnChallenge(new(challenge), out _).ToByteArray();
        Assert.Equal(new HandshakeResult.Authenticated(Dialer), listener.OnProof(new(proof), out var accepted));
        var welcome = accepted.ToByteArray();
        Assert.Equal(new HandshakeResult.Authenticated(Listener), dialer.OnWelcome(new(welcome)));

        Assert.Equal(
            [
                "Hello 08011206676F6C64656E1A1000112233445566778899AABBCCDDEEFF2210FFEEDDCCBBAA998877665544332211002A20000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F",
                "Challenge 0A206465666768696A6B6C6D6E6F707172737475767778797A7B7C7D7E7F80818283",
                "Proof 0A20DD635362C8FF41D101F0E354950E6BBCD6473BA361C31180D35980EF4511E4ED",
                "Welcome 0A206B448916A412A928D2D2C28DF25DBBBF30DFC1D195C41DA37FBF192A01D27276",
            ],
            [
                $"Hello {Convert.ToHexString(hello)}",
                $"Challenge {Convert.ToHexString(challenge)}",
                $"Proof {Convert.ToHexString(proof)}",
                $"Welcome {Convert.ToHexString(welcome)}",
            ]);
    }

    [Fact]
    public void Frames_are_found_however_the_bytes_are_cut()
    {
        byte[] stream = [.. HostilePeer.Frame(0x10, 0, [1, 2, 3]), .. HostilePeer.Frame(0x11, 1, []), .. HostilePeer.Frame(0x12, 2, [4])];
        for (var cut = 1; cut < stream.Length; cut++)
        {
            var first = new Piece(stream.AsMemory(0, cut));
            var buffer = new ReadOnlySequence<byte>(first, 0, first.Append(stream.AsMemory(cut)), stream.Length - cut);
            var parser = new FrameParser(1000);
            var found = new List<string>();
            while (parser.TryRead(ref buffer, out var type, out var payload, out var error))
            {
                Assert.Equal(ProtocolError.None, error);
                found.Add($"{type} {Convert.ToHexString(payload.ToArray())}");
            }

            Assert.Equal(["Ask 010203", "Reply ", "MapHint 04"], found);
            Assert.True(buffer.IsEmpty);
        }
    }

    [Fact]
    public void A_bad_length_is_seen_before_the_rest_of_the_header_is_there()
    {
        var buffer = new ReadOnlySequence<byte>(BitConverter.GetBytes(1001));

        Assert.False(new FrameParser(1000).TryRead(ref buffer, out _, out _, out var error));

        Assert.Equal(ProtocolError.LengthTooLarge, error);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(ReadOnlyMemory<byte> memory) => Memory = memory;

        public Piece Append(ReadOnlyMemory<byte> memory)
        {
            var next = new Piece(memory) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
