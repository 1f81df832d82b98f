using System.Net;
using System.Net.Sockets;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacyCluster.Transport.Control;
using AkkaScale.TestKit;
using Google.Protobuf;
using Xunit;

namespace AkkaScale.Tests.Unit.Transport;

public sealed class HostileHandshakeTests
{
    private const string Refused = "akkascale.transport.handshakes.refused";
    private const string Broken = "akkascale.transport.protocol_errors";

    [Fact]
    public async Task A_member_with_another_secret_is_refused_and_told_so_once()
    {
        await using var left = await TestNode.StartAsync(secret: "another secret");
        await using var right = await TestNode.StartAsync();

        left.Network.UpdatePeers([right.Member()]);

        await Eventually.TrueAsync(() => right.Counted(Refused, "wrong_proof") >= 3, "the refusals were not counted");
        await left.ShouldCountAsync(Refused, "wrong_proof");
        Assert.False(left.Network.IsConnected(right.Self));
        Assert.Empty(left.Receiver.Events);
        Assert.Single(right.Log.Lines, line => line.Contains("wrong_proof"));
        Assert.Single(left.Log.Lines, line => line.Contains("wrong_proof"));
        Assert.DoesNotContain(right.Log.Lines.Concat(left.Log.Lines), line => line.Contains("secret of some") || line.Contains("another secret"));
    }

    [Fact]
    public async Task A_member_of_another_cluster_is_refused_by_name_although_it_knows_the_secret()
    {
        await using var left = await TestNode.StartAsync(clusterName: "other-cluster");
        await using var right = await TestNode.StartAsync();

        left.Network.UpdatePeers([right.Member()]);

        await left.ShouldCountAsync(Refused, "other_cluster");
        await right.ShouldCountAsync(Refused, "other_cluster");
        Assert.Contains(right.Log.Lines, line => line.Contains("other_cluster") && line.Contains("\"other-cluster\""));
        Assert.Empty(left.Receiver.Events);
    }

    [Fact]
    public async Task A_cluster_name_cannot_write_into_the_log()
    {
        await using var node = await TestNode.StartAsync();
        using var peer = await HostilePeer.ConnectAsync(node.Port);
        var hello = peer.HelloTo(node.Self);
        hello.ClusterName = "x\n\u001b[31mError: all is lost";

        await peer.SendAsync(1, hello);
        await peer.ReceiveAsync(5);

        await Eventually.TrueAsync(() => node.Log.Lines.Any(line => line.Contains("all is lost")), "the refusal was not logged");
        Assert.DoesNotContain(node.Log.Lines, line => line.Any(char.IsControl));
    }

    [Fact]
    public async Task Who_calls_an_earlier_incarnation_is_refused()
    {
        await using var left = await TestNode.StartAsync();
        await using var right = await TestNode.StartAsync();

        left.Network.UpdatePeers([TestNode.MemberAt(new Incarnation(Guid.NewGuid()), $"127.0.0.1:{right.Port}")]);

        await left.ShouldCountAsync(Refused, "other_incarnation");
        await right.ShouldCountAsync(Refused, "other_incarnation");
        Assert.Empty(left.Receiver.Events);
    }

    [Fact]
    public async Task An_incarnation_that_was_declared_down_is_refused_and_its_connection_closed()
    {
        await using var left = await TestNode.StartAsync();
        await using var right = await TestNode.StartAsync();
        await left.ConnectToAsync(right);

        right.Network.UpdatePeers([right.Member(), left.Member(MemberStatus.Down)]);

        await Eventually.TrueAsync(() => left.Receiver.Events.Contains($"disconnected {right.Self}"), "the connection was not closed");
        await left.ShouldCountAsync(Refused, "caller_gone");
        Assert.False(left.Network.IsConnected(right.Self));
    }

