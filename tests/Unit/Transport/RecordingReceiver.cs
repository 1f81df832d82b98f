using System.Buffers;
using System.Collections.Concurrent;
using System.Text;
using AkkaScale.LegacyCluster.Membership;
using AkkaScale.LegacyCluster.Transport;

namespace AkkaScale.Tests.Unit.Transport;

/// <summary>Keeps what it is given; what a frame does further is up to the test.</summary>
internal sealed class RecordingReceiver : IFrameReceiver
{
    public ConcurrentQueue<(Incarnation From, FrameType Type, string Text)> Frames { get; } = [];

    public ConcurrentQueue<string> Events { get; } = [];

    public Action<IPeerConnection, FrameType, ReadOnlySequence<byte>>? WhenFrame { get; set; }

    public void OnFrame(IPeerConnection from, FrameType type, ReadOnlySequence<byte> payload)
    {
        if (WhenFrame is { } react)
        {
            react(from, type, payload);
            return;
        }

        Frames.Enqueue((from.Peer, type, Encoding.UTF8.GetString(payload)));
    }

    public void OnConnected(Incarnation peer) => Events.Enqueue($"connected {peer}");

    public void OnDisconnected(Incarnation peer) => Events.Enqueue($"disconnected {peer}");
}
