using System.Buffers;
using System.IO.Pipelines;
using AkkaScale.LegacyCluster.Transport.Control;
using Google.Protobuf;

namespace AkkaScale.LegacyCluster.Transport.Handshake;

/// <summary>
/// Runs the two machines over a connection. Frames of the handshake have a bound of their own; the parser is handed on to
/// the connection afterwards, so the sequence goes on and no byte received early is lost.
/// </summary>
internal sealed class HandshakeChannel(IDuplexPipe pipe)
{
    public const int MaxFrameBytes = 4 * 1024;

    public FrameParser Parser { get; } = new(MaxFrameBytes);

    /// <summary>The sequence number of the next frame sent.</summary>
    public ulong NextSequence { get; private set; }

    /// <summary>The connecting side from Hello to Welcome.</summary>
    public async Task<HandshakeResult> DialAsync(DialerHandshake machine, CancellationToken deadline)
    {
        await SendAsync(FrameType.Hello, machine.Hello(), deadline).ConfigureAwait(false);
        var (challenge, ended) = await ReceiveAsync(FrameType.Challenge, deadline).ConfigureAwait(false);
        if (ended is not null)
        {
            return ended;
        }

        if (machine.OnChallenge(challenge, out var result) is not { } proof)
        {
            return result!;
        }

        await SendAsync(FrameType.Proof, proof, deadline).ConfigureAwait(false);
        (var welcome, ended) = await ReceiveAsync(FrameType.Welcome, deadline).ConfigureAwait(false);
        return ended ?? machine.OnWelcome(welcome);
    }

    /// <summary>The accepting side up to the welcome, which the caller sends when it is ready for frames.</summary>
    public async Task<(HandshakeResult Result, Welcome? Welcome)> AcceptAsync(ListenerHandshake machine, CancellationToken deadline)
    {
        var (hello, ended) = await ReceiveAsync(FrameType.Hello, deadline).ConfigureAwait(false);
        if (ended is not null)
        {
            return (ended, null);
        }

        if (machine.OnHello(hello, out var result) is not { } challenge)
        {
            return (result!, null);
        }

        await SendAsync(FrameType.Challenge, challenge, deadline).ConfigureAwait(false);
        (var proof, ended) = await ReceiveAsync(FrameType.Proof, deadline).ConfigureAwait(false);
        return ended is not null ? (ended, null) : (machine.OnProof(proof, out var welcome), welcome);
    }

    public async Task SendAsync(FrameType type, IMessage message, CancellationToken deadline)
    {
        var length = FrameHeader.Size + message.CalculateSize();
        var frame = pipe.Output.GetSpan(length)[..length];
        new FrameHeader((uint)length, type, NextSequence++).Write(frame);
        message.WriteTo(frame[FrameHeader.Size..]);
        pipe.Output.Advance(length);
        await pipe.Output.FlushAsync(deadline).ConfigureAwait(false);
    }

    private async Task<(ReadOnlySequence<byte> Payload, HandshakeResult? Ended)> ReceiveAsync(FrameType expected, CancellationToken deadline)
    {
        while (true)
        {
            var read = await pipe.Input.ReadAsync(deadline).ConfigureAwait(false);
            var buffer = read.Buffer;
            if (Parser.TryRead(ref buffer, out var type, out var payload, out var error))
            {
                // The copy is bounded by the handshake's own frame size.
                payload = new ReadOnlySequence<byte>(payload.ToArray());
                pipe.Input.AdvanceTo(buffer.Start);
                return (payload, type == expected ? null : Unexpected(type, expected, payload));
            }

            var rest = buffer.Length;
            pipe.Input.AdvanceTo(buffer.Start, buffer.End);
            if (error != ProtocolError.None)
            {
                return (default, new HandshakeResult.Broken(error));
            }

            if (read.IsCompleted || read.IsCanceled)
            {
                return (default, rest == 0 ? new HandshakeResult.Abandoned() : new HandshakeResult.Broken(ProtocolError.Truncated));
            }
        }
    }

    private static HandshakeResult Unexpected(FrameType type, FrameType expected, ReadOnlySequence<byte> payload) =>
        type == FrameType.Refusal && expected is FrameType.Challenge or FrameType.Welcome
            ? DialerHandshake.OnRefusal(payload)
            : new HandshakeResult.Broken(ProtocolError.UnexpectedType);
}