    /// <summary>Rows of dead members are cleared away; their processes may still run.</summary>
    [Fact]
    public async Task An_incarnation_whose_row_is_gone_is_refused_for_good()
    {
        await using var node = await TestNode.StartAsync();
        var old = TestNode.MemberAt(new Incarnation(Guid.NewGuid()), "127.0.0.1:1");
        node.Network.UpdatePeers([node.Member(), old]);
        node.Network.UpdatePeers([node.Member()]);
        node.Network.UpdatePeers([node.Member()]);
        using var ghost = await HostilePeer.ConnectAsync(node.Port, old.Incarnation);

        await ghost.SendAsync(1, ghost.HelloTo(node.Self));

        Assert.Equal(RefusalReason.CallerGone, Refusal.Parser.ParseFrom(await ghost.ReceiveAsync(5)).Reason);
        await ghost.ShouldBeClosedAsync();
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(2u)]
    [InlineData(uint.MaxValue)]
    public async Task Another_version_is_refused(uint version)
    {
        await using var node = await TestNode.StartAsync();
        using var peer = await HostilePeer.ConnectAsync(node.Port);
        var hello = peer.HelloTo(node.Self);
        hello.Version = version;

        await peer.SendAsync(1, hello);

        Assert.Equal(RefusalReason.UnsupportedVersion, Refusal.Parser.ParseFrom(await peer.ReceiveAsync(5)).Reason);
        await peer.ShouldBeClosedAsync();
        await node.ShouldCountAsync(Refused, "unsupported_version");
    }

    [Theory]
    [InlineData("direction")]
    [InlineData("cluster")]
    [InlineData("version")]
    [InlineData("nonce")]
    [InlineData("incarnation")]
    [InlineData("secret")]
    public async Task A_proof_over_anything_but_this_very_handshake_is_refused(string changed)
    {
        await using var node = await TestNode.StartAsync();
        using var peer = await HostilePeer.ConnectAsync(node.Port);
        var hello = peer.HelloTo(node.Self);
        await peer.SendAsync(1, hello);
        var challenge = Challenge.Parser.ParseFrom(await peer.ReceiveAsync(2));
        var proven = hello.Clone();
        switch (changed)
        {
            case "cluster":
                proven.ClusterName = "other-cluster";
                break;
            case "version":
                proven.Version = 2;
                break;
            case "nonce":
                challenge.Nonce = ByteString.CopyFrom(new byte[32]);
                break;
            case "incarnation":
                proven.FromIncarnation = proven.ToIncarnation;
                break;
        }

        var mac = HostilePeer.Mac((byte)(changed == "direction" ? 2 : 1), proven, challenge, changed == "secret" ? "" : TestNode.Secret);
        await peer.SendAsync(3, new Proof { Mac = ByteString.CopyFrom(mac) });

        Assert.Equal(RefusalReason.WrongProof, Refusal.Parser.ParseFrom(await peer.ReceiveAsync(5)).Reason);
        await peer.ShouldBeClosedAsync();
    }

    [Fact]
    public async Task A_recorded_handshake_is_worthless_the_second_time()
    {
        await using var node = await TestNode.StartAsync();
        using var first = await HostilePeer.ConnectAsync(node.Port);
        var hello = first.HelloTo(node.Self);
        await first.SendAsync(1, hello);
        var challenge = Challenge.Parser.ParseFrom(await first.ReceiveAsync(2));
        var proof = new Proof { Mac = ByteString.CopyFrom(HostilePeer.Mac(1, hello, challenge, TestNode.Secret)) };
        await first.SendAsync(3, proof);
        await first.ReceiveAsync(4);

        using var second = await HostilePeer.ConnectAsync(node.Port);
        await second.SendAsync(1, hello);
        Assert.NotEqual(challenge.Nonce, Challenge.Parser.ParseFrom(await second.ReceiveAsync(2)).Nonce);
        await second.SendAsync(3, proof);

        Assert.Equal(RefusalReason.WrongProof, Refusal.Parser.ParseFrom(await second.ReceiveAsync(5)).Reason);
        await first.SendAsync(0x10, "still here"u8.ToArray());
        await Eventually.TrueAsync(() => node.Receiver.Frames.Count == 1, "the true connection fell with the replay");
    }

    /// <summary>Somebody without the secret sits at a member's address and lets the caller answer its own challenges.</summary>
    [Fact]
    public async Task A_listener_that_reflects_the_caller_is_not_believed()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await using var node = await TestNode.StartAsync();
        var impostor = new Incarnation(Guid.NewGuid());
        node.Network.UpdatePeers([TestNode.MemberAt(impostor, $"127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}")]);

