using System.Buffers;
using AkkaScale.LegacyCluster.Membership;

namespace AkkaScale.LegacyCluster.Transport;

/// <summary>Writes a payload; called under the connection's write lock, must not block.</summary>
public delegate void PayloadWriter<in TState>(IBufferWriter<byte> output, TState state);

/// <summary>
/// Frames between members: one outgoing multiplexed connection to each peer, reconnected with backoff. Delivery is at most
/// once and in order per connection; a frame that was accepted may still be lost with its connection.
/// </summary>
public interface IPeerNetwork
{
    /// <summary>
    /// Queues a frame on the outgoing connection to <paramref name="peer"/>. False: not connected, or the connection's unsent bytes are at their
    /// bound; then nothing was or will be sent.
    /// </summary>
    bool TrySend<TState>(Incarnation peer, FrameType type, TState state, PayloadWriter<TState> write);

    /// <summary>Whether an authenticated outgoing connection to the peer stands right now.</summary>
    bool IsConnected(Incarnation peer);

    /// <summary>Whether authenticated connections stand right now in both directions: each side asks on its own and answers on the other's.</summary>
    bool IsReachable(Incarnation peer);

    /// <summary>The members to be connected to; self is skipped. Connections to others are closed.</summary>
    void UpdatePeers(IReadOnlyCollection<MemberSnapshot> members);
}

/// <summary>One authenticated connection on which a frame arrived: the way back.</summary>
public interface IPeerConnection
{
    Incarnation Peer { get; }

    /// <summary>As <see cref="IPeerNetwork.TrySend"/>, but on this very connection.</summary>
    bool TrySend<TState>(FrameType type, TState state, PayloadWriter<TState> write);
}

/// <summary>Receives frames of type 0x10 and above. Calls for one connection are sequential; they must not block.</summary>
public interface IFrameReceiver
{
    /// <summary>
    /// The payload is only valid during the call. Throwing <see cref="FrameFormatException"/> closes the connection and counts it as a protocol error.
    /// </summary>
    void OnFrame(IPeerConnection from, FrameType type, ReadOnlySequence<byte> payload);

    /// <summary>An outgoing connection to this peer is gone: answers to what was sent on it will not come.</summary>
    void OnDisconnected(Incarnation peer);

    /// <summary>An outgoing connection to this peer was authenticated.</summary>
    void OnConnected(Incarnation peer);
}

/// <summary>A payload that does not follow its format.</summary>
public sealed class FrameFormatException(string message) : Exception(message);
