using AkkaScale.Cluster.Transport;
using AkkaScale.TestKit;
using Xunit;

namespace AkkaScale.Tests.Unit.Transport;

/// <summary>A node of another version sends frames that this one does not have.</summary>
public sealed class NotUnderstoodTests
{
    private const byte Strange = 0xEE;

    [Fact]
    public async Task An_unknown_type_is_answered_by_name_once_and_the_connection_stands()
    {
        await using var node = await StartAsync();
        using var peer = await HostilePeer.AuthenticatedAsync(node, maxVersion: 2);

        await peer.SendAsync(Strange, [1, 2, 3]);
        await peer.SendAsync(Strange, []);
        await peer.SendAsync(0x10, [1]);

        var answer = await peer.ReceiveAsync(0x08);
        Assert.Equal(Strange, Assert.Single(answer));
        await peer.SendAsync(0x06, []);
        await peer.ReceiveAsync(0x07); // nothing but the answer to the ping follows
        Assert.Single(node.Log.Lines, line => line.Contains("0xEE", StringComparison.Ordinal));
        Assert.Equal(0, node.Counted("akkascale.transport.protocol_errors"));
    }

    [Fact]
    public async Task A_peer_of_the_first_version_would_not_understand_the_answer_so_its_connection_is_closed()
    {
        await using var node = await StartAsync();
        using var peer = await HostilePeer.AuthenticatedAsync(node, maxVersion: 1);

        await peer.SendAsync(Strange, []);

        await peer.ShouldBeClosedAsync();
        await node.ShouldCountAsync("akkascale.transport.protocol_errors", "unknown_type");
    }

    [Fact]
    public async Task Both_sides_say_which_node_of_which_version_does_not_understand()
    {
        await using var sender = await TestNode.StartAsync();
        await using var receiver = await StartAsync();
        await sender.ConnectToAsync(receiver);
        receiver.Network.UpdatePeers([sender.Member(), receiver.Member()]);

        Assert.True(sender.Network.TrySend(receiver.Self, (FrameType)Strange, 0, static (_, _) => { }));
        await Eventually.TrueAsync(() => sender.Receiver.Events.Contains($"not understood {Strange:X2} {receiver.Self}"), "the sender was not told");

        Assert.Contains(sender.Log.Lines, line => line.Contains("0xEE from node (version 1) are not understood by node (version 1)", StringComparison.Ordinal));
        Assert.Contains(receiver.Log.Lines, line => line.Contains("0xEE from node (version 1) are not understood by node (version 1)", StringComparison.Ordinal));
        Assert.True(sender.Network.IsConnected(receiver.Self));
    }

    [Theory]
    [InlineData(new byte[] { })]
    [InlineData(new byte[] { 0x10, 0x11 })]
    [InlineData(new byte[] { 0x06 })]
    public async Task A_malformed_answer_closes_the_connection(byte[] payload)
    {
        await using var node = await StartAsync();
        using var peer = await HostilePeer.AuthenticatedAsync(node, maxVersion: 2);

        await peer.SendAsync(0x08, payload);

        await peer.ShouldBeClosedAsync();
        await node.ShouldCountAsync("akkascale.transport.protocol_errors", "malformed_payload");
    }

    /// <summary>A node that has the types of the enumeration and no others.</summary>
    private static async Task<TestNode> StartAsync()
    {
        var node = await TestNode.StartAsync();
        node.Receiver.WhenFrame = static (_, type, _) =>
        {
            if (!Enum.IsDefined(type))
            {
                throw new FrameNotUnderstoodException(type);
            }
        };
        return node;
    }
}