        using var peer = HostilePeer.Over(await listener.AcceptAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        var hello = Hello.Parser.ParseFrom(await peer.ReceiveAsync(1));
        await peer.SendAsync(2, new Challenge { Nonce = hello.Nonce });
        var proof = Proof.Parser.ParseFrom(await peer.ReceiveAsync(3));
        await peer.SendAsync(4, new Welcome { Mac = proof.Mac });

        await peer.ShouldBeClosedAsync();
        await node.ShouldCountAsync(Refused, "wrong_proof");
        Assert.False(node.Network.IsConnected(impostor));
        Assert.Empty(node.Receiver.Events);
    }

    /// <summary>The caller's own hello, sent back to its own port: it calls somebody else.</summary>
    [Fact]
    public async Task A_hello_reflected_to_its_sender_is_refused()
    {
        await using var node = await TestNode.StartAsync();
        using var peer = await HostilePeer.ConnectAsync(node.Port, node.Self);

        await peer.SendAsync(1, peer.HelloTo(new Incarnation(Guid.NewGuid())));

        Assert.Equal(RefusalReason.OtherIncarnation, Refusal.Parser.ParseFrom(await peer.ReceiveAsync(5)).Reason);
    }

    [Fact]
    public async Task A_refusal_says_its_reason_and_nothing_else()
    {
        await using var node = await TestNode.StartAsync();
        using var peer = await HostilePeer.ConnectAsync(node.Port);
        var hello = peer.HelloTo(node.Self);
        hello.ClusterName = "other";

        await peer.SendAsync(1, hello);

        Assert.Equal(new byte[] { 0x08, 0x02 }, await peer.ReceiveAsync(5));
    }

    [Fact]
    public async Task A_half_open_handshake_is_closed_at_its_deadline()
    {
        await using var node = await TestNode.StartAsync(options => options.HandshakeTimeout = TimeSpan.FromMilliseconds(300));
        using var mute = await HostilePeer.ConnectAsync(node.Port);
        using var slow = await HostilePeer.ConnectAsync(node.Port);
        await slow.SendRawAsync([40, 0, 0]);
        using var unproven = await HostilePeer.ConnectAsync(node.Port);
        await unproven.SendAsync(1, unproven.HelloTo(node.Self));
        await unproven.ReceiveAsync(2);

        await mute.ShouldBeClosedAsync();
        await slow.ShouldBeClosedAsync();
        await unproven.ShouldBeClosedAsync();

        await Eventually.TrueAsync(() => node.Counted(Refused, "timeout") == 3, "the three timeouts were not counted");
    }

    [Theory]
    [InlineData(0x10)]
    [InlineData(0x06)]
    [InlineData(0x03)]
    public async Task Nothing_but_a_hello_opens_a_connection(byte type)
    {
        await using var node = await TestNode.StartAsync();
        using var peer = await HostilePeer.ConnectAsync(node.Port);

        await peer.SendAsync(type, new byte[32]);

        await peer.ShouldBeClosedAsync();
        await node.ShouldCountAsync(Broken, "unexpected_type");
        Assert.Empty(node.Receiver.Frames);
    }

    [Fact]
    public async Task A_frame_of_the_handshake_has_a_bound_of_its_own()
    {
        await using var node = await TestNode.StartAsync();
        using var peer = await HostilePeer.ConnectAsync(node.Port);

        await peer.SendAsync(1, new byte[4097 - 13]);

        await peer.ShouldBeClosedAsync();
        await node.ShouldCountAsync(Broken, "length_too_large");
    }

    public static TheoryData<string> BadHellos => ["garbage", "nonce", "from", "to", "name"];

    [Theory]
    [MemberData(nameof(BadHellos))]
    public async Task A_malformed_hello_closes_the_connection(string bad)
    {
        await using var node = await TestNode.StartAsync();
        using var peer = await HostilePeer.ConnectAsync(node.Port);
        var hello = peer.HelloTo(node.Self);
        switch (bad)
        {
            case "nonce":
                hello.Nonce = ByteString.CopyFrom(new byte[31]);
                break;
            case "from":
                hello.FromIncarnation = ByteString.Empty;
                break;
            case "to":
                hello.ToIncarnation = ByteString.CopyFrom(new byte[17]);
                break;
            case "name":
                hello.ClusterName = new string('x', 256);
                break;
        }

        await peer.SendAsync(1, bad == "garbage" ? [0xFF, 0xFF, 0xFF] : hello.ToByteArray());

        await peer.ShouldBeClosedAsync();
        await node.ShouldCountAsync(Broken, "malformed_payload");
    }
}
