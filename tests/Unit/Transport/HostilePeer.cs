using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport.Control;
using Google.Protobuf;
using Xunit;

namespace AkkaScale.Tests.Unit.Transport;

/// <summary>
/// A peer made of a bare socket. It writes headers and codes by hand, from the description of the protocol and not with
/// the code under test, so that a change of either side alone is seen.
/// </summary>
internal sealed class HostilePeer : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private ulong _sent;

    private HostilePeer(Socket socket) => _socket = socket;

    public Incarnation Incarnation { get; init; } = new(Guid.NewGuid());

    public static async Task<HostilePeer> ConnectAsync(int port, Incarnation? incarnation = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new HostilePeer(socket) { Incarnation = incarnation ?? new(Guid.NewGuid()) };
    }

    /// <summary>Expects that a connection is closed at accept, which may be seen as early as while connecting.</summary>
    public static async Task ShouldNotBeServedAsync(int port)
    {
        try
        {
            using var peer = await ConnectAsync(port);
            await peer.ShouldBeClosedAsync();
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.ConnectionReset)
        {
        }
    }

    public static HostilePeer Over(Socket accepted) => new(accepted);

    public static async Task<HostilePeer> AuthenticatedAsync(TestNode node, Incarnation? incarnation = null)
    {
        var peer = await ConnectAsync(node.Port, incarnation);
        var hello = peer.HelloTo(node.Self);
        await peer.SendAsync(1, hello);
        var challenge = Challenge.Parser.ParseFrom(await peer.ReceiveAsync(2));
        await peer.SendAsync(3, new Proof { Mac = ByteString.CopyFrom(Mac(1, hello, challenge, TestNode.Secret)) });
        await peer.ReceiveAsync(4);
        return peer;
    }

    public Hello HelloTo(Incarnation listener) => new()
    {
        Version = 1,
        ClusterName = TestNode.ClusterName,
        FromIncarnation = ByteString.CopyFrom(Incarnation.Value.ToByteArray(bigEndian: true)),
        ToIncarnation = ByteString.CopyFrom(listener.Value.ToByteArray(bigEndian: true)),
        Nonce = ByteString.CopyFrom(RandomNumberGenerator.GetBytes(32)),
    };

    /// <param name="direction">1: the dialer's code, 2: the listener's.</param>
    public static byte[] Mac(byte direction, Hello hello, Challenge challenge, string secret)
    {
        using var message = new MemoryStream();
        using var writer = new BinaryWriter(message);
        writer.Write("AkkaScale transport handshake"u8);
        writer.Write(direction);
        writer.Write(hello.Version);
        writer.Write(hello.FromIncarnation.Span);
        writer.Write(hello.ToIncarnation.Span);
        writer.Write(hello.Nonce.Span);
        writer.Write(challenge.Nonce.Span);
        writer.Write(Encoding.UTF8.GetByteCount(hello.ClusterName));
        writer.Write(Encoding.UTF8.GetBytes(hello.ClusterName));
        return HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), message.ToArray());
    }

    public Task SendAsync(byte type, IMessage message) => SendAsync(type, message.ToByteArray());

    public Task SendAsync(byte type, byte[] payload) => SendRawAsync(Frame(type, _sent++, payload));

    public async Task SendRawAsync(byte[] bytes) => await _socket.SendAsync(bytes);

    public static byte[] Frame(byte type, ulong sequence, byte[] payload) =>
        [.. BitConverter.GetBytes(13 + payload.Length), type, .. BitConverter.GetBytes(sequence), .. payload];

    /// <summary>The payload of the next frame that is no ping or pong, which must have this type.</summary>
    public async Task<byte[]> ReceiveAsync(byte expectedType)
    {
        while (true)
        {
            var (type, payload) = await ReceiveAnyAsync();
            if (type is 6 or 7 && expectedType is not (6 or 7))
            {
                continue;
            }

            Assert.Equal(expectedType, type);
            return payload;
        }
    }

    public async Task ShouldBeClosedAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var buffer = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(buffer, limit.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
        }
        catch (OperationCanceledException)
        {
            Assert.Fail("The connection was not closed.");
        }
    }

    /// <summary>Closes the sending half only.</summary>
    public void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends the connection by a reset, as a killed process behind a firewall would look at best.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _socket.Close();
    }

    public void Dispose() => _socket.Dispose();

    private async Task<(byte Type, byte[] Payload)> ReceiveAnyAsync()
    {
        var header = await ReadAsync(13);
        return (header[4], await ReadAsync(BitConverter.ToInt32(header) - 13));
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        using var limit = new CancellationTokenSource(Limit);
        var bytes = new byte[count];
        var read = 0;
        while (read < count)
        {
            var more = await _socket.ReceiveAsync(bytes.AsMemory(read), limit.Token);
            Assert.True(more > 0, "The connection was closed where a frame was expected.");
            read += more;
        }

        return bytes;
    }
}
