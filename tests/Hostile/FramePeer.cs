using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;
using AkkaScale.LegacyCluster.Transport.Control;
using AkkaScale.LegacyCluster.Transport.Handshake;
using Google.Protobuf;

namespace AkkaScale.Tests.Hostile;

/// <summary>
/// A socket on a cluster port. It does the real handshake, with the production code, as far as a test wants it, and sends whatever bytes a test wants afterwards.
/// </summary>
internal sealed class FramePeer : IDisposable
{
    /// <summary>Transport:HandshakeTimeout is 2 s; the rest is for a busy machine.</summary>
    public static readonly TimeSpan CloseBound = TimeSpan.FromSeconds(15);

    private readonly Socket _socket;
    private ulong _sent;

    private FramePeer(Socket socket, Incarnation self) => (_socket, Self) = (socket, self);

    public Incarnation Self { get; }

    public static async Task<FramePeer> ConnectAsync(int port, Incarnation? self = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new FramePeer(socket, self ?? new Incarnation(Guid.NewGuid()));
    }

    /// <summary>An attacker who knows the secret.</summary>
    public static async Task<FramePeer> AuthenticatedAsync(int port, Incarnation node, Incarnation? self = null)
    {
        var peer = await ConnectAsync(port, self);
        var (result, _, _) = await peer.ShakeHandsAsync(node);
        Assert.IsType<HandshakeResult.Authenticated>(result);
        return peer;
    }

    /// <summary>The handshake to its end, welcome or refusal. Hello and proof come back too, for a replay.</summary>
    public async Task<(HandshakeResult? Result, Hello Hello, Proof? Proof)> ShakeHandsAsync(
        Incarnation node, string secret = Arena.Secret, string cluster = Arena.ClusterName)
    {
        var machine = new DialerHandshake(new HandshakeIdentity(Self, cluster, secret), node, HandshakeTranscript.NewNonce());
        var hello = machine.Hello();
        await SendAsync(FrameType.Hello, hello);
        var (type, payload) = await ReceiveAsync();
        if (type == FrameType.Refusal)
        {
            return (DialerHandshake.OnRefusal(payload), hello, null);
        }

        Assert.Equal(FrameType.Challenge, type);
        var proof = machine.OnChallenge(payload, out var ended);
        if (proof is null)
        {
            return (ended, hello, null);
        }

        await SendAsync(FrameType.Proof, proof);
        (type, payload) = await ReceiveAsync();
        return (type == FrameType.Welcome ? machine.OnWelcome(payload) : DialerHandshake.OnRefusal(payload), hello, proof);
    }

    public Task SendAsync(FrameType type, IMessage message) => SendAsync(type, message.ToByteArray());

    public Task SendAsync(FrameType type, ReadOnlySpan<byte> payload) => SendRawAsync(Frame(type, _sent++, payload));

    /// <summary>The next frame of this connection, to be changed and sent raw.</summary>
    public byte[] NextFrame(FrameType type, ReadOnlySpan<byte> payload) => Frame(type, _sent++, payload);

    /// <summary>False: the other side has closed.</summary>
    public async Task<bool> SendRawAsync(byte[] bytes)
    {
        try
        {
            await _socket.SendAsync(bytes);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    public static byte[] Frame(FrameType type, ulong sequence, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[FrameHeader.Size + payload.Length];
        new FrameHeader((uint)frame.Length, type, sequence).Write(frame);
        payload.CopyTo(frame.AsSpan(FrameHeader.Size));
        return frame;
    }

    /// <summary>The next frame that is no ping.</summary>
    public async Task<(FrameType Type, ReadOnlySequence<byte> Payload)> ReceiveAsync()
    {
        while (true)
        {
            var header = await ReadAsync(FrameHeader.Size);
            var payload = await ReadAsync((int)BinaryPrimitives.ReadUInt32LittleEndian(header) - FrameHeader.Size);
            if ((FrameType)header[FrameHeader.TypeOffset] is not (FrameType.Ping or FrameType.Pong) and var type)
            {
                return (type, new ReadOnlySequence<byte>(payload));
            }
        }
    }

    /// <summary>What has arrived by now, thrown away.</summary>
    public void Drain()
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (_socket.Available > 0 && _socket.Receive(buffer) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // reset: the next send will tell
        }
    }

    /// <summary>The other side has ended the connection, as far as can be seen without waiting.</summary>
    public bool IsClosed
    {
        get
        {
            try
            {
                return _socket.Poll(0, SelectMode.SelectRead) && _socket.Available == 0;
            }
            catch (SocketException)
            {
                return true;
            }
        }
    }

    /// <summary>The node closes the connection; it may say a few words before.</summary>
    public async Task ShouldBeClosedAsync(string what, TimeSpan? within = null)
    {
        using var bound = new CancellationTokenSource(within ?? CloseBound);
        var buffer = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(buffer, bound.Token) > 0)
            {
            }
        }
        catch (SocketException)
        {
            // reset: closed all the same
        }
        catch (OperationCanceledException)
        {
            Assert.Fail($"the connection was still open {(within ?? CloseBound).TotalSeconds:0} s after {what}");
        }
    }

    public void FinishSending() => _socket.Shutdown(SocketShutdown.Send);

    public void Dispose()
    {
        _socket.LingerState = new LingerOption(enable: true, seconds: 0); // no port waits for the rest of the minute
        _socket.Dispose();
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        using var limit = new CancellationTokenSource(CloseBound);
        var bytes = new byte[count];
        for (var read = 0; read < count;)
        {
            var more = await _socket.ReceiveAsync(bytes.AsMemory(read), limit.Token);
            Assert.True(more > 0, "the connection was closed where a frame was expected");
            read += more;
        }

        return bytes;
    }
}
