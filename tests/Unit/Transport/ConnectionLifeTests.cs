using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacyCluster.Transport.Control;
using AkkaScale.TestKit;
using Google.Protobuf;
using Xunit;

namespace AkkaScale.Tests.Unit.Transport;

public sealed class ConnectionLifeTests
{
    [Fact]
    public async Task A_lost_connection_is_made_again_and_told_once_each_time()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await using var node = await TestNode.StartAsync();
        var peer = new Incarnation(Guid.NewGuid());
        node.Network.UpdatePeers([TestNode.MemberAt(peer, $"127.0.0.1:{((IPEndPoint)listener.LocalEndPoint!).Port}")]);

        for (var round = 1; round <= 3; round++)
        {
            using var accepted = await AcceptAsync(listener);
            await Eventually.TrueAsync(() => node.Network.IsConnected(peer), "it did not connect");
            Assert.True(node.Network.TrySend(peer, FrameType.Ask, $"round {round}", Payload.Text));
            Assert.Equal($"round {round}", Encoding.UTF8.GetString(await accepted.ReceiveAsync(0x10)));

            accepted.Reset();

            var raised = round * 2;
            await Eventually.TrueAsync(() => node.Receiver.Events.Count >= raised, "the loss was not told");
        }

        // It may have connected a fourth time by now.
        Assert.Equal(
            Enumerable.Repeat(new[] { $"connected {peer}", $"disconnected {peer}" }, 3).SelectMany(pair => pair),
            node.Receiver.Events.Take(6));
    }

    [Fact]
    public async Task A_member_that_starts_late_is_reached_in_the_end()
    {
        await using var left = await TestNode.StartAsync();
        var right = await TestNode.StartAsync();
        var port = right.Port;
        await right.DisposeAsync();
        var peer = new Incarnation(Guid.NewGuid());
        left.Network.UpdatePeers([TestNode.MemberAt(peer, $"localhost:{port}")]);
        await Eventually.TrueAsync(() => left.Log.Lines.Any(line => line.Contains("cannot be reached")), "the failure was not logged");

        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        listener.Listen();
        using var accepted = await AcceptAsync(listener);

        await Eventually.TrueAsync(() => left.Network.IsConnected(peer), "it did not connect");
        Assert.Single(left.Log.Lines, line => line.Contains("cannot be reached"));
    }

    [Fact]
    public async Task A_peer_that_is_no_longer_a_member_is_disconnected()
    {
        await using var left = await TestNode.StartAsync();
        await using var right = await TestNode.StartAsync();
        await left.ConnectToAsync(right);

        left.Network.UpdatePeers([left.Member()]);

        Assert.False(left.Network.IsConnected(right.Self));
        await Eventually.TrueAsync(() => left.Receiver.Events.Contains($"disconnected {right.Self}"), "the loss was not told");
        await left.ConnectToAsync(right);
        await Eventually.TrueAsync(
            () => left.Receiver.Events.SequenceEqual([$"connected {right.Self}", $"disconnected {right.Self}", $"connected {right.Self}"]),
            "the return was not told");
    }

    [Fact]
    public async Task A_member_does_not_connect_to_itself_or_to_the_dead()
    {
        await using var left = await TestNode.StartAsync();
        await using var dead = await TestNode.StartAsync();
        await using var right = await TestNode.StartAsync();

        left.Network.UpdatePeers([left.Member(), dead.Member(MemberStatus.Dead), right.Member(MemberStatus.Leaving)]);

        await Eventually.TrueAsync(() => left.Network.IsConnected(right.Self), "the live one was not connected to");
        Assert.Equal([$"connected {right.Self}"], left.Receiver.Events);
        Assert.Equal(0, left.Counted("akkascale.transport.connections", "in"));
    }

    [Fact]
    public async Task A_newer_connection_replaces_the_old_one_and_drops_its_unread_frames_first()
    {
        await using var node = await TestNode.StartAsync();
        using var entered = new SemaphoreSlim(0);
        using var goOn = new ManualResetEventSlim();
        var texts = new ConcurrentQueue<string>();
        node.Receiver.WhenFrame = (_, _, payload) =>
        {
            var text = Encoding.UTF8.GetString(payload);
            texts.Enqueue(text);
            if (text == "old 1")
            {
                entered.Release();
                goOn.Wait();
                texts.Enqueue("old 1 done");
            }
        };
        using var old = await HostilePeer.AuthenticatedAsync(node);
        await old.SendRawAsync([
            .. HostilePeer.Frame(0x10, 2, "old 1"u8.ToArray()),
            .. HostilePeer.Frame(0x10, 3, "old 2"u8.ToArray()),
        ]);
        Assert.True(await entered.WaitAsync(TimeSpan.FromSeconds(30)));

        var connecting = HostilePeer.AuthenticatedAsync(node, old.Incarnation);
        await old.ShouldBeClosedAsync();
        Assert.False(connecting.IsCompleted);
        goOn.Set();
        using var renewed = await connecting;
        await renewed.SendAsync(0x10, "new 1"u8.ToArray());

        await Eventually.TrueAsync(() => texts.Contains("new 1"), "the frame of the new connection did not arrive");
        Assert.Equal(["old 1", "old 1 done", "new 1"], texts);
        Assert.Equal(1, node.Counted("akkascale.transport.connections", "in"));
    }

    [Fact]
    public async Task Half_open_connections_cannot_keep_members_out()
    {
        await using var node = await TestNode.StartAsync(options =>
        {
            options.MaxConnections = 3;
            options.HandshakeTimeout = TimeSpan.FromMinutes(5);
        });
        using var first = await HostilePeer.ConnectAsync(node.Port);
        using var second = await HostilePeer.ConnectAsync(node.Port);
        using var third = await HostilePeer.ConnectAsync(node.Port);

        using var member = await HostilePeer.AuthenticatedAsync(node);

        await Task.WhenAny(first.ShouldBeClosedAsync(), second.ShouldBeClosedAsync(), third.ShouldBeClosedAsync());
        await node.ShouldCountAsync("akkascale.transport.handshakes.refused", "dropped");
        await member.SendAsync(0x10, [65]);
        await Eventually.TrueAsync(() => node.Receiver.Frames.Count == 1, "the member's frame did not arrive");
    }

    [Fact]
    public async Task Past_the_bound_a_connection_is_refused_and_the_others_stay()
    {
        await using var node = await TestNode.StartAsync(options => options.MaxConnections = 2);
        using var first = await HostilePeer.AuthenticatedAsync(node);
        using var second = await HostilePeer.AuthenticatedAsync(node);

        await HostilePeer.ShouldNotBeServedAsync(node.Port);

        await node.ShouldCountAsync("akkascale.transport.handshakes.refused", "too_many");
        await first.SendAsync(0x10, "1"u8.ToArray());
        await second.SendAsync(0x10, "2"u8.ToArray());
        await Eventually.TrueAsync(() => node.Receiver.Frames.Count == 2, "an earlier connection was lost");

        first.Reset();
        await Eventually.TrueAsync(() => node.Counted("akkascale.transport.connections", "in") == 1, "the place was not given back");
        using var fourth = await HostilePeer.AuthenticatedAsync(node);
    }

    [Fact]
    public async Task A_silent_peer_is_asked_and_then_closed()
    {
        await using var node = await TestNode.StartAsync(options => options.PingInterval = TimeSpan.FromMilliseconds(200));
        using var peer = await HostilePeer.AuthenticatedAsync(node);

        Assert.Empty(await peer.ReceiveAsync(6));
        await peer.ShouldBeClosedAsync();

        await Eventually.TrueAsync(() => node.Log.Lines.Any(line => line.Contains("Silent")), "the reason is not in the log");
    }

    [Fact]
    public async Task An_idle_connection_lives_on_its_pings()
    {
        await using var left = await TestNode.StartAsync(options => options.PingInterval = TimeSpan.FromMilliseconds(400));
        await using var right = await TestNode.StartAsync(options => options.PingInterval = TimeSpan.FromMilliseconds(400));
        await left.ConnectToAsync(right);

        // Well over three intervals' worth of pings, none of which the receivers see.
        await Eventually.TrueAsync(() => left.Counted("akkascale.transport.frames", "in") >= 8, "no pings went back and forth");

        Assert.Equal([$"connected {right.Self}"], left.Receiver.Events);
        Assert.Empty(left.Receiver.Frames);
    }

    [Fact]
    public async Task A_port_without_an_incarnation_closes_what_it_accepts_and_serves_the_next_one()
    {
        await using var port = await ClusterPort.StartAsync();
        await using var first = port.NewNetwork();
        port.Handler.Attach(first);
        using (var peer = await HostilePeer.ConnectAsync(port.Port))
        {
            await peer.SendAsync(1, peer.HelloTo(first.Self));
            await peer.ReceiveAsync(2);
        }

        port.Handler.Detach(first);
        await first.DisposeAsync();
        await HostilePeer.ShouldNotBeServedAsync(port.Port);

        await using var second = port.NewNetwork();
        port.Handler.Attach(second);
        port.Handler.Detach(first);
        using var last = await HostilePeer.ConnectAsync(port.Port);
        await last.SendAsync(1, last.HelloTo(second.Self));
        await last.ReceiveAsync(2);
    }

    [Fact]
    public async Task A_stop_ends_with_every_connection_closed_and_every_loss_told()
    {
        var left = await TestNode.StartAsync();
        await using var right = await TestNode.StartAsync();
        await left.ConnectToAsync(right);
        await right.ConnectToAsync(left);
        using var stranger = await HostilePeer.ConnectAsync(left.Port);

        await left.Network.DisposeAsync();

        Assert.Equal([$"connected {right.Self}", $"disconnected {right.Self}"], left.Receiver.Events);
        Assert.False(left.Network.TrySend(right.Self, FrameType.Ask, "", Payload.Text));
        Assert.Equal(0, left.Counted("akkascale.transport.connections", "in"));
        Assert.Equal(0, left.Counted("akkascale.transport.connections", "out"));
        await stranger.ShouldBeClosedAsync();
        await left.DisposeAsync();
    }

    /// <summary>The listener's side of the handshake, by hand.</summary>
    private static async Task<HostilePeer> AcceptAsync(Socket listener)
    {
        var accepted = HostilePeer.Over(await listener.AcceptAsync().WaitAsync(TimeSpan.FromSeconds(30)));
        var hello = Hello.Parser.ParseFrom(await accepted.ReceiveAsync(1));
        var challenge = new Challenge { Nonce = ByteString.CopyFrom(new byte[32]) };
        await accepted.SendAsync(2, challenge);
        Assert.Equal(HostilePeer.Mac(1, hello, challenge, TestNode.Secret), Proof.Parser.ParseFrom(await accepted.ReceiveAsync(3)).Mac.ToByteArray());
        await accepted.SendAsync(4, new Welcome { Mac = ByteString.CopyFrom(HostilePeer.Mac(2, hello, challenge, TestNode.Secret)) });
        return accepted;
    }
}
