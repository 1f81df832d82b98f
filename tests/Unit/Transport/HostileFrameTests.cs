using AkkaScale.LegacyCluster.Transport;
using AkkaScale.TestKit;
using Xunit;

namespace AkkaScale.Tests.Unit.Transport;

public sealed class HostileFrameTests
{
    private const string Broken = "akkascale.transport.protocol_errors";
    private const ulong First = 2;

    public static TheoryData<string, byte[], string> BadFrames => new()
    {
        { "length -1", [.. BitConverter.GetBytes(-1), 0x10], "length_too_large" },
        { "length 2^31", [.. BitConverter.GetBytes(0x80000000u), 0x10], "length_too_large" },
        { "length over the bound", BitConverter.GetBytes((4 * 1024 * 1024) + 1), "length_too_large" },
        { "length 0", BitConverter.GetBytes(0), "length_too_small" },
        { "length below a header", BitConverter.GetBytes(12), "length_too_small" },
        { "unknown type", HostilePeer.Frame(0xEE, First, []), "unknown_type" },
        { "type zero", HostilePeer.Frame(0, First, []), "unknown_type" },
        { "handshake again", HostilePeer.Frame(1, First, []), "unexpected_type" },
        { "sequence repeated", HostilePeer.Frame(0x10, First - 1, []), "out_of_sequence" },
        { "sequence skipped", HostilePeer.Frame(0x10, First + 1, []), "out_of_sequence" },
        { "sequence at its end", HostilePeer.Frame(0x10, ulong.MaxValue, []), "out_of_sequence" },
        { "garbage", "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray(), "length_too_large" },
    };

    [Theory]
    [MemberData(nameof(BadFrames))]
    public async Task A_bad_frame_closes_its_connection_and_is_counted(string what, byte[] bytes, string reason)
    {
        await using var node = await TestNode.StartAsync();
        using var peer = await HostilePeer.AuthenticatedAsync(node);

        await peer.SendRawAsync(bytes);

        await peer.ShouldBeClosedAsync();
        await node.ShouldCountAsync(Broken, reason);
        Assert.Empty(node.Receiver.Frames);
        Assert.True(
            node.Log.Lines.Count(line => line.Contains(reason) && line.Contains(peer.Incarnation.ToString())) == 1, $"{what} is not in the log once");
    }

    [Theory]
    [MemberData(nameof(BadFrames))]
    public async Task A_bad_frame_before_the_handshake_gets_the_same(string what, byte[] bytes, string reason)
    {
        // Without a handshake the first sequence number is 0, so all of them are wrong here.
        var expected = reason is "unexpected_type" ? "out_of_sequence" : reason;
        await using var node = await TestNode.StartAsync();
        using var peer = await HostilePeer.ConnectAsync(node.Port);

        await peer.SendRawAsync(bytes);

        await peer.ShouldBeClosedAsync();
        await node.ShouldCountAsync(Broken, expected);
        Assert.True(node.Counted("akkascale.transport.handshakes.refused", "broken") == 1, $"{what} was not counted as a refused handshake");
    }

    [Fact]
    public async Task Frames_before_the_bad_one_count_and_those_after_it_do_not()
    {
        await using var node = await TestNode.StartAsync();
        using var peer = await HostilePeer.AuthenticatedAsync(node);

        await peer.SendRawAsync([
            .. HostilePeer.Frame(0x10, First, "good"u8.ToArray()),
            .. HostilePeer.Frame(0x10, First, "bad"u8.ToArray()),
            .. HostilePeer.Frame(0x10, First + 1, "late"u8.ToArray()),
        ]);

        await peer.ShouldBeClosedAsync();
        await Eventually.TrueAsync(() => !node.Receiver.Frames.IsEmpty, "the good frame did not arrive");
        Assert.Equal("good", Assert.Single(node.Receiver.Frames).Text);
    }

    [Fact]
    public async Task A_frame_that_ends_early_is_counted_and_not_delivered()
    {
        await using var node = await TestNode.StartAsync();
        using var peer = await HostilePeer.AuthenticatedAsync(node);

        await peer.SendRawAsync(HostilePeer.Frame(0x10, First, new byte[100])[..80]);
        peer.FinishSending();

        await peer.ShouldBeClosedAsync();
        await node.ShouldCountAsync(Broken, "truncated");
        Assert.Empty(node.Receiver.Frames);
    }

    [Fact]
    public async Task A_frame_in_single_bytes_arrives_whole()
    {
        await using var node = await TestNode.StartAsync();
        using var peer = await HostilePeer.AuthenticatedAsync(node);

        foreach (var single in HostilePeer.Frame(0x10, First, "piece by piece"u8.ToArray()))
        {
            await peer.SendRawAsync([single]);
        }

        await Eventually.TrueAsync(() => node.Receiver.Frames.Count == 1, "the frame did not arrive");
        Assert.Equal((peer.Incarnation, FrameType.Ask, "piece by piece"), node.Receiver.Frames.Single());
    }

    [Fact]
    public async Task A_payload_the_receiver_cannot_read_closes_the_connection()
    {
        await using var node = await TestNode.StartAsync();
        node.Receiver.WhenFrame = (_, _, _) => throw new FrameFormatException("no \u001b such kind");
        using var peer = await HostilePeer.AuthenticatedAsync(node);

        await peer.SendAsync(0x10, [1]);

        await peer.ShouldBeClosedAsync();
        await node.ShouldCountAsync(Broken, "malformed_payload");
        Assert.Contains(node.Log.Lines, line => line.Contains("such kind") && !line.Contains('\u001b'));
    }
}
